using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail keys list|show|add|change|remove</c>.</summary>
internal static class KeysVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("id"), Field.Text("tenant"), Field.Text("name").Cut(), Field.Many("scopes"),
        Field.Many("networks").Extra(), Field.Time("last_used_at", "Last used"),
        Field.Text("last_used_from", "From").Extra(), Field.Time("expires_at", "Ends"),
    ];

    private static readonly View One = new([.. Columns, Field.Time("created_at")]);

    public static Command Create() => new("keys", "API keys.")
    {
        ListVerb.Of("list", "List the keys, by id.", _ => "v1/keys", "keys", Columns),
        Show(), Add(), Change(), Remove(),
    };

    private static Verb Show()
    {
        var id = Id();
        return new Verb("show", "Show a key, without its secret.", async call =>
        {
            call.Print.Show(await call.Look($"v1/keys/{call.Part(id)}"), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id);
    }

    private static Verb Add()
    {
        var name = new Argument<string>("name") { Description = "For people, as in 'shop, production'" };
        var scopes = Many("--scope", "send, read, manage, admin (may be given several times), or observe");
        var networks = Many("--network", "An address or network it may come from; may be given several times");
        var expires = new Option<string?>("--expires-at")
        {
            Description = "When it ends, as 2027-06-01T00:00:00Z, or in 90d",
        };
        return new Verb("add", "Add a key. Only the key is printed, once: it is not stored.", async call =>
        {
            var body = new JsonObject { ["name"] = call.Get(name), ["scopes"] = List(call.Get(scopes)) };
            if (call.Get(networks) is { Length: > 0 } some) body["networks"] = List(some);
            if (call.Get(expires) is { } at) body["expires_at"] = Moments.Read(at, call.Now, isAhead: true);
            var answer = await call.Order(HttpMethod.Post, "v1/keys", body);
            call.Terminal.Out.WriteLine(call.Print.IsJson ? answer.Text : answer.Json.Text("key"));
            return ExitCode.Done;
        })
        { OfTenant = true, PrintsOnly = "the key" }.With(name, scopes, networks, expires);
    }

    private static Verb Change()
    {
        var id = Id();
        var name = new Option<string?>("--name") { Description = "For people" };
        var networks = new Option<string[]>("--network")
        {
            Description = "Where it may come from, in place of what was said before; an empty one: anywhere",
        };
        var expires = new Option<string?>("--expires-at")
        {
            Description = "When it ends, as 2027-06-01T00:00:00Z, or in 90d; an empty one: never",
        };
        return new Verb("change", "Change a key's name, networks or end; what is left out stays.", async call =>
        {
            var body = call.Body(name);
            if (call.Get(networks) is { Length: > 0 } some)
                body["networks"] = some is [""] ? null : List(some);
            if (call.Get(expires) is { } at)
                body["expires_at"] = at.Length == 0 ? null : Moments.Read(at, call.Now, isAhead: true);
            call.Print.Show(await call.Order(HttpMethod.Patch, $"v1/keys/{call.Part(id)}", body), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id, name, networks, expires);
    }

    private static Verb Remove()
    {
        var (id, note, yes) = (Id(), Confirmation.Note(), Confirmation.Option());
        return new Verb("remove", "Revoke a key immediately.", async call =>
        {
            var key = call.Get(id);
            call.Ask(yes, $"The key {key} ends at once, for every program that has it.");
            await call.Remove($"v1/keys/{call.Part(id)}", note);
            call.Print.Say($"Key {key} is removed.", ("id", key), ("state", "removed"));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id, note, yes);
    }

    private static Argument<string> Id() => new("id") { Description = "As in the list" };

    private static Option<string[]> Many(string name, string says) =>
        new(name) { Description = says, Arity = ArgumentArity.OneOrMore };

    private static JsonArray List(string[]? texts) => [.. (texts ?? []).Select(t => (JsonNode?)t)];
}
