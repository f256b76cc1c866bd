using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// The characters of an XML file, in whatever encoding it says it has. What is no character of XML becomes U+FFFD, and
/// an &amp; that begins no reference is one: a reporter does not send its figures again. Bounded between two
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
    private bool _isCdata, _isOver;

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
        var c = Clean(ahead[0]);
        if (!_isCdata && ahead.StartsWith("<![CDATA[")) _isCdata = true;
        else if (_isCdata && ahead.StartsWith("]]>")) _isCdata = false;
        _at++;
        var isBare = c == '&' && !_isCdata && !Reference().IsMatch(ahead[..Math.Min(ahead.Length, AheadMax)]);
        return isBare ? "&amp;" : $"{c}";
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
    /// XML 1.0 appendix F. A declaration that can be read octet by octet and says UTF-16 is wrong.
    /// </summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'<', 0, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0, (byte)'<', ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [(byte)'<', 0, ..] => Encoding.Unicode,
        [0, (byte)'<', ..] => Encoding.BigEndianUnicode,
        _ => Declaration().Match(Encoding.Latin1.GetString(head)) is { Success: true } declared
            && CodePages.Find(declared.Groups[1].Value) is { } encoding
            && encoding is not (UnicodeEncoding or UTF32Encoding) ? encoding : Encoding.UTF8,
    };

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
