namespace AkkaMail.Core.Ids;

/// <summary>
/// What has a rate, a connection limit, a warm-up stage and a reputation: a source as one site sees it.
/// </summary>
public readonly record struct LaneKey(string Source, string Site)
{
    /// <summary>No source has an @ in its name; a text without one is no lane and throws.</summary>
    public static LaneKey Parse(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? new(text[..at], text[(at + 1)..])
        : throw new FormatException($"'{text}' is no lane: source@site");

    public override string ToString() => $"{Source}@{Site}";
}
