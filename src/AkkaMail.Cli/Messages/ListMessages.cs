using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail messages</c>: a page of the list, newest first.</summary>
internal static class ListMessages
{
    private static readonly Option<string?> Status = new("--status") { Description = "e.g. deferred" };
    private static readonly Option<string?> Recipient = new("--recipient") { Description = "The whole address" };
    private static readonly Option<string?> Tag = new("--tag");
    private static readonly Option<string?> Stream = new("--stream");
    private static readonly Option<string?> From = new("--from") { Description = "Accepted at this time or later" };
    private static readonly Option<string?> To = new("--to") { Description = "Accepted before this time" };
    private static readonly Option<string?> Limit = new("--limit") { Description = "1 to 500. Default 50" };
    private static readonly Option<string?> Cursor = new("--cursor") { Description = "Continue where the previous page ended" };

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        Option<string?>[] options = [Status, Recipient, Tag, Stream, From, To, Limit, Cursor];
        var command = new Command("messages",
            "List messages, newest first: time of acceptance, status, id, recipient, tags, what holds it. "
            + "The next page's cursor goes to standard error.");
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var query = string.Join('&', options.Where(o => parsed.GetValue(o) is not null)
                .Select(o => $"{o.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(o)!)}"));
            var answer = await api.Json(HttpMethod.Get, $"v1/messages?{query}", cancel);
            if (shared.IsJson(parsed))
            {
                terminal.Out.WriteLine(answer.Text);
                return ExitCode.Ok;
            }
            foreach (var m in answer.Json["messages"]!.AsArray())
            {
                string?[] fields = [m.Text("accepted_at"), m.Text("status"), m.Text("id"), m.Text("to") ?? "-", m.Text("tags")];
                terminal.Line(Waits(m) is { } waits ? [.. fields, waits] : fields);
            }
            if (answer.Json.Text("next_cursor") is { } next)
                terminal.Error.WriteLine($"more: --cursor {Terminal.Plain(next)}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Of one that waits: what holds it, and until when if that is known.</summary>
    private static string? Waits(JsonNode? message) => message?["waiting"] is not { } waiting ? null
        : waiting.Text("until") is { } until ? $"{waiting.Text("held_by")} until {until}" : waiting.Text("held_by");
}
