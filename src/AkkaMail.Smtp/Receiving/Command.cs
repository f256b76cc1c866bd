using System.Globalization;

namespace AkkaMail.Smtp.Receiving;

/// <summary>The path and parameters of MAIL or RCPT (RFC 5321 §4.1.2).</summary>
internal readonly record struct PathArgument(string Address, string[] Parameters)
{
    /// <summary>
    /// Octets of a path with its brackets (RFC 5321 §4.5.3.1.3), and some for addresses outside ASCII.
    /// </summary>
    private const int PathMax = 512;

    /// <summary>
    /// Reads <c>FROM:&lt;a@b.c&gt; SIZE=5</c>; a space after the colon is forgiven, a missing bracket is not.
    /// </summary>
    public static bool TryParse(string text, string keyword, out PathArgument path)
    {
        path = default;
        if (!text.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) return false;
        text = text[keyword.Length..].TrimStart(' ');
        if (text.Length < 2 || text[0] != '<') return false;
        var end = EndOf(text);
        if (end < 0 || end > PathMax || end + 1 < text.Length && text[end + 1] != ' ') return false;
        var address = text[1..end];
        // RFC 5321 §4.1.1.3: source routes are read and ignored.
        if (address.StartsWith('@')) address = address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (address.Any(c => char.IsControl(c))) return false;
        path = new(address, text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    /// <summary>The closing bracket; one inside a quoted local part is not it.</summary>
    private static int EndOf(string text)
    {
        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == '>' && !quoted) return i;
        }
        return -1;
    }

    /// <summary>
    /// Reads MAIL's parameters: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), and where AUTH is offered the
    /// AUTH of RFC 4954 §5, which says nothing we use; false for any other.
    /// </summary>
    public bool TryReadMail(bool auth, out long size, out bool smtpUtf8)
    {
        (size, smtpUtf8) = (0, false);
        foreach (var parameter in Parameters)
        {
            if (parameter.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase)) smtpUtf8 = true;
            else if (parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase))
            {
                var digits = parameter.AsSpan(5);
                if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size)) return false;
            }
            else if (auth && parameter.StartsWith("AUTH=", StringComparison.OrdinalIgnoreCase)) { }
            else if (!parameter.Equals("BODY=7BIT", StringComparison.OrdinalIgnoreCase)
                && !parameter.Equals("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase)) return false;
        }
        return true;
    }
}
