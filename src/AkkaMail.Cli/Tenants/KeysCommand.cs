using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail keys list|create|revoke</c>.</summary>
internal static class KeysCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) => new("keys", "API keys.")
    {
        Pages.List(shared, terminal, "keys", "List the keys: id, tenant, name, scopes, networks, end.", Write),
        Create(shared, terminal),
        Revoke(shared, terminal),
    };

    private static Command Create(SharedOptions shared, Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "For people, as in 'shop, production'" };
        var scopes = Many("--scope", "send, read, manage, admin (may be given several times), or observe");
        var networks = Many("--network", "An address or network it may come from; may be given several times");
        var expires = new Option<string?>("--expires") { Description = "When it ends, as in 2027-06-01T00:00:00Z" };
        var tenant = new Option<string?>("--tenant") { Description = "Whose key, for one with all rights. Default: default" };
        var command = new Command("create", "Create a key. Only the key is printed, once: it is not stored.")
            { name, scopes, networks, expires, tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject
            {
                ["name"] = parsed.GetRequiredValue(name),
                ["scopes"] = List(parsed.GetValue(scopes)),
            };
            if (parsed.GetValue(networks) is { Length: > 0 } some) body["networks"] = List(some);
            if (parsed.GetValue(expires) is { } at) body["expires_at"] = at;
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            var answer = await api.Json(HttpMethod.Post, "v1/keys", cancel, body.ToJsonString());
            terminal.Out.WriteLine(shared.IsJson(parsed) ? answer.Text : answer.Json.Text("key"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Revoke(SharedOptions shared, Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "As in the list" };
        var command = new Command("revoke", "Revoke a key immediately.") { id };
        var sure = new Confirmation();
        sure.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            sure.Ask(parsed, terminal, $"The key {parsed.GetRequiredValue(id)} ends at once, for every program that has it.");
            using var api = shared.Open(parsed);
            var key = parsed.GetRequiredValue(id);
            await api.Bytes(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(key)}", cancel);
            terminal.Line(key, "revoked");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string[]> Many(string name, string says) =>
        new(name) { Description = says, Arity = ArgumentArity.OneOrMore };

    private static JsonArray List(string[]? texts) => [.. (texts ?? []).Select(t => (JsonNode?)t)];

    private static void Write(JsonNode key, Terminal terminal) => terminal.Line(
        key.Text("id"), key.Text("tenant"), key.Text("name"), key.Text("scopes"), key.Text("networks"),
        key.Text("expires_at"));
}
