using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary>A mail as options of the command line, and the request that they make.</summary>
internal sealed class SendOptions
{
    private readonly Option<string[]> _cc = Many("--cc", "A recipient of a copy");
    private readonly Option<string[]> _bcc = Many("--bcc", "A recipient no one else sees");
    private readonly Option<string[]> _replyTo = Many("--reply-to", "Where answers go");
    private readonly Option<string?> _subject = new("--subject") { Description = "What it is about" };
    private readonly Option<string?> _text = new("--text") { Description = "The mail as plain text" };
    private readonly Option<string?> _textFile = new("--text-file")
    {
        Description = "The plain text from a file; - is standard input",
    };

    private readonly Option<string?> _html = new("--html") { Description = "The mail as HTML" };
    private readonly Option<string?> _htmlFile = new("--html-file")
    {
        Description = "The HTML from a file; - is standard input",
    };

    private readonly Option<string[]> _attach = Many("--attach", "A file to attach");
    private readonly Option<string[]> _header = Many("--header", "A header field, as in 'X-Order: 4711'");
    private readonly Option<string[]> _metadata = Many("--metadata", "Kept with it for you, as in order=4711");
    private readonly Option<string[]> _variable = Many("--variable", "What {{name}} stands for, as in name=Ann");
    private readonly Option<string[]> _tag = Many("--tag", "A word to find it by");
    private readonly Option<string?> _stream = new("--stream")
    {
        Description = "transactional, broadcast, or one of the tenant's own",
    };

    private readonly Option<string?> _sendAt = new("--send-at")
    {
        Description = "When it is to go, as 2030-01-31T08:00:00Z, or in 30m, 2h, 7d",
    };

    private readonly Option<string?> _expiresAt = new("--expires-at")
    {
        Description = "Until when it is tried, written in the same way",
    };

    public Option<string?> From { get; } = new("--from") { Description = "The sender: a@b.c or 'A <a@b.c>'" };

    public Option<string[]> To { get; } = Many("--to", "A recipient");

    public IReadOnlyList<Option> All =>
    [
        From, To, _cc, _bcc, _replyTo, _subject, _text, _textFile, _html, _htmlFile, _attach, _header, _metadata,
        _variable, _tag, _stream, _sendAt, _expiresAt,
    ];

    public async Task<JsonObject> Request(Call call)
    {
        var request = call.Body(From, To, _cc, _bcc, _replyTo, _subject, _text, _html, _stream);
        await Put(request, "text", _text, _textFile, call);
        await Put(request, "html", _html, _htmlFile, call);
        Put(request, "headers", Pairs(call, _header, ':'));
        Put(request, "metadata", Pairs(call, _metadata, '='));
        Put(request, "variables", Pairs(call, _variable, '='));
        if (call.Get(_tag) is { Length: > 0 } tags) request["tags"] = new JsonArray([.. tags.Select(t => (JsonNode)t)]);
        foreach (var (name, time) in new[] { ("send_at", _sendAt), ("expires_at", _expiresAt) })
            if (call.Get(time) is { } text) request[name] = Moments.Read(text, call.Now, isAhead: true);
        if (call.Get(_attach) is { Length: > 0 } files)
            request["attachments"] = new JsonArray([.. files.Select(Attachment.Read)]);
        return request;
    }

    private static async Task Put(
        JsonObject request, string name, Option<string?> given, Option<string?> file, Call call)
    {
        if (call.Get(file) is not { } path) return;
        if (call.Has(given)) throw new UsageException($"{given.Name} and {file.Name} contradict each other.");
        request[name] = await InputFile.Text(path, call);
    }

    private static void Put(JsonObject request, string name, JsonObject pairs)
    {
        if (pairs.Count > 0) request[name] = pairs;
    }

    private static JsonObject Pairs(Call call, Option<string[]> option, char between)
    {
        var pairs = new JsonObject();
        foreach (var pair in call.Get(option) ?? [])
        {
            if (pair.IndexOf(between) is not (> 0 and var at))
                throw new UsageException($"{option.Name} '{pair}' has no '{between}' between name and value.");
            pairs[pair[..at].Trim()] = pair[(at + 1)..].Trim();
        }
        return pairs;
    }

    private static Option<string[]> Many(string name, string says) =>
        new(name) { Description = $"{says}; may be given several times" };
}
