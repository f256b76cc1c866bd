using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Lists;

/// <summary>How a list is written, told by its first octets: encoding, what is between cells, where rows begin.</summary>
/// <param name="Skipped">Lines before the first row: Excel's <c>sep=;</c> is one.</param>
/// <param name="Head">What was looked at, without those lines.</param>
internal sealed partial record ListForm(Encoding Encoding, char Delimiter, int Skipped, string Head, bool IsCut)
{
    /// <summary>Octets of a list that are looked at.</summary>
    public const int HeadMax = 64 * 1024;

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
        var (encoding, isCut) = (EncodingOf(head), head.Length == HeadMax);
        var text = encoding.GetString(head).TrimStart('\uFEFF');
        var end = text.AsSpan().IndexOfAny('\n', '\r') is >= 0 and var at ? at : text.Length;
        if (Separator().Match(text[..end]) is { Success: true } separator)
            return new(encoding, separator.Groups[1].Value is [var said] ? said : '\t', 1,
                text[Math.Min(text.Length, text.AsSpan(end).StartsWith("\r\n") ? end + 2 : end + 1)..], isCut);
        return new(encoding, DelimiterOf(text, isCut), 0, text, isCut);
    }

    /// <summary>The first rows, by the delimiter that was found; of plain text (<paramref name="isPlain"/>) by none.</summary>
    public ListSample Sample(bool isPlain = false) =>
        ListSample.Of(Head, isPlain ? null : Delimiter, IsCut, 1 + Skipped);

    /// <summary>The one that puts most addresses into one column; where none has any, the first in the first line.</summary>
    private static char DelimiterOf(string text, bool isCut)
    {
        var rows = text.TrimStart('\n', '\r');
        var first = First(rows.Split(['\n', '\r'], 2)[0]) ?? ',';
        return Delimiters.OrderByDescending(d => d == first)
            .MaxBy(d => ListSample.Of(text, d, isCut, 1) is var sample && sample.AddressColumns is [var column, ..]
                ? sample.Addresses(column) : 0);
    }

    /// <summary>What the file is when it cannot be a list; null: it may be one.</summary>
    public static string? NoList(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'P', (byte)'K', 3 or 5, ..] => "is a workbook or a zip: save it as CSV, or unpack it",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "is a workbook: save it as CSV",
        [0x1F, 0x8B, ..] => "is packed with gzip: unpack it",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "is a PDF: a list is text or CSV",
        _ when EncodingOf(head) is not UnicodeEncoding and not UTF32Encoding => head.Contains((byte)0) ? "is no text: a list is text or CSV"
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
        _ => IsUtf8(head) ? Encoding.UTF8 : CodePages.Find("windows-1252")!,
    };

    /// <summary>Excel's CSV is in the code page of its country. A character may be cut off where the head ends.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        while (!head.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(head, out _, out var length) is var status and not OperationStatus.Done)
                return status == OperationStatus.NeedMoreData;
            head = head[length..];
        }
        return true;
    }

    /// <summary>The first of its kind that stands outside quotes.</summary>
    private static char? First(string line)
    {
        var isQuoted = false;
        foreach (var c in line)
            if (c == '"') isQuoted = !isQuoted;
            else if (!isQuoted && Delimiters.Contains(c)) return c;
        return null;
    }

    [GeneratedRegex("^\"?sep *= *(.|\\\\t)\"?[;,\t]*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Separator();
}
