using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AkkaMail.Server.Description;

/// <summary>
/// The requests of <c>docs/examples</c>, by operation: <c>SendMessages.receipt.json</c> is the example <c>receipt</c> of
/// the operation <c>SendMessages</c>. A test sends each.
/// </summary>
internal static class Examples
{
    private const string Prefix = "examples.";

    private static readonly ILookup<string, (string Name, JsonNode Body)> All =
        Read().ToLookup(e => e.Operation, e => (e.Name, e.Body));

    public static void Add(OpenApiOperation operation)
    {
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out var media) is not true) return;
        foreach (var (name, body) in All[operation.OperationId ?? ""])
        {
            media.Examples ??= new Dictionary<string, IOpenApiExample>();
            media.Examples[name] = new OpenApiExample { Value = body.DeepClone() };
        }
    }

    private static IEnumerable<(string Operation, string Name, JsonNode Body)> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var parts = resource[Prefix.Length..].Split('.');
            using var stream = assembly.GetManifestResourceStream(resource)!;
            yield return (parts[0], parts[1], JsonNode.Parse(stream)!);
        }
    }
}
