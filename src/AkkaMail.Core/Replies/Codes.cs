namespace AkkaMail.Core.Replies;

/// <summary>Finds codes in text: at the front, where they belong, or where MTAs quote them.</summary>
internal static class Codes
{
    /// <summary>A reply code (RFC 5321 §4.2), 0 for none.</summary>
    public static int Reply(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 3 <= text.Length; i++)
        {
            if (text[i] is not ('2' or '4' or '5') || !IsCode(text, i)) continue;
            if (i == 0 || IsQuoted(text, i))
                return (text[i] - '0') * 100 + (text[i + 1] - '0') * 10 + (text[i + 2] - '0');
        }
        return 0;
    }

    /// <summary>The first enhanced code (RFC 3463 §2) that is no part of an IP address or a version.</summary>
    public static EnhancedCode? Status(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 5 <= text.Length; i++)
        {
            if (text[i] is not ('2' or '4' or '5') || text[i + 1] != '.') continue;
            if (i > 0 && (char.IsAsciiLetterOrDigit(text[i - 1]) || text[i - 1] is '.')) continue;
            var end = i + 2;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
            if (EnhancedCode.TryParse(text[i..end].TrimEnd('.'), out var code)) return code;
            i = end - 1;
        }
        return null;
    }

    private static bool IsCode(ReadOnlySpan<char> text, int i) =>
        text[i + 1] is >= '0' and <= '9' && char.IsAsciiDigit(text[i + 2])
        && (i + 3 == text.Length || text[i + 3] is ' ' or '-' or ':' or '\n' or '\r' or '\t' or ',' or '#');

    /// <summary>As in <c>said: 550 …</c>, <c>#550 …</c>, <c>'550 …</c>; or with a status behind it.</summary>
    private static bool IsQuoted(ReadOnlySpan<char> text, int i)
    {
        if (text[i - 1] is '\n' or '#' or '\'' or '"' or '<' or ':' or ';' or '>') return true;
        if (text[i - 1] is not (' ' or '(' or '[')) return false;
        if (Status(text.Slice(i + 3, Math.Min(9, text.Length - i - 3)).TrimEnd()) is { } status
            && status.Class == text[i] - '0') return true;
        var before = text[..(i - 1)].TrimEnd(' ');
        return before.IsEmpty || before[^1] is ':' or '\n' or ';' or '>' || before.EndsWith("<<<");
    }
}
