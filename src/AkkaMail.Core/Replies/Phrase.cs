using System.Collections.Immutable;

namespace AkkaMail.Core.Replies;

/// <summary>
/// Words in their order: <c>user * not found</c>. A <c>*</c> by itself stands for up to <see cref="GapMax"/> characters
/// of other words, at the end of a word for any ending (<c>throttl*</c>).
/// </summary>
public sealed class Phrase
{
    public const int GapMax = 60;
    public const int CharactersMax = 200;

    private Phrase(string text, ImmutableArray<string> parts) => (Text, Parts) = (text, parts);

    public string Text { get; }

    /// <summary>What stands between the gaps, as <see cref="Wording"/> has it; an open end has no space.</summary>
    internal ImmutableArray<string> Parts { get; }

    /// <summary>Null when it has no word, or nothing before or after a gap.</summary>
    public static Phrase? Read(string text)
    {
        var parts = text.Split([" * "], StringSplitOptions.None).Select(Part).ToImmutableArray();
        return parts.Any(part => part.Trim().Length == 0) ? null : new(text, parts);
    }

    private static string Part(string part)
    {
        var trimmed = part.Trim();
        var isOpen = trimmed.EndsWith('*');
        var words = Wording.Of(isOpen ? trimmed[..^1] : trimmed);
        return isOpen ? words.TrimEnd(' ') : words;
    }
}
