using System.Text;
using System.Text.RegularExpressions;

namespace AkkaMail.Server.Lists;

/// <summary>How a list is written, told by its first octets: encoding, what is between cells, where rows begin.</summary>
/// <param name="Skipped">Lines before the first row: Excel's <c>sep=;</c> is one.</param>
internal sealed partial record ListForm(Encoding Encoding, char Delimiter, int Skipped)
{
    /// <summary>Octets of a list that are looked at.</summary>
    public const int HeadMax = 4096;

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    public static async Task<ListForm> OfAsync(Stream list, CancellationToken cancel)
    {
        var head = new byte[HeadMax];
        var length = await list.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        list.Position = 0;
        return Of(head.AsSpan(0, length));
    }

    public static ListForm Of(ReadOnlySpan<byte> head)
    {
        var encoding = EncodingOf(head);
        var lines = encoding.GetString(head).TrimStart('\uFEFF').Split(['\n', '\r'], 2);
        if (Separator().Match(lines[0]) is { Success: true } separator)
            return new(encoding, separator.Groups[1].Value is [var said] ? said : '\t', 1);
        return new(encoding, First(lines[0]) ?? ',', 0);
    }

    /// <summary>What the file is when it cannot be a list; null: it may be one.</summary>
    public static string? NoList(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', 3 or 5, ..] => "is a workbook or a zip: save it as CSV, or unpack it",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "is a workbook: save it as CSV",
        [0x1F, 0x8B, ..] => "is packed with gzip: unpack it",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "is a PDF: a list is text or CSV",
        _ when EncodingOf(head) is UTF8Encoding => head.Contains((byte)0) ? "is no text: a list is text or CSV"
            : head.TrimStart(" \t\r\n\uFEFF"u8) switch
            {
                [(byte)'{' or (byte)'[', ..] => "is JSON: a list is text or CSV",
                [(byte)'<', (byte)'!' or (byte)'?' or (byte)'h' or (byte)'H', ..] =>
                    "is HTML or XML: a list is text or CSV",
                _ => null,
            },
        _ => null,
    };

    public TextReader Open(Stream list, bool leaveOpen = false)
    {
        var text = new StreamReader(list, Encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: leaveOpen);
        for (var i = 0; i < Skipped; i++) SkipLine(text);
        return text;
    }

    private static void SkipLine(StreamReader text)
    {
        int c;
        do c = text.Read();
        while (c is not (-1 or '\n' or '\r'));
        if (c == '\r' && text.Peek() == '\n') text.Read();
    }

    /// <summary>Without a mark it is UTF-8, unless every other octet of it is zero.</summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };

    /// <summary>The first of its kind that stands outside quotes.</summary>
    private static char? First(string line)
    {
        var isQuoted = false;
        foreach (var c in line)
            if (c == '"') isQuoted = !isQuoted;
            else if (!isQuoted && Delimiters.Contains(c)) return c;
        return null;
    }

    [GeneratedRegex("^\"?sep=(.|\\\\t)\"?[;,\t]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Separator();
}
