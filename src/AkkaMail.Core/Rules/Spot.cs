namespace AkkaMail.Core.Rules;

internal enum SpotKind : byte { Object, Array, Text, Number, Flag, Null }

/// <summary>
/// A JSON value and the line it stands in, which <c>JsonDocument</c> does not tell. <paramref name="Text"/> is a text's
/// value, a number's or flag's letters.
/// </summary>
internal sealed record Spot(int Line, SpotKind Kind, string Text)
{
    public IReadOnlyList<Member> Members { get; init; } = [];
    public IReadOnlyList<Spot> Items { get; init; } = [];

    /// <summary>For a message: what stands there.</summary>
    public string Words => Kind switch
    {
        SpotKind.Object => "an object {…}",
        SpotKind.Array => "a list […]",
        SpotKind.Text => $"the text \"{(Text.Length <= 60 ? Text : Text[..60] + "…")}\"",
        SpotKind.Number => $"the number {(Text.Length <= 60 ? Text : Text[..60] + "…")}",
        _ => Text,
    };
}

internal readonly record struct Member(string Name, int Line, Spot Value);
