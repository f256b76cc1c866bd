namespace AkkaMail.Smtp.Composing;

/// <summary>ASCII text in quoted-printable (RFC 2045 §6.7) whose every octet arrives: also a bare CR or LF.</summary>
internal static class QuotedText
{
    private const int LineMax = 76;

    private static ReadOnlySpan<byte> Hex => "0123456789ABCDEF"u8;

    /// <summary>
    /// It can go as it is: lines of at most 76 that end in CRLF, also the last one, and that nobody on the way has a
    /// reason to touch.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith("\r\n"u8)) return false;
        while (text.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            var line = text[..end];
            if (line.Length > LineMax || line.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !IsTabbed(line)
                || line is [.., (byte)' ' or (byte)'\t'] || line.StartsWith("From "u8) || line is [(byte)'.'])
                return false;
            text = text[(end + 2)..];
        }
        return text.IsEmpty;
    }

    private static bool IsTabbed(ReadOnlySpan<byte> line)
    {
        foreach (var c in line)
            if (c is < (byte)' ' and not (byte)'\t' or > (byte)'~') return false;
        return true;
    }

    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        var quoted = new MemoryStream(text.Length + text.Length / 16 + 16);
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (text[i..].StartsWith("\r\n"u8))
            {
                quoted.Write("\r\n"u8);
                (column, i) = (0, i + 1);
                continue;
            }
            var isLast = i + 1 == text.Length || text[(i + 1)..].StartsWith("\r\n"u8);
            var isPlain = c is > (byte)' ' and <= (byte)'~' and not (byte)'='
                || c is (byte)' ' or (byte)'\t' && !isLast;
            // A line of "From " or of a dot alone is one that somebody on the way might change.
            if (column == 0 && (c == (byte)'.' || text[i..].StartsWith("From "u8))) isPlain = false;
            var size = isPlain ? 1 : 3;
            if (column + size > LineMax - 1) Soft();
            if (isPlain) quoted.WriteByte(c);
            else quoted.Write([(byte)'=', Hex[c >> 4], Hex[c & 15]]);
            column += size;
            if (c == (byte)'\n' && i + 1 < text.Length) Soft();   // To be read as it was written.
        }
        // The line end before the boundary would be taken for the text's own by some.
        if (column > 0) Soft();
        return quoted.ToArray();

        void Soft()
        {
            quoted.Write("=\r\n"u8);
            column = 0;
        }
    }
}
