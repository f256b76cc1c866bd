using System.Text;

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// A header as it stands: octets from <paramref name="Start"/> to <paramref name="End"/>, its folds and CRLF with it.
/// </summary>
internal readonly record struct HeaderSpan(int Start, int End, string Name, string Value);

/// <summary>
/// The headers of a mail by their octets (RFC 5322 §2.2): a parsed mail tells what a header means, not where it stood.
/// </summary>
internal static class HeaderFields
{
    /// <summary>Octets of a header: a mail with more is an attack on somebody's memory.</summary>
    public const int Max = 256 * 1024;

    /// <summary>Whether the header ends within <see cref="Max"/>; one that does not is not read.</summary>
    public static bool IsBounded(ReadOnlySpan<byte> mail) =>
        mail.Length <= Max || mail[..(Max + 2)].IndexOf("\r\n\r\n"u8) >= 0;

    /// <summary>
    /// Up to the empty line, or to the first line that is no header; none of a mail that is not
    /// <see cref="IsBounded"/>.
    /// </summary>
    public static List<HeaderSpan> Of(ReadOnlySpan<byte> mail)
    {
        var fields = new List<HeaderSpan>(32);
        if (!IsBounded(mail)) return fields;
        for (var at = 0; at < mail.Length;)
        {
            var end = EndOf(mail, at);
            var field = mail[at..end];
            var colon = field.IndexOf((byte)':');
            if (colon <= 0) break;
            // §4.5.8: old mail has blanks before the colon.
            var name = Encoding.Latin1.GetString(field[..colon]).TrimEnd(' ', '\t');
            if (name.Length == 0 || name.Any(c => c is <= ' ' or > '~')) break;
            fields.Add(new(at, end, name, Unfolded(field[(colon + 1)..])));
            at = end;
        }
        return fields;
    }

    /// <summary>§2.2.3: a line that begins with a blank belongs to the one before.</summary>
    private static int EndOf(ReadOnlySpan<byte> mail, int at)
    {
        do
        {
            var line = mail[at..].IndexOf("\r\n"u8);
            if (line < 0) return mail.Length;
            at += line + 2;
        }
        while (at < mail.Length && mail[at] is (byte)' ' or (byte)'\t');
        return at;
    }

    /// <summary>One blank for any number of them and of line ends.</summary>
    private static string Unfolded(ReadOnlySpan<byte> value) => string.Join(' ', Encoding.UTF8.GetString(value)
        .Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
