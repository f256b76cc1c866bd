using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>Finds addresses in text that people and machines wrote; what is found is an address in form only.</summary>
internal static partial class Addresses
{
    public const int LengthMax = 320;

    /// <summary>Of a field as in <c>rfc822; a@example.com</c> (RFC 3464 §2.3.1); null when it has none.</summary>
    public static string? OfField(string? value)
    {
        if (value is null) return null;
        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        return First(Characters(semicolon is > 0 and < 20 ? value[(semicolon + 1)..] : value));
    }

    /// <summary>
    /// RFC 6533 §3, utf-8-addr-xtext: <c>\x{EB}</c> is ë where a report has to be ASCII. What is no character stays.
    /// </summary>
    public static string Characters(string text) => !text.Contains(@"\x{", StringComparison.Ordinal) ? text
        : Embedded().Replace(text, m =>
            Rune.TryCreate(
                int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture), out var rune)
            && !Rune.IsControl(rune) ? rune.ToString() : m.Value);

    /// <summary>Of a field as in <c>dns; mx.example.com (TCP|192.0.2.1|25)</c>.</summary>
    public static string? OfHost(string? value)
    {
        if (value is null) return null;
        var host = value[(value.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();
        var end = host.AsSpan().IndexOfAny(" [(");
        return (end < 0 ? host : host[..end]).TrimEnd('.');
    }

    public static string? First(ReadOnlySpan<char> text) => Find(text, 0) is { } found ? text[found].ToString() : null;

    public static IEnumerable<string> All(string text)
    {
        text = Characters(text);
        for (var from = 0; Find(text, from) is { } found; from = found.End.Value) yield return text[found];
    }

    public static Range? Find(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; (at = IndexOf(text, '@', at)) >= 0; at++)
        {
            var start = LocalStart(text, from, at);
            var end = at + 1;
            while (end < text.Length && end - at <= 255 && IsDomain(text[end])) end++;
            while (end > at && text[end - 1] is '.' or '-') end--;
            if (start < at && end > at + 1 && end - start <= LengthMax) return start..end;
        }
        return null;
    }

    private static int IndexOf(ReadOnlySpan<char> text, char what, int from) =>
        text[from..].IndexOf(what) is >= 0 and var at ? from + at : -1;

    private static int LocalStart(ReadOnlySpan<char> text, int from, int at)
    {
        var start = at;
        if (at > from && text[at - 1] == '"')   // RFC 5321 §4.1.2: Quoted-string.
        {
            for (var i = at - 2; i >= from && at - i <= 66; i--)
                if (text[i] == '"') return i;
            return at;
        }
        while (start > from && at - start < 64 + 1 && IsLocal(text[start - 1])) start--;
        while (start < at && text[start] is '.' or '\'' or '*' or '-' or '`') start++;
        return start;
    }

    private static bool IsDomain(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_';

    private static bool IsLocal(char c) =>
        char.IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal);

    [GeneratedRegex(@"\\x\{([0-9A-Fa-f]{1,6})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Embedded();
}
