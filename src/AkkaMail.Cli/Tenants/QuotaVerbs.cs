using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail tenants quota|usage</c>.</summary>
internal static class QuotaVerbs
{
    private static readonly string[] Windows = ["minute", "hour", "day", "month"];

    private static readonly Field[] UsageColumns =
    [
        Field.Text("window"), Field.Number("used"), Field.Number("limit"),
        Field.Share("share", "Share", w => w.Number("limit") is { } limit and > 0 ? w.Number("used") / limit : null),
        Field.Time("resets_at", "Resets"),
    ];

    /// <summary>As in <c>100000/month, reject</c>.</summary>
    public static string? Words(JsonNode tenant) => tenant["quota"] is not { } quota ? null
        : string.Join(", ", [.. Windows.Where(w => quota.Text(w) is not null).Select(w => $"{quota.Text(w)}/{w}"),
            quota.Text("mode")]);

    public static Verb Quota()
    {
        var name = new Argument<string>("name") { Description = "A tenant's name" };
        var limits = Windows
            .Select(w => new Option<int?>($"--{w}") { Description = $"Recipients a {w} of UTC's calendar" }).ToArray();
        var mode = new Option<string?>("--mode")
        {
            Description = "reject or schedule: what happens to mail over the quota. Default: reject",
        };
        return new Verb("quota", "Set a tenant's quota; without any limit it is removed.", async call =>
        {
            var quota = call.Body(limits);
            if (call.Get(mode) is { } word)
            {
                if (quota.Count == 0)
                    throw new UsageException("A mode needs a limit: --minute, --hour, --day or --month.");
                quota["mode"] = word;
            }
            var isRemoved = quota.Count == 0;
            var answer = await call.Order(HttpMethod.Patch, $"v1/tenants/{call.Part(name)}",
                new JsonObject { ["quota"] = isRemoved ? null : quota });
            var may = isRemoved ? "has no quota" : $"may send {Words(answer.Json)}";
            if (call.Print.IsJson) call.Print.Json(answer.Text);
            else
                call.Print.Say($"Tenant {call.Get(name)} {may}.",
                    ("name", call.Get(name)), ("state", isRemoved ? "no quota" : "quota set"));
            return ExitCode.Done;
        }).With([name, .. limits, mode]);
    }

    public static Verb Usage()
    {
        var name = new Argument<string>("name") { Description = "A tenant's name" };
        return new Verb("usage", "Show how much of its quota a tenant has used.", async call =>
        {
            var answer = await call.Look($"v1/tenants/{call.Part(name)}/usage");
            call.Print.List(answer, "windows", UsageColumns);
            return ExitCode.Done;
        })
        { Prints = UsageColumns }.With(name);
    }
}
