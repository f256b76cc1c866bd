using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Shaping;

/// <summary>
/// <c>akkamail sites explain DOMAIN</c>: its site, and the limits there with the line of each; <c>sites history
/// DOMAIN</c>: the sites it has belonged to.
/// </summary>
internal static class SitesCommand
{
    private static readonly string[] Names = ["source", "tenant", "stream"];

    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("sites", "Receivers, as sites: how domains are grouped.")
        { Explain(shared, terminal), History(shared, terminal) };

    private static Command History(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain") { Description = "A recipient's domain" };
        var command = new Command("history", "Show which sites a domain has belonged to, newest first.") { domain };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get,
                $"v1/sites/{Uri.EscapeDataString(parsed.GetRequiredValue(domain))}/history", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var change in answer.Json["changes"]!.AsArray())
                    terminal.Line(change.Text("at"), change.Text("site"), change.Text("reason"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Explain(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain") { Description = "A recipient's domain" };
        var command = new Command(
            "explain", "Show a domain's site, what each source may do there, and where that is said.") { domain };
        var narrow = Names.Select(name => new Option<string?>("--" + name) { Description = $"Of this {name}" }).ToList();
        foreach (var option in narrow) command.Options.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var query = string.Join('&', narrow.Zip(Names)
                .Select(n => (n.Second, Value: parsed.GetValue(n.First))).Where(n => n.Value is not null)
                .Select(n => $"{n.Second}={Uri.EscapeDataString(n.Value!)}"));
            var path = $"v1/sites/{Uri.EscapeDataString(parsed.GetRequiredValue(domain))}/explain";
            var answer = await api.Json(HttpMethod.Get, query.Length == 0 ? path : $"{path}?{query}", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else Write(answer.Json, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(JsonNode site, Terminal terminal)
    {
        foreach (var name in (string[])["domain", "mx_hosts", "site", "provider", "reason", "pool", "rules"])
            if (site.Text(name) is { Length: > 0 } value) terminal.Line(name, value);
        var retry = site["retry"];
        terminal.Line("retry", $"{retry.Text("first_delay")} to {retry.Text("max_delay")}", retry.Text("origin"));
        foreach (var source in site["sources"]!.AsArray())
        {
            if (source.Text("missing") == "true") terminal.Line(source.Text("source"), "address", "missing");
            foreach (var (name, limit) in source!["limits"]!.AsObject())
                terminal.Line(source.Text("source"), name, limit.Text("value"), limit.Text("origin"));
        }
    }
}
