using System.Text;

namespace AkkaMail.Core.Ids;

/// <summary>
/// Text that encodes. A string may hold half of a surrogate pair (Unicode §3.9, D75), which no UTF-8 has: a commit that
/// many share would fail for one such word. So what comes from outside is mended where it becomes a value of ours.
/// </summary>
public static class WellFormed
{
    /// <summary>The same text; each half of a pair becomes U+FFFD, as a decoder would have read it.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text;   // Nearly all there is.
        var mended = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) mended.Append(rune);
        return mended.ToString();
    }

    public static string? OrNull(string? text) => text is null ? null : Of(text);
}
