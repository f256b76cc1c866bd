using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>A verb being called: what was asked for, the server that is asked, and where the answer goes.</summary>
internal sealed class Call(
    Verb verb, ParseResult parsed, SharedOptions shared, Terminal terminal, CancellationToken cancel) : IDisposable
{
    private Api? _api;

    public Terminal Terminal => terminal;

    public CancellationToken Cancel => cancel;

    public DateTimeOffset Now => terminal.Time.GetUtcNow();

    public Printer Print { get; } = new(terminal, shared.OutputOf(parsed, terminal));

    /// <summary>Opened with the first question, so that a wrong command line asks nothing.</summary>
    public Api Api => _api ??= shared.Open(parsed, verb.OfTenant);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Null: it is optional, and was left out.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>As a part of a path.</summary>
    public string Part(Argument<string> argument) => Part(Get(argument));

    /// <summary>
    /// As a part of a path. What would be two of them, or the path above, names nothing: the server would look
    /// elsewhere.
    /// </summary>
    public static string Part(string typed) =>
        typed is "" or "." or ".." || typed.Contains('/', StringComparison.Ordinal)
            ? throw new UsageException($"'{typed}' is no id and no name.") : Uri.EscapeDataString(typed);

    public Task<Answer> Look(string path, params IEnumerable<(string Name, string? Value)> query) =>
        Api.Json(HttpMethod.Get, path + Query(query), cancel);

    public Task<Answer> Order(HttpMethod method, string path, JsonObject? body = null) =>
        Api.Json(method, path, cancel, body?.ToJsonString());

    /// <summary>An order whose answer is empty; <paramref name="note"/> says why, if anybody has.</summary>
    public Task Remove(string path, Option<string?> note) =>
        Api.Bytes(HttpMethod.Delete, path + Query(("note", Get(note))), cancel);

    /// <summary>Those options that were given, as the API calls them: <c>expires_at</c>.</summary>
    public JsonObject Body(params IEnumerable<Option> options)
    {
        var body = new JsonObject();
        foreach (var option in options)
            if (ValueOf(option) is { } value) body[ApiNames.FieldOf(option)] = value;
        return body;
    }

    /// <summary>Those options that were given, for a query.</summary>
    public IEnumerable<(string Name, string? Value)> Given(IEnumerable<Option<string?>> options) =>
        options.Select(o => (ApiNames.FieldOf(o), Get(o)));

    public static string Query(params IEnumerable<(string Name, string? Value)> fields)
    {
        var query = string.Join('&', fields.Where(f => f.Value is not null)
            .Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
        return query.Length == 0 ? "" : $"?{query}";
    }

    private JsonNode? ValueOf(Option option) => option switch
    {
        Option<string?> text => Get(text) is { } value ? JsonValue.Create(value) : null,
        Option<int?> number => Get(number) is { } value ? JsonValue.Create(value) : null,
        Option<double?> share => Get(share) is { } value ? JsonValue.Create(value) : null,
        Option<bool?> flag => Get(flag) is { } value ? JsonValue.Create(value) : null,
        Option<string[]> many => Get(many) is { Length: > 0 } values
            ? new JsonArray([.. values.Select(v => (JsonNode)v)]) : null,
        _ => throw new InvalidOperationException($"{option.Name} has no value in JSON"),
    };

    public void Dispose() => _api?.Dispose();
}
