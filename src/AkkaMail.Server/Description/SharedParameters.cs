using System.Globalization;
using System.Text.Json.Nodes;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>The parameters that mean the same wherever they stand; what a handler says of its own goes before.</summary>
internal static class SharedParameters
{
    private const string Time = "Times are RFC 3339 with an offset, or a date: the beginning of that day in UTC.";

    private static readonly Dictionary<string, string> Texts = new()
    {
        ["limit"] = "How many entries a page has at most.",
        ["cursor"] = "`next_cursor` of the page before, with the same filters; left out, the first page. Only the list "
            + "that gave a cursor can read it.",
        ["from"] = $"From this time on, the time itself included. {Time}",
        ["to"] = $"Before this time. {Time}",
        ["domain"] = "A domain, in letters or in A-labels (`xn--…`).",
        ["tenant"] = "The name of a tenant.",
        ["stream"] = "The name of a stream.",
        ["source"] = "The name of a source, as `shaping.json` has it.",
        ["site"] = "The name of a site: a provider's, or the common part of a domain's MX hosts. `*` is a source's warm-up "
            + "with all receivers that are no provider.",
        ["note"] = "Why, for people. The audit log keeps it.",
        ["number"] = "The number of a caught mail, as the list has it.",
        ["new"] = "`true`: the order is given to a site as well that no mail has gone to yet.",
    };

    /// <summary>Null: it is no parameter that everybody knows.</summary>
    public static string? TextOf(string name) => Texts.GetValueOrDefault(name);

    /// <summary>Handlers take texts, so that what is wrong is told as any other fault: here is what they read.</summary>
    public static void Shape(string name, OpenApiSchema schema)
    {
        switch (name)
        {
            case "limit":
                (schema.Type, schema.Minimum, schema.Default) = (JsonSchemaType.Integer, "1", ListQuery.LimitDefault);
                schema.Maximum = ListQuery.LimitMax.ToString(CultureInfo.InvariantCulture);
                break;
            // An RFC 3339 time or a date: JSON Schema's date-time would refuse the latter.
            case "from" or "to" when schema.Format is null:
                schema.Examples = [JsonValue.Create("2026-11-24T14:05:00Z"), JsonValue.Create("2026-11-24")];
                break;
            case "note":
                schema.MaxLength = OrderNotes.Max;
                break;
            case "new":
                (schema.Type, schema.Default) = (JsonSchemaType.Boolean, false);
                break;
        }
    }

    public static OpenApiParameter Tenant { get; } = new()
    {
        Name = Caller.TenantHeader,
        In = ParameterLocation.Header,
        Description = "For keys that see every tenant (`admin`, `observe`): whom the request is for. Nothing of others is "
            + "seen then. Left out: of all tenants, and what is made or sent is the tenant `default`'s.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    public static OpenApiParameter RequestId { get; } = new()
    {
        Name = RequestIds.Header,
        In = ParameterLocation.Header,
        Description = "A name for the request. The answer and the server's log have it; left out, the server makes one.",
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = RequestIds.Max,
            Pattern = "^[A-Za-z0-9._-]+$",
        },
    };
}
