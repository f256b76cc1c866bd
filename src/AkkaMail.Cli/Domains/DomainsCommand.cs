using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Tenants;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail domains list|add|get|zone|verify|rotate|dmarc|tls|remove</c>.</summary>
internal static class DomainsCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("domains", "Sending domains and their DNS records.")
        {
            Pages.List(shared, terminal, "domains", "List the domains: name, state, tenant, since when.", Line),
            Add(shared, terminal),
            Order(shared, terminal, "get", "A domain's records: state, type, name, value, what to do.", HttpMethod.Get,
                ""),
            Zone(shared, terminal),
            Order(shared, terminal, "verify", "Look a domain's records up now; ends with 1 while it is not verified.",
                HttpMethod.Post, "/verify", mustBe: "verified"),
            Rotate(shared, terminal),
            ReportTables.Dmarc(shared, terminal),
            ReportTables.Tls(shared, terminal),
            Remove(shared, terminal),
        };

    private static Command Add(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain");
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Whose, for a key with all rights. Default: default",
        };
        var command = new Command("add", "Add a domain, and print the records to publish.") { domain, tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject { ["domain"] = parsed.GetRequiredValue(domain) };
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            Say(await api.Json(HttpMethod.Post, "v1/domains", cancel, body.ToJsonString()), parsed, shared, terminal);
            var name = parsed.GetRequiredValue(domain);
            terminal.Error.WriteLine($"Publish these records ('akkamail domains zone {name}' has them as lines of a zone file), "
                + $"then: akkamail domains verify {name}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Order(
        SharedOptions shared, Terminal terminal, string verb, string says, HttpMethod method, string path,
        string? mustBe = null)
    {
        var domain = new Argument<string>("domain");
        var command = new Command(verb, says) { domain };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(method, PathOf(parsed.GetRequiredValue(domain)) + path, cancel);
            Say(answer, parsed, shared, terminal);
            if (mustBe is null || answer.Json.Text("state") == mustBe) return ExitCode.Ok;
            terminal.Error.WriteLine($"{answer.Json.Text("domain")} is {answer.Json.Text("state")}: "
                + "what each record needs stands at its end.");
            return ExitCode.Refused;
        });
        return command;
    }

    private static Command Zone(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain");
        var command = new Command("zone", "The records as lines of a zone file.") { domain };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var zone = await api.Bytes(HttpMethod.Get, PathOf(parsed.GetRequiredValue(domain)) + "/zone", cancel);
            terminal.Out.Write(System.Text.Encoding.UTF8.GetString(zone));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Rotate(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain");
        var algorithm = new Option<string?>("--algorithm") { Description = "rsa or ed25519. Default: both" };
        var command = new Command("rotate", "Start signing with the next keys, and create the ones after them.")
            { domain, algorithm };
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject();
            if (parsed.GetValue(algorithm) is { } one) body["algorithm"] = one;
            using var api = shared.Open(parsed);
            Say(await api.Json(HttpMethod.Post, PathOf(parsed.GetRequiredValue(domain)) + "/rotate", cancel,
                body.ToJsonString()), parsed, shared, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Remove(SharedOptions shared, Terminal terminal)
    {
        var domain = new Argument<string>("domain");
        var command = new Command("remove", "Stop sending from a domain; its private keys are deleted.") { domain };
        var sure = new Confirmation();
        sure.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            sure.Ask(parsed, terminal,
                $"Nothing is sent from {parsed.GetRequiredValue(domain)} any more, and its private keys are deleted.");
            using var api = shared.Open(parsed);
            var name = parsed.GetRequiredValue(domain);
            await api.Bytes(HttpMethod.Delete, PathOf(name), cancel);
            terminal.Line(name, "removed");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string PathOf(string domain) => $"v1/domains/{Uri.EscapeDataString(domain)}";

    private static void Say(Answer answer, ParseResult parsed, SharedOptions shared, Terminal terminal)
    {
        if (shared.IsJson(parsed)) { terminal.Out.WriteLine(answer.Text); return; }
        Line(answer.Json, terminal);
        foreach (var record in answer.Json["records"]?.AsArray() ?? [])
            terminal.Line(record.Text("state"), record.Text("type"), record.Text("name"), record.Text("value"),
                record.Text("advice"));
    }

    private static void Line(JsonNode domain, Terminal terminal) => terminal.Line(
        domain.Text("domain"), domain.Text("state"), domain.Text("tenant"), domain.Text("state_since"));
}
