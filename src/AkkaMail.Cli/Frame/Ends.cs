using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>How a run ends. A closed list: scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0, Refused = 1, Usage = 2, NotReachable = 3, Found = 4, StillWaiting = 5, Fault = 70,
        Interrupted = 130;

    /// <summary>Every verb can end with these; with the others only where it says so.</summary>
    public static readonly int[] OfAll = [Done, Refused, Usage, NotReachable, Fault, Interrupted];

    public static readonly IReadOnlyDictionary<int, string> Meanings = new Dictionary<int, string>
    {
        [Done] = "done",
        [Refused] = "the server refused: its words are on standard error",
        [Usage] = "the command line, or a file it names, is not usable; or nobody said yes. Nothing was done",
        [NotReachable] = "no server answers, or what answers is no AkkaMail. Whether anything was done is not known",
        [Found] = "done, and what was looked at is not as it should be",
        [StillWaiting] = "the time of `--wait` is over, and what it waited for has not come",
        [Fault] = "a fault of `akkamail` itself (`EX_SOFTWARE`). Whether anything was done is not known",
        [Interrupted] = "ended by Ctrl+C",
    };
}

/// <summary>The command line, or a file it names, is not usable.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>No answer came: nothing is known about what the server did.</summary>
internal sealed class NotReachableException(string message) : Exception(message);

/// <summary>The server said no. <paramref name="body"/> is its problem (RFC 9457), or what came instead.</summary>
/// <param name="request">What the server's log calls the request; null: it has not said.</param>
internal sealed class RefusedException(int status, string body, string? request) : Exception($"{status}: {body}")
{
    public int Status => status;

    /// <summary>With the <c>request_id</c>, also where the server has it in a header only.</summary>
    public string Body
    {
        get
        {
            if (request is null || Parse(body) is not JsonObject problem || problem.ContainsKey("request_id"))
                return body;
            problem["request_id"] = request;
            return problem.ToJsonString(Printer.Compact);
        }
    }

    /// <summary>In one line.</summary>
    public string Why => Parse(body) is not JsonObject problem ? Message
        : problem["errors"] is JsonArray { Count: > 0 } errors
            ? string.Join(' ', errors.Select(error => Text(error, "message")))
            : Text(problem, "detail") ?? Text(problem, "title") ?? Message;

    /// <param name="named">What the command line calls a field of the API.</param>
    public void Write(TextWriter to, Func<string?, string?> named)
    {
        var problem = Parse(body) as JsonObject;
        var code = Text(problem, "code") is { } word ? $" ({Terminal.Plain(word)})" : "";
        to.WriteLine($"{status} {Terminal.Plain(Text(problem, "title") ?? "The server refused")}{code}");
        var errors = problem?["errors"] as JsonArray;
        // The detail of a 422 is the first errors again.
        if (errors is null && Text(problem, "detail") is { } detail) to.WriteLine(Terminal.Plain(detail));
        foreach (var error in errors ?? [])
            to.WriteLine(
                $"  {Line(error)}{Terminal.Plain(named(Text(error, "field")))}: "
                    + Terminal.Plain(Text(error, "message")));
        if ((Text(problem, "request_id") ?? request) is { } id)
            to.WriteLine($"In the server's log: request {Terminal.Plain(id)}");
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
