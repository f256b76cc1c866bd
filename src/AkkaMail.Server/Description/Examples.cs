using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>
/// The requests of <c>docs/examples</c>, by operation: <c>SendMessages.receipt.json</c> is the example <c>receipt</c> of
/// the operation <c>SendMessages</c>, and what is no JSON is a text by its type. Of <c>docs/examples/answers</c> it is
/// the status and the name: <c>SendMessages.202.receipt.json</c>. Tests send each, and hold the answers to what comes.
/// The shortest comes first: it is the one that is seen.
/// </summary>
internal static class Examples
{
    private const string Requests = "examples.", AnswersTo = "answers.", Json = "application/json";

    private static readonly ILookup<string, Example> Sent = Read(Requests);
    private static readonly ILookup<string, Example> Answered = Read(AnswersTo);

    /// <param name="Name">In the description; of an answer, its status and a point before it.</param>
    /// <param name="Extension">What kind of file it came from, as <c>csv</c>.</param>
    private sealed record Example(string Operation, string Name, string Extension, string Text);

    public static void Add(OpenApiOperation operation)
    {
        var id = operation.OperationId ?? "";
        foreach (var example in Sent[id])
            Add(operation.RequestBody?.Content, TypesOf(example.Extension), example.Name, example.Text);
        foreach (var example in Answered[id])
        {
            var (status, name) = (example.Name.Split('.')[0], example.Name.Split('.')[1]);
            var response = operation.Responses?[status] as OpenApiResponse
                ?? throw new InvalidOperationException($"{id} shares its answer {status} with others, which has no example");
            Add(response.Content, [Json, "application/problem+json"], name, example.Text);
        }
    }

    /// <summary>In the first of <paramref name="types"/> that there is.</summary>
    private static void Add(IDictionary<string, OpenApiMediaType>? content, string[] types, string name, string text)
    {
        var type = Array.Find(types, t => content?.ContainsKey(t) is true)
            ?? throw new InvalidOperationException($"the example {name} is of no type that there is");
        var media = content![type];
        media.Examples ??= new Dictionary<string, IOpenApiExample>();
        media.Examples[name] = new OpenApiExample
        {
            Value = type.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(text) : JsonValue.Create(text),
        };
    }

    /// <summary>A report is taken as the file it came in, whatever is in it.</summary>
    private static string[] TypesOf(string extension) => extension switch
    {
        "json" => [Json, "application/octet-stream"],
        "csv" => ["text/csv"],
        "txt" => ["text/plain"],
        "eml" => ["message/rfc822"],
        "xml" => ["application/octet-stream"],
        _ => throw new InvalidOperationException($"a .{extension} is of no type that is known"),
    };

    private static ILookup<string, Example> Read(string prefix) =>
        Files(prefix).OrderBy(e => e.Text.Length).ToLookup(e => e.Operation);

    private static IEnumerable<Example> Files(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal)) continue;
            var parts = resource[prefix.Length..].Split('.');
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new(parts[0], string.Join('.', parts[1..^1]), parts[^1], text.ReadToEnd());
        }
    }
}
