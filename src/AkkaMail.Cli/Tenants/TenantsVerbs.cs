using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail tenants list|show|add|change|suspend|resume|quota|usage|close</c>.</summary>
internal static class TenantsVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("name"), Field.State("state", of: State), Field.Time("created_at"),
        Field.Text("quota", of: QuotaVerbs.Words).Cut(), Field.Text("title").Cut(),
    ];

    private static readonly View One = new(Columns);

    public static Command Create() => new("tenants", "Tenants: who sends.")
    {
        ListVerb.Of("list", "List the tenants, by name.", _ => "v1/tenants", "tenants", Columns, ofTenant: false),
        Show(), Add(), Change(),
        Suspend("suspend", "Accept nothing new of a tenant; what was accepted goes on.", true),
        Suspend("resume", "Accept a suspended tenant's mail again.", false),
        QuotaVerbs.Quota(), QuotaVerbs.Usage(), Close(),
    };

    private static Verb Show()
    {
        var name = Name();
        return new Verb("show", "Show a tenant.", async call =>
        {
            call.Print.Show(await call.Look($"v1/tenants/{call.Part(name)}"), One);
            return ExitCode.Done;
        }).With(name);
    }

    private static Verb Add()
    {
        var name = new Argument<string>("name") { Description = "Small letters, digits, '-', '_' and '.'" };
        var title = Title("For people");
        return new Verb("add", "Add a tenant.", async call =>
        {
            var body = new JsonObject { ["name"] = call.Get(name) };
            if (call.Get(title) is { } text) body["title"] = text;
            call.Print.Show(await call.Order(HttpMethod.Post, "v1/tenants", body), One);
            return ExitCode.Done;
        }).With(name, title);
    }

    private static Verb Change()
    {
        var (name, title) = (Name(), Title("For people; an empty one takes it away"));
        title.Required = true;
        return new Verb("change", "Change what a tenant is called.", async call =>
        {
            var body = new JsonObject { ["title"] = call.Get(title) is { Length: > 0 } text ? text : null };
            call.Print.Show(await call.Order(HttpMethod.Patch, $"v1/tenants/{call.Part(name)}", body), One);
            return ExitCode.Done;
        }).With(name, title);
    }

    private static Verb Suspend(string verb, string says, bool isSuspended)
    {
        var name = Name();
        return new Verb(verb, says, async call =>
        {
            var body = new JsonObject { ["suspended"] = isSuspended };
            call.Print.Show(await call.Order(HttpMethod.Patch, $"v1/tenants/{call.Part(name)}", body), One);
            return ExitCode.Done;
        }).With(name);
    }

    private static Verb Close()
    {
        var (name, note, yes) = (Name(), Confirmation.Note(), Confirmation.Option());
        return new Verb("close", "Close a tenant for good: its keys end, and its name is not reused.", async call =>
        {
            var tenant = call.Get(name);
            call.Ask(yes, $"The tenant {tenant} is closed for good: its keys end, and its name is not reused.");
            await call.Remove($"v1/tenants/{call.Part(name)}", note);
            call.Print.Say($"Tenant {tenant} is closed.", ("name", tenant), ("state", "closed"));
            return ExitCode.Done;
        }).With(name, note, yes);
    }

    private static Argument<string> Name() => new("name") { Description = "A tenant's name" };

    private static Option<string?> Title(string says) => new("--title") { Description = says };

    private static string State(JsonNode tenant) => tenant.Is("suspended") ? "suspended" : "active";
}
