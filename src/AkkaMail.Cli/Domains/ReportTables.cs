using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail domains dmarc|tls DOMAIN</c>: what receivers report.</summary>
internal static class ReportTables
{
    public static Command Dmarc(SharedOptions shared, Terminal terminal) => Table(shared, terminal, "dmarc",
        "Who sends as a domain, by source and day, as DMARC reports say.",
        ["DAY", "SOURCE", "OURS", "MAILS", "PASS", "DKIM", "SPF", "QUARANTINED", "REJECTED", "AS", "REPORTED BY"],
        [3, 4, 5, 6, 7, 8],
        day => day["sources"]!.AsArray().Select(s => (string?[])
        [
            day.Text("day"), s.Text("source_ip"), s.Text("source") ?? "-", s.Text("mails"), Share(s, "passed", "mails"),
            Share(s, "dkim_aligned", "mails"), Share(s, "spf_aligned", "mails"), s.Text("quarantined"),
            s.Text("rejected"), NotEmpty(s.Text("authenticated_as")), s.Text("reporters"),
        ]));

    public static Command Tls(SharedOptions shared, Terminal terminal) => Table(shared, terminal, "tls",
        "How encrypted sessions towards a domain's hosts went, by reporter and day, as TLS reports say.",
        ["DAY", "SESSIONS", "SHARE", "RESULT", "POLICY", "OF", "HOST", "REPORTED BY"],
        [1, 2],
        day => day["reporters"]!.AsArray().SelectMany(r => r!["results"]!.AsArray().Select(t => (string?[])
        [
            day.Text("day"), t.Text("sessions"),
            Percent(Number(t, "sessions"), Number(r, "successful") + Number(r, "failed")), t.Text("result"),
            t.Text("policy_type"), t.Text("policy_domain"), t.Text("mx_host") ?? "-", r.Text("reporter"),
        ])));

    private static Command Table(
        SharedOptions shared, Terminal terminal, string kind, string says, string[] head, int[] numbers,
        Func<JsonNode, IEnumerable<string?[]>> rows)
    {
        var domain = new Argument<string>("domain");
        var from = new Option<string?>("--from") { Description = "First UTC day, as 2026-11-24. Default: 30 days" };
        var to = new Option<string?>("--to") { Description = "Last UTC day. Default: today" };
        var limit = new Option<int?>("--limit") { Description = "Rows per day. Default: 50" };
        var command = new Command(kind, says) { domain, from, to, limit };
        command.SetAction(async (parsed, cancel) =>
        {
            (string Name, string? Value)[] asked =
            [
                ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)),
                ("limit", parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)),
            ];
            var query = string.Join('&', asked.Where(a => a.Value is not null)
                .Select(a => $"{a.Name}={Uri.EscapeDataString(a.Value!)}"));
            using var api = shared.Open(parsed);
            var path = $"v1/domains/{Uri.EscapeDataString(parsed.GetRequiredValue(domain))}/{kind}";
            var answer = await api.Json(HttpMethod.Get, query.Length > 0 ? $"{path}?{query}" : path, cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                terminal.Table([head, .. answer.Json["days"]!.AsArray().SelectMany(d => rows(d!))], numbers);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string NotEmpty(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static long Number(JsonNode? node, string name) => node?[name]?.GetValue<long>() ?? 0;

    private static string Share(JsonNode? node, string part, string all) =>
        Percent(Number(node, part), Number(node, all));

    /// <summary>Rounded down: 100 % is all of them, and one in ten thousand that fails is seen.</summary>
    private static string Percent(long part, long all) => all == 0 ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(1000m * part / all) / 10:0.#}%");
}
