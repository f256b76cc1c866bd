using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// The characters of an XML file, in whatever encoding it says it has. What is no character of XML becomes U+FFFD, as
/// it stands or as a reference; an &amp; that begins none and a <c>]]&gt;</c> that ends nothing are text, and blanks
/// before the first tag are nothing: a reporter does not send its figures again. Bounded between two
/// <see cref="Mark"/>s, since a reader of XML compares each attribute of a tag with all others.
/// </summary>
internal sealed partial class ReportText : TextReader
{
    /// <summary>Characters of one node: a tag, a text, a comment.</summary>
    public const int NodeMax = 32 * 1024;

    /// <summary>Octets in which an XML declaration ends.</summary>
    private const int HeadMax = 256;

    /// <summary>The longest that is looked for at one place: <c>&lt;![CDATA[</c>, or <c>&amp;#x10FFFF;</c>.</summary>
    private const int AheadMax = 10;

    private readonly StreamReader _inner;
    private readonly char[] _buffer = new char[4096];
    private int _at, _filled, _count;
    private string _queued = "";
    private bool _isCdata, _isOver, _hasBegun;

    private ReportText(StreamReader inner) => _inner = inner;

    public static ReportText Open(Stream content)
    {
        var head = new byte[HeadMax];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var all = new BoundedStream(content, long.MaxValue, "", head.AsMemory(0, count));
        return new(new StreamReader(all, EncodingOf(head.AsSpan(0, count)), detectEncodingFromByteOrderMarks: true));
    }

    /// <summary>A node begins here.</summary>
    public void Mark() => _count = 0;

    public override int Read(char[] buffer, int index, int count)
    {
        var written = 0;
        if (!_hasBegun) SkipBlanks();
        while (written < count && (_queued.Length > 0 || Fill()))
        {
            if (_queued.Length == 0) _queued = Next();
            var take = Math.Min(_queued.Length, count - written);
            _queued.CopyTo(0, buffer, index + written, take);
            (_queued, written) = (_queued[take..], written + take);
            if (_queued.Length > 0) break;
            written += Plain(buffer.AsSpan(index + written, count - written));
        }
        if ((_count += written) > NodeMax + buffer.Length)
            throw new ReportException(
                $"It has a tag or a text of over {NodeMax} characters, more than a report can need.");
        return written;
    }

    /// <summary>Copies what needs no look ahead.</summary>
    private int Plain(Span<char> to)
    {
        var from = _buffer.AsSpan(_at, Math.Min(to.Length, _filled - _at));
        var end = from.IndexOfAny('&', '<', ']');
        if (end >= 0) from = from[..end];
        for (var i = 0; i < from.Length; i++) to[i] = Clean(from[i]);
        _at += from.Length;
        return from.Length;
    }

    private string Next()
    {
        var ahead = _buffer.AsSpan(_at, _filled - _at);
        if (_isCdata) _isCdata = !ahead.StartsWith("]]>");
        else if (ahead.StartsWith("<![CDATA[")) _isCdata = true;
        else if (ahead.StartsWith("]]>")) return Take(3, "]]&gt;");
        else if (ahead[0] == '&') return Ampersand(ahead[..Math.Min(ahead.Length, AheadMax)]);
        return Take(1, $"{Clean(ahead[0])}");
    }

    private string Ampersand(ReadOnlySpan<char> ahead)
    {
        foreach (var match in Reference().EnumerateMatches(ahead))
            return IsCharacter(ahead[..match.Length]) ? Take(1, "&") : Take(match.Length, "\uFFFD");
        return Take(1, "&amp;");
    }

    private string Take(int count, string text)
    {
        _at += count;
        return text;
    }

    /// <summary>XML 1.0 §4.1: a number has to be that of a character of XML.</summary>
    private static bool IsCharacter(ReadOnlySpan<char> reference)
    {
        if (reference[1] != '#') return true;
        var number = reference[2] == 'x'
            ? int.Parse(reference[3..^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : int.Parse(reference[2..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        return number <= char.MaxValue ? XmlConvert.IsXmlChar((char)number) : number <= 0x10FFFF;
    }

    /// <summary>XML allows none before its declaration.</summary>
    private void SkipBlanks()
    {
        while (Fill() && _buffer[_at] is ' ' or '\t' or '\r' or '\n' or '\uFEFF') _at++;
        _hasBegun = true;
    }

    /// <summary>So that what is looked for stands in the buffer as a whole; false at the end.</summary>
    private bool Fill()
    {
        if (_filled - _at < AheadMax && !_isOver)
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            (_at, _filled) = (0, _filled - _at);
            while (_filled < AheadMax && !_isOver)
            {
                var read = _inner.Read(_buffer, _filled, _buffer.Length - _filled);
                _filled += read;
                _isOver = read == 0;
            }
        }
        return _at < _filled;
    }

    private static char Clean(char c) => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD';

    /// <summary>
    /// XML 1.0 appendix F, by the octets around the first tag. A declaration that can be read octet by octet and says
    /// UTF-16 is wrong.
    /// </summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head)
    {
        // In UTF-16 and UTF-32 a blank is one octet among zeros, and which of them shows the order.
        var tag = head.IndexOfAnyExcept(" \t\r\n\0"u8);
        if (tag < 0 || head[tag] != '<') return Declared(head);
        return head[(tag & ~3)..] switch
        {
            [(byte)'<', 0, 0, 0, ..] => Encoding.UTF32,
            [0, 0, 0, (byte)'<', ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            _ => head[(tag & ~1)..] switch
            {
                [(byte)'<', 0, ..] => Encoding.Unicode,
                [0, (byte)'<', ..] => Encoding.BigEndianUnicode,
                _ => Declared(head),
            },
        };
    }

    private static Encoding Declared(ReadOnlySpan<byte> head) =>
         Declaration().Match(Encoding.Latin1.GetString(head)) is { Success: true } declared
        && CodePages.Find(declared.Groups[1].Value) is { } encoding
        && encoding is not (UnicodeEncoding or UTF32Encoding) ? encoding : Encoding.UTF8;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    [GeneratedRegex("^&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(
        """^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:()-]{1,40})["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();
}
