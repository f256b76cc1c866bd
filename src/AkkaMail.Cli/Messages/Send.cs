using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail send</c>: one mail from options, or any request from a file.</summary>
internal static class Send
{
    private static readonly Option<string?> From = new("--from") { Description = "The sender: a@b.c or 'A <a@b.c>'" };
    private static readonly Option<string[]> To = List("--to", "A recipient; may be repeated");
    private static readonly Option<string[]> Cc = List("--cc", "A recipient of a copy");
    private static readonly Option<string[]> Bcc = List("--bcc", "A recipient no one else sees");
    private static readonly Option<string?> Subject = new("--subject");
    private static readonly Option<string?> Text = new("--text") { Description = "The mail as plain text" };
    private static readonly Option<string?> Html = new("--html") { Description = "The mail as HTML" };
    private static readonly Option<string[]> Attach = List("--attach", "A file to attach");
    private static readonly Option<string[]> Tag = List("--tag", "A word to find it by");
    private static readonly Option<string?> Stream = new("--stream")
    { Description = "transactional, broadcast, or one of the tenant's own" };
    private static readonly Option<string?> SendAt = new("--send-at") { Description = "e.g. 2030-01-31T08:00:00Z" };
    private static readonly Option<string?> Json = new("--json")
    {
        Description = "The whole request from a file; - is standard input",
    };

    private static readonly Option<string?> IdempotencyKey = new("--idempotency-key")
    {
        Description = "The same send with the same key within 24 h is accepted once",
    };

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("send", "Send a mail. Prints id, recipient and status of each message.");
        Option[] options = [From, To, Cc, Bcc, Subject, Text, Html, Attach, Tag, Stream, SendAt, Json, IdempotencyKey];
        foreach (var option in options) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var isMail = result.GetValue(From) is not null && result.GetValue(To) is { Length: > 0 };
            if (result.GetResult(Json) is null && !isMail)
                result.AddError("send needs --from and --to, or --json.");
            if (result.GetResult(Json) is not null && options[..^2].Any(o => result.GetResult(o) is not null))
                result.AddError("--json is the whole request: no other option of the mail goes with it.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var body = parsed.GetValue(Json) is { } file
                ? await Read(file, terminal, cancel) : Request(parsed).ToJsonString();
            var answer = await api.Json(HttpMethod.Post, "v1/messages", cancel, body, parsed.GetValue(IdempotencyKey));
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var message in answer.Json["messages"]!.AsArray())
                    terminal.Line(message.Text("id"), message.Text("to"), message.Text("status"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static JsonObject Request(ParseResult parsed)
    {
        var request = new JsonObject();
        void One(string name, Option<string?> option)
        {
            if (parsed.GetValue(option) is { } value) request[name] = value;
        }
        void Many(string name, Option<string[]> option)
        {
            if (parsed.GetValue(option) is { Length: > 0 } values)
                request[name] = Array(values.Select(v => (JsonNode)v));
        }
        One("from", From);
        Many("to", To);
        Many("cc", Cc);
        Many("bcc", Bcc);
        One("subject", Subject);
        One("text", Text);
        One("html", Html);
        One("stream", Stream);
        One("send_at", SendAt);
        Many("tags", Tag);
        if (parsed.GetValue(Attach) is { Length: > 0 } files)
            request["attachments"] = Array(files.Select(Attachment.Read));
        return request;
    }

    private static async Task<string> Read(string file, Terminal terminal, CancellationToken cancel)
    {
        try
        {
            return file == "-" ? await terminal.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);

    private static Option<string[]> List(string name, string description) => new(name) { Description = description };
}
