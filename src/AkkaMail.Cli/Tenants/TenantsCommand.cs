using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail tenants list|create|suspend|resume|quota|usage|close</c>.</summary>
internal static class TenantsCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) => new("tenants", "Tenants: who sends.")
    {
        Pages.List(shared, terminal, "tenants", "List the tenants: name, state, when it was made, title.", Write),
        Create(shared, terminal),
        Change(shared, terminal, "suspend", "Accept nothing new of a tenant; what was accepted goes on.", true),
        Change(shared, terminal, "resume", "Accept a suspended tenant's mail again.", false),
        QuotaCommands.Quota(shared, terminal),
        QuotaCommands.Usage(shared, terminal),
        Close(shared, terminal),
    };

    private static Command Create(SharedOptions shared, Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Small letters, digits, '-', '_' and '.'" };
        var title = new Option<string?>("--title") { Description = "For people" };
        var command = new Command("create", "Create a tenant.") { name, title };
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject { ["name"] = parsed.GetRequiredValue(name) };
            if (parsed.GetValue(title) is { } text) body["title"] = text;
            using var api = shared.Open(parsed);
            Say(await api.Json(HttpMethod.Post, "v1/tenants", cancel, body.ToJsonString()), parsed, shared, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Change(
        SharedOptions shared, Terminal terminal, string verb, string says, bool suspended)
    {
        var name = new Argument<string>("name");
        var command = new Command(verb, says) { name };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            Say(await api.Json(HttpMethod.Patch, $"v1/tenants/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}",
                cancel, new JsonObject { ["suspended"] = suspended }.ToJsonString()), parsed, shared, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Close(SharedOptions shared, Terminal terminal)
    {
        var name = new Argument<string>("name");
        var command = new Command("close", "Close a tenant for good: its keys end, and its name is not reused.") { name };
        var sure = new Confirmation();
        sure.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            sure.Ask(parsed, terminal,
                $"The tenant {parsed.GetRequiredValue(name)} is closed for good: its keys end, and its name is not reused.");
            using var api = shared.Open(parsed);
            var tenant = parsed.GetRequiredValue(name);
            await api.Bytes(HttpMethod.Delete, $"v1/tenants/{Uri.EscapeDataString(tenant)}", cancel);
            terminal.Line(tenant, "closed");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Say(Answer answer, ParseResult parsed, SharedOptions shared, Terminal terminal)
    {
        if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
        else Write(answer.Json, terminal);
    }

    private static void Write(JsonNode tenant, Terminal terminal) => terminal.Line(
        tenant.Text("name"), tenant.Text("suspended") == "true" ? "suspended" : "active", tenant.Text("created_at"),
        tenant.Text("title"));
}
