using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Bounces;

/// <summary><c>akkamail bounces parse FILE…</c> and <c>akkamail bounces classify [REPLY…]</c>.</summary>
internal static class BouncesCommand
{
    /// <summary>What the server takes in one call.</summary>
    private const int RepliesMax = 1_000;

    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("bounces", "What bounces and replies mean, and what came in.")
        {
            Parse(shared, terminal), Classify(shared, terminal), ReturnedCommands.Mails(shared, terminal),
            ReturnedCommands.Mail(shared, terminal), ReturnedCommands.Reread(shared, terminal),
        };

    private static Command Parse(SharedOptions shared, Terminal terminal)
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Mails as they came, one a file; - reads one from standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("parse", "Show what bounce mails say about which recipients. A line is "
            + "file, kind, recipient, reason, hard/soft/transient, status, feedback type, rule, reply.") { files };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var mail = await InputFile.Read(file, terminal, cancel);
                var answer = await api.Post("v1/bounces/parse", mail, "message/rfc822", cancel);
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
                else
                    foreach (var result in answer.Json["results"]!.AsArray())
                        terminal.Line(Fields.Select(result.Text).Prepend(file));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static readonly string[] Fields =
        ["kind", "recipient", "reason", "bounce", "status", "feedback_type", "rule", "reply"];

    private static Command Classify(SharedOptions shared, Terminal terminal)
    {
        var replies = new Argument<string[]>("replies")
        {
            Description = "Replies as they stand in a log; without any, the lines of standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("classify", "Say what SMTP replies mean. "
            + "A line is category, hard/soft/transient, reason, fault, rule, reply.") { replies };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var all = parsed.GetValue(replies) is { Length: > 0 } given ? given : await Lines(terminal, cancel);
            foreach (var some in all.Where(reply => !string.IsNullOrWhiteSpace(reply)).Chunk(RepliesMax))
            {
                var body = new JsonObject { ["replies"] = new JsonArray([.. some.Select(r => JsonValue.Create(r))]) };
                var answer = await api.Json(HttpMethod.Post, "v1/bounces/classify", cancel, body.ToJsonString());
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
                else
                    foreach (var reply in answer.Json.AsArray())
                        terminal.Line(((string[])["category", "bounce", "reason", "fault", "rule", "reply"])
                            .Select(reply.Text));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string[]> Lines(Terminal terminal, CancellationToken cancel) =>
        (await terminal.In.ReadToEndAsync(cancel)).Split('\n', StringSplitOptions.TrimEntries);
}
