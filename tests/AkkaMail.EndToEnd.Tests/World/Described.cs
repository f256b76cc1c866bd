using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace AkkaMail.EndToEnd.Tests.World;

internal sealed record DescribedOperation(string Method, string Path, JsonObject Node)
{
    public string Id => (string)Node["operationId"]!;
}

/// <summary>The description of the API, as a client reads it, and whether something is as it says.</summary>
internal sealed partial class Described(JsonNode document)
{
    private static readonly EvaluationOptions Options =
        new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly Dictionary<string, JsonSchema> _schemas = [];

    public static async Task<Described> Read(HttpClient http) =>
        new(JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!);

    public JsonNode Document => document;

    public IEnumerable<DescribedOperation> Operations => document["paths"]!.AsObject().SelectMany(
        p => p.Value!.AsObject().Select(o => new DescribedOperation(o.Key, p.Key, o.Value!.AsObject())));

    public JsonNode Operation(string method, string path) => document["paths"]![path]![method]!;

    /// <summary>Null: no path is like this one.</summary>
    public DescribedOperation? Find(string method, string path) => Operations
        .Where(o => o.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && Regex.IsMatch(path, $"^{Parameter().Replace(o.Path, "[^/]+")}$"))
        .MinBy(o => o.Path.Count(c => c == '{'));

    public bool Knows(string path) =>
        document["paths"]!.AsObject().Any(p => Regex.IsMatch(path, $"^{Parameter().Replace(p.Key, "[^/]+")}$"));

    /// <summary>What a reference is to, or the node itself.</summary>
    public JsonNode Resolve(JsonNode node) => (string?)node["$ref"] is { } to
        ? to[2..].Split('/').Aggregate(document, (at, step) => at[step]!) : node;

    /// <summary>Each thing in which the value is not as the schema says; empty: it is.</summary>
    public IReadOnlyList<string> Faults(JsonNode schema, JsonElement value)
    {
        JsonSchema known;
        lock (_schemas)
            if (!_schemas.TryGetValue(schema.ToJsonString(), out known!))
                _schemas[schema.ToJsonString()] = known = JsonSchema.FromText(Bundle(schema));
        var result = known.Evaluate(value, Options);
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(d => d.Errors is { Count: > 0 })
            .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")).Append("is not as described")];
    }

    /// <summary>With all it refers to. An object has what is described, and nothing else.</summary>
    private string Bundle(JsonNode schema)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = document["components"]!["schemas"]!.DeepClone();
        foreach (var (_, definition) in whole["$defs"]!.AsObject())
            if (definition!["properties"] is not null) definition["additionalProperties"] ??= false;
        return whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\\?\{\w+\}")]
    private static partial Regex Parameter();
}
