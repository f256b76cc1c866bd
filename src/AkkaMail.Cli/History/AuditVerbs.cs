using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;
using AkkaMail.Cli.Tenants;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail audit list</c>: who changed what, and when.</summary>
internal static class AuditVerbs
{
    private static readonly string[] Shown = ["type", "at", "number", "by", "tenant"];

    private static readonly Field[] Columns =
    [
        Field.Time("at", "When"), Field.Text("by"), Field.State("type", "What"),
        Field.Text("tenant"), Field.Text("details", of: Details).Wrap(),
    ];

    public static Command Create() => new("audit", "Who changed tenants, streams, keys and domains, and when.")
    {
        ListVerb.Of("list", "List the changes, newest first.", _ => "v1/audit", "events", Columns, ofTenant: false,
            ListVerb.Times("Changed")),
    };

    /// <summary>Whatever else the change says of itself.</summary>
    private static string Details(JsonNode e) => string.Join("; ", e.AsObject()
        .Where(f => !Shown.Contains(f.Key) && f.Value is not (null or JsonArray { Count: 0 }))
        .Select(f => $"{Field.Words(f.Key)} {(f.Key == "quota" ? QuotaVerbs.Words(e) : f.Value is JsonArray list
            ? string.Join(", ", list.Select(entry => entry.AsText())) : f.Value.AsText())}"));
}
