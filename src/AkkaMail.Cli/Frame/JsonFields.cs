using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

internal static class JsonFields
{
    /// <summary>A field as text, null when it is not there; a list's entries are joined by commas.</summary>
    public static string? Text(this JsonNode? node, string name) => Field.Find(node, name).AsText();

    public static double? Number(this JsonNode? node, string name) => Field.Find(node, name).AsNumber();

    public static bool Is(this JsonNode? node, string name) => node.Text(name) == "true";

    /// <summary>The entries of a list; none, when it is not there.</summary>
    public static IEnumerable<JsonNode> Rows(this JsonNode? node, string name) =>
        (Field.Find(node, name) as JsonArray)?.OfType<JsonNode>() ?? [];

    public static string? AsText(this JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => string.Join(',', list.Select(entry => entry?.ToString())),
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };

    public static double? AsNumber(this JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}
