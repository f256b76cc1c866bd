using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail message ID</c>: its story, or with <c>--raw</c> the mail itself.</summary>
internal static class ShowMessage
{
    private static readonly Argument<string> Id = new("id") { Description = "A message's id, as send printed it" };
    private static readonly Option<bool> Raw = new("--raw") { Description = "The mail itself (message/rfc822)" };

    private static readonly string[] Facts =
        ["id", "status", "from", "to", "subject", "stream", "tags", "door", "key", "trace", "site", "attempts",
         "send_at", "due_at", "expires_at"];

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("message", "Show a message: what it is, then its events, oldest first.") { Id, Raw };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var path = $"v1/messages/{Uri.EscapeDataString(parsed.GetRequiredValue(Id))}";
            if (parsed.GetValue(Raw))
            {
                await using var to = terminal.RawOut();
                await to.WriteAsync(await api.Bytes(HttpMethod.Get, $"{path}/raw", cancel), cancel);
                return ExitCode.Ok;
            }
            var answer = await api.Json(HttpMethod.Get, path, cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else Write(terminal, answer.Json);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(Terminal terminal, JsonNode message)
    {
        foreach (var name in Facts)
            if (message.Text(name) is { Length: > 0 } value) terminal.Line(name, value);
        if (message["waiting"] is { } waiting) terminal.Line("waiting", Waits(waiting));
        foreach (var e in message["events"] as JsonArray ?? [])
            terminal.Line("event", e.Text("at"), e.Text("type"), Words(e), Details(e));
    }

    /// <summary>What holds it, then how long and by whom, as far as it is told.</summary>
    private static string Waits(JsonNode waiting)
    {
        string?[] details =
        [
            waiting.Text("held_by"),
            waiting["lane"] is { } lane ? $"lane {lane.Text("source")}/{lane.Text("site")}" : null,
            $"since {waiting.Text("since")}",
            waiting.Text("until") is { } until ? $"until {until}" : null,
            waiting.Text("ahead") is { } ahead ? $"{ahead} ahead" : null,
            waiting.Text("eta") is { } eta && eta != waiting.Text("until") ? $"expected {eta}" : null,
            waiting.Text("rule") is { } rule ? $"rule {rule}" : null,
            waiting["reply"] is null ? null : Words(waiting),
        ];
        return string.Join(", ", details.OfType<string>());
    }

    /// <summary>The receiver's words; "-" keeps the columns where nobody has spoken.</summary>
    private static string Words(JsonNode? e) => e?["reply"] is { } reply
        ? string.Join(' ', new[]
        {
            reply.Text("code") != "0" ? reply.Text("code") : e.Text("reporter") is null ? "no answer:" : null,
            reply.Text("enhanced_code"),
            reply.Text("text"),
        }.OfType<string>()) : "-";

    private static string Details(JsonNode? e)
    {
        string?[] details =
        [
            e.Text("attempt") is { } number ? $"attempt {number}" : null,
            e.Text("held_by") is { } by and not "none" ? $"was held by {by} {e.Text("hold_id")}".TrimEnd() : null,
            e.Text("mx"), e.Text("mx") is null ? null : e.Text("tls") ?? "plain", e.Text("step"),
            e.Text("duration_ms") is { } took ? $"{took} ms" : null,
            e.Text("due_at") is { } due ? $"due {due}" : null,
            e.Text("bytes") is { } bytes and not "0" ? $"{bytes} bytes" : null,
            e.Text("by") is { } who ? $"by {who}" : null,
            e.Text("reporter") is { } reporter ? $"told by {reporter}" : null, e.Text("feedback_type"),
            e.Text("rule"), e.Text("in_doubt") == "true" ? "in doubt" : null,
        ];
        return string.Join(", ", details.OfType<string>());
    }
}
