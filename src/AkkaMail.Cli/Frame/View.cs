using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// A thing by itself: a line for each of its <paramref name="Fields"/> that is there, then its
/// <paramref name="Sections"/>.
/// </summary>
internal sealed record View(IReadOnlyList<Field> Fields, params IReadOnlyList<ViewSection> Sections);

/// <summary>
/// Rows within a thing. In a pipe each is a line that begins with <paramref name="Name"/>; nothing is printed where
/// there are none.
/// </summary>
internal sealed record ViewSection(
    string Name, string Title, Func<JsonNode, IEnumerable<JsonNode>> Of, IReadOnlyList<Field> Fields)
{
    /// <summary>One of them at the most: on a screen its fields stand under each other.</summary>
    public bool IsLines { get; init; }
}
