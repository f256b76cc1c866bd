using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>How a run ends. A closed list: scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0, Refused = 1, Usage = 2, NotReachable = 3, Found = 4, StillWaiting = 5, Interrupted = 130;

    /// <summary>Every verb can end with these; with the others only where it says so.</summary>
    public static readonly int[] OfAll = [Done, Refused, Usage, NotReachable, Interrupted];

    public static readonly IReadOnlyDictionary<int, string> Meanings = new Dictionary<int, string>
    {
        [Done] = "done",
        [Refused] = "the server refused: its words are on standard error",
        [Usage] = "the command line, or a file it names, is not usable; or nobody said yes. Nothing was done",
        [NotReachable] = "no server answers, or what answers is no AkkaMail. Whether anything was done is not known",
        [Found] = "done, and what was looked at is not as it should be",
        [StillWaiting] = "the time of `--wait` is over, and what it waited for has not come",
        [Interrupted] = "ended by Ctrl+C",
    };
}

/// <summary>The command line, or a file it names, is not usable.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>No answer came: nothing is known about what the server did.</summary>
internal sealed class NotReachableException(string message) : Exception(message);

/// <summary>The server said no. <paramref name="body"/> is its problem (RFC 9457), or what came instead.</summary>
internal sealed class RefusedException(int status, string body) : Exception($"{status}: {body}")
{
    public int Status => status;

    public string Body => body;

    /// <summary>In one line.</summary>
    public string Why => Parse(body) is not JsonObject problem ? Message
        : problem["errors"] is JsonArray { Count: > 0 } errors
            ? string.Join(' ', errors.Select(error => Text(error, "message")))
            : Text(problem, "detail") ?? Text(problem, "title") ?? Message;

    public void Write(TextWriter to)
    {
        var problem = Parse(body) as JsonObject;
        var code = Text(problem, "code") is { } word ? $" ({Terminal.Plain(word)})" : "";
        to.WriteLine($"{status} {Terminal.Plain(Text(problem, "title") ?? "The server refused")}{code}");
        var errors = problem?["errors"] as JsonArray;
        // The detail of a 422 is the first errors again.
        if (errors is null && Text(problem, "detail") is { } detail) to.WriteLine(Terminal.Plain(detail));
        foreach (var error in errors ?? [])
            to.WriteLine(
                $"  {Line(error)}{Terminal.Plain(Text(error, "field"))}: {Terminal.Plain(Text(error, "message"))}");
    }

    /// <summary>Of a file that people edit.</summary>
    private static string Line(JsonNode? error) =>
        error is JsonObject o && o["line"] is JsonValue value && value.TryGetValue<int>(out var line)
            ? $"line {line} " : "";

    private static string? Text(JsonNode? node, string name) =>
        node is JsonObject o && o[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Parse(string body)
    {
        try { return JsonNode.Parse(body); }
        catch (JsonException) { return null; }
    }
}
