using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Bounces;

/// <summary>
/// <c>akkamail bounces mails</c>, <c>bounces mail ID</c> and <c>bounces reread [ID]</c>: what came in, and what it was
/// taken for.
/// </summary>
internal static class ReturnedCommands
{
    private static readonly string[] Columns =
        ["id", "at", "door", "outcome", "kind", "reason", "feedback_type", "message", "reporter", "rule"];

    public static Command Mails(SharedOptions shared, Terminal terminal)
    {
        Option<string?>[] filters =
        [
            new("--outcome") { Description = "recorded, repeat, noted, auto_reply, unclear, unattributed, …" },
            new("--door") { Description = "return_path, feedback, dmarc, tls or people" },
            new("--kind") { Description = "bounce, delayed, delivered, feedback, vacation or other" },
            new("--message") { Description = "The message it is about" },
            new("--reporter") { Description = "Who sent it" },
        ];
        var limit = new Option<int>("--limit") { Description = "1 to 500", DefaultValueFactory = _ => 50 };
        var command = new Command("mails", "List what came in, newest first. A line is id, time, door, outcome, kind, reason, "
            + "feedback type, message, reporter, rule.") { limit };
        foreach (var filter in filters) command.Options.Add(filter);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var query = string.Concat(filters.Where(f => parsed.GetValue(f) is not null)
                .Select(f => $"&{f.Name.TrimStart('-')}={Uri.EscapeDataString(parsed.GetValue(f)!)}"));
            var answer = await api.Json(HttpMethod.Get, $"v1/bounces/mails?limit={parsed.GetValue(limit)}{query}", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var mail in answer.Json["mails"]!.AsArray()) terminal.Line(Columns.Select(mail.Text));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Mail(SharedOptions shared, Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "Its id, as in the list" };
        var raw = new Option<bool>("--raw") { Description = "The mail itself (message/rfc822)" };
        var command = new Command("mail", "Show a mail that came in, and what is known of who sent it.") { id, raw };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var path = $"v1/bounces/mails/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}";
            if (parsed.GetValue(raw))
            {
                await using var to = terminal.RawOut();
                await to.WriteAsync(await api.Bytes(HttpMethod.Get, $"{path}/raw", cancel), cancel);
                return ExitCode.Ok;
            }
            var answer = await api.Json(HttpMethod.Get, path, cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var (name, value) in answer.Json.AsObject()) terminal.Line(name, value?.ToString() ?? "");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Reread(SharedOptions shared, Terminal terminal)
    {
        var id = new Argument<string?>("id")
        {
            Description = "Its id; without one, all that no rule has understood",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("reread", "Read mails again with the current rules.") { id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var path = parsed.GetValue(id) is { } one ? $"v1/bounces/mails/{Uri.EscapeDataString(one)}/reread"
                : "v1/bounces/mails/reread";
            var answer = await api.Json(HttpMethod.Post, path, cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else terminal.Line(answer.Json.Text("mails"), "read again");
            return ExitCode.Ok;
        });
        return command;
    }
}
