using System.Globalization;

namespace AkkaMail.Core.Replies;

/// <summary>RFC 3463 §2: class (2, 4, 5), subject (up to 3 digits), detail (up to 3 digits).</summary>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    /// <summary>RFC 3463 §4, X.6.X: the subject of what is wrong with the content.</summary>
    public const int OfContent = 6;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code) =>
        TryParsePrefix(text, out code, out var length) && length == text.Length;

    /// <summary>
    /// The code at the start of <paramref name="text"/>, if one stands there alone or before a space.
    /// </summary>
    public static bool TryParsePrefix(ReadOnlySpan<char> text, out EnhancedCode code, out int length)
    {
        code = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.') return false;
        var i = 2;
        if (!Number(text, ref i, out var subject) || i >= text.Length || text[i++] != '.') return false;
        if (!Number(text, ref i, out var detail)) return false;
        if (i < text.Length && text[i] is not (' ' or '\t' or '\r' or '\n')) return false;
        code = new(text[0] - '0', subject, detail);
        length = i;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, ref int i, out int value)
    {
        var start = i;
        value = 0;
        while (i < text.Length && i - start < 3 && char.IsAsciiDigit(text[i])) value = value * 10 + (text[i++] - '0');
        return i > start;
    }
}
