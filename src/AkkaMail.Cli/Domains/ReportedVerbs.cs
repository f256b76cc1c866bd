using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail domains dmarc|tls DOMAIN</c>: what receivers report.</summary>
internal static class ReportedVerbs
{
    private static readonly Field[] DmarcColumns =
    [
        Field.Text("day"), Field.Text("source_ip", "Source"), Field.Text("source", "Ours"), Field.Number("mails"),
        Part("passed", "Pass", "mails"), Part("dkim_aligned", "DKIM", "mails"), Part("spf_aligned", "SPF", "mails"),
        Field.Number("quarantined", "Quar.").Extra(), Field.Number("rejected", "Rej.").Extra(),
        Field.Many("authenticated_as", "As"), Field.Many("reporters", "Reported by").Extra(),
    ];

    private static readonly Field[] TlsColumns =
    [
        Field.Text("day"), Field.Number("sessions"), Part("sessions", "Share", "all"), Field.Text("result"),
        Field.Text("policy_type", "Policy"), Field.Text("policy_domain", "Of").Cut(),
        Field.Text("mx_host", "Host").Cut(), Field.Text("reporter", "Reported by").Cut(),
    ];

    public static Verb Dmarc() => Table(
        "dmarc", "Who sends as a domain, by source and day, as DMARC reports say.", DmarcColumns,
        day => day.Rows("sources").Select(s => With(s, ("day", day["day"]))));

    public static Verb Tls() => Table(
        "tls", "How encrypted sessions towards a domain's hosts went, by reporter and day, as TLS reports say.",
        TlsColumns,
        day => day.Rows("reporters").SelectMany(r => r.Rows("results").Select(t => With(t, ("day", day["day"]),
            ("reporter", r["reporter"]), ("all", (r.Number("successful") ?? 0) + (r.Number("failed") ?? 0))))));

    private static Verb Table(
        string kind, string says, Field[] columns, Func<JsonNode, IEnumerable<JsonNode>> rows)
    {
        var domain = new Argument<string>("domain") { Description = "The domain, as in example.com" };
        var since = new Option<string?>("--since")
        {
            Description = "First UTC day, as 2026-11-24, or 7d ago. Default: 30d",
        };
        var until = new Option<string?>("--until") { Description = "Last UTC day. Default: today" };
        var limit = new Option<string?>("--limit") { Description = "Rows per day. Default: 50" };
        return new Verb(kind, says, async call =>
        {
            string? Day(Option<string?> option) => call.Get(option) is not { } text ? null
                : Moments.Span(text) is null ? text : Moments.Read(text, call.Now)[..10];
            var answer = await call.Look($"v1/domains/{call.Part(domain)}/{kind}",
                ("from", Day(since)), ("to", Day(until)), ("limit", call.Get(limit)));
            if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
            else call.Print.Rows([.. answer.Json.Rows("days").SelectMany(rows)], columns, "reports");
            return ExitCode.Done;
        })
        { OfTenant = true, Prints = columns }.With(domain, since, until, limit);
    }

    private static Field Part(string part, string title, string all) => Field.Share(
        part == "sessions" ? "share" : part, title,
        row => row.Number(all) is { } whole and > 0 ? (row.Number(part) ?? 0) / whole : null);

    private static JsonObject With(JsonNode row, params (string Name, JsonNode? Value)[] more)
    {
        var whole = row.DeepClone().AsObject();
        foreach (var (name, value) in more) whole[name] = value?.DeepClone();
        return whole;
    }
}
