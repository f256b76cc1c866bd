using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail streams list|create|change|delete</c>.</summary>
internal static class StreamsCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) => new("streams", "Streams: kinds of mail.")
    {
        List(shared, terminal),
        Create(shared, terminal),
        Change(shared, terminal),
        Delete(shared, terminal),
    };

    private static Command List(SharedOptions shared, Terminal terminal)
    {
        var tenant = Tenant();
        var command = new Command("list", "List the streams: name, kind, what is on, title.") { tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            // One page has them all: a tenant has up to 100.
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            var page = await api.Json(HttpMethod.Get, "v1/streams?limit=500", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(page.Text);
            else foreach (var one in page.Json["streams"]!.AsArray()) Write(one!, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Create(SharedOptions shared, Terminal terminal)
    {
        var (name, title, tenant) = (Name(), Title(), Tenant());
        var kind = new Option<string>("--kind") { Description = "transactional or broadcast", Required = true };
        var switches = Switches(": for broadcast", ": false", ": true");
        var command = new Command("create", "Create a stream.") { name, kind, title, tenant };
        foreach (var one in switches) command.Add(one);
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject
            {
                ["name"] = parsed.GetRequiredValue(name),
                ["kind"] = parsed.GetRequiredValue(kind),
            };
            if (parsed.GetValue(title) is { } text) body["title"] = text;
            Put(switches, parsed, body);
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            Say(await api.Json(HttpMethod.Post, "v1/streams", cancel, body.ToJsonString()), parsed, shared, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Change(SharedOptions shared, Terminal terminal)
    {
        var (name, title, tenant) = (Name(), Title(), Tenant());
        var switches = Switches();
        var command = new Command("change", "Change a stream; what is left out stays.") { name, title, tenant };
        foreach (var one in switches) command.Add(one);
        command.SetAction(async (parsed, cancel) =>
        {
            var body = new JsonObject();
            // An empty one takes it away.
            if (parsed.GetValue(title) is { } text) body["title"] = text.Length == 0 ? null : text;
            Put(switches, parsed, body);
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            Say(await api.Json(HttpMethod.Patch, Path(parsed.GetRequiredValue(name)), cancel, body.ToJsonString()),
                parsed, shared, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Delete(SharedOptions shared, Terminal terminal)
    {
        var (name, tenant) = (Name(), Tenant());
        var command = new Command("delete", "Delete a stream; what was accepted in it goes on.") { name, tenant };
        var sure = new Confirmation();
        sure.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            sure.Ask(parsed, terminal,
                $"The stream {parsed.GetRequiredValue(name)} is deleted; what was accepted in it goes on.");
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            var stream = parsed.GetRequiredValue(name);
            await api.Bytes(HttpMethod.Delete, Path(stream), cancel);
            terminal.Line(stream, "deleted");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "Small letters, digits, '-', '_' and '.'" };

    private static Option<string?> Title() => new("--title") { Description = "For people" };

    private static Option<string?> Tenant() =>
        new("--tenant") { Description = "Whose stream, for a key with all rights. Default: default" };

    /// <param name="defaults">What holds when nobody says.</param>
    private static Option<bool?>[] Switches(params string[] defaults)
    {
        string Says(string what, int n) => defaults.Length == 0 ? what : $"{what}. Default{defaults[n]}";
        return
        [
            new("--unsubscribe") { Description = Says("Whether its mail offers to unsubscribe", 0) },
            new("--keep-envelope-sender")
            {
                Description = Says(
                    "Whether mail by SMTP keeps a MAIL FROM of a verified domain, and bounces go there", 1),
            },
            new("--text-from-html") { Description = Says("Whether mail with HTML alone gets a text made from it", 2) },
        ];
    }

    /// <summary>As the API calls them.</summary>
    private static void Put(Option<bool?>[] switches, ParseResult parsed, JsonObject body)
    {
        foreach (var one in switches)
            if (parsed.GetValue(one) is { } value) body[one.Name[2..].Replace('-', '_')] = value;
    }

    private static string Path(string name) => $"v1/streams/{Uri.EscapeDataString(name)}";

    private static void Say(Answer answer, ParseResult parsed, SharedOptions shared, Terminal terminal)
    {
        if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
        else Write(answer.Json, terminal);
    }

    private static IEnumerable<string> Differs(JsonNode stream)
    {
        foreach (var name in (string[])["unsubscribe", "keep_envelope_sender"])
            if (stream.Text(name) == "true") yield return name;
        if (stream.Text("text_from_html") == "false") yield return "no_text_from_html";
    }

    private static void Write(JsonNode stream, Terminal terminal) => terminal.Line(
        stream.Text("name"), stream.Text("kind"), string.Join(',', Differs(stream)),
        stream.Text("title"));
}
