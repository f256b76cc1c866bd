using System.Buffers;
using System.Text;
using AkkaMail.Core.Mail;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// What a mail that is sent as it came is made of, by one reading of it: its head is in memory, its body stays where it
/// lies.
/// </summary>
internal sealed class RawOctets
{
    private const int PieceBytes = 64 << 10;
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n\0"u8);

    private readonly Octets _octets;
    private readonly long _bodyFrom;
    private bool _inBody, _endsInCrLf, _endsInCr;

    private RawOctets(Octets octets)
    {
        _octets = octets;
        var head = new ArrayBufferWriter<byte>();
        if (octets.InMemory is { } memory) Take(memory.Span, head);
        else
        {
            using var stream = octets.Open();
            var piece = new byte[PieceBytes];
            for (int read; (read = stream.Read(piece)) > 0;) Take(piece.AsSpan(0, read), head);
        }
        HasBareLineEnd |= _endsInCr;
        _bodyFrom = Math.Min(octets.Length, head.WrittenCount + (_inBody ? 2 : 0));
        // RFC 5321 §4.1.1.4: who is given a last line without its end adds it, there is no dot without.
        Head = _inBody || _endsInCrLf ? head.WrittenSpan.ToArray() : [.. head.WrittenSpan, .. "\r\n"u8];
    }

    public static RawOctets Read(Octets octets) => new(octets);

    /// <summary>
    /// All header lines with their CRLF. RFC 5322 §2.1: of a mail without an empty line that is all there is.
    /// </summary>
    public byte[] Head { get; }

    public bool HasBareLineEnd { get; private set; }

    /// <summary>Its body has octets beyond ASCII.</summary>
    public bool IsEightBit { get; private set; }

    private bool NeedsEnd => _inBody && !_endsInCrLf;

    /// <summary>Octets behind the empty line.</summary>
    public long BodyLength => _octets.Length - _bodyFrom + (NeedsEnd ? 2 : 0);

    public void WriteBodyTo(Stream stream)
    {
        if (_octets.InMemory is { } memory) stream.Write(memory.Span[(int)_bodyFrom..]);
        else
        {
            using var body = OpenBody();
            body.CopyTo(stream, PieceBytes);
        }
        if (NeedsEnd) stream.Write("\r\n"u8);
    }

    public async Task WriteBodyToAsync(Stream stream, CancellationToken cancel)
    {
        if (_octets.InMemory is { } memory) await stream.WriteAsync(memory[(int)_bodyFrom..], cancel);
        else
        {
            using var body = OpenBody();
            await body.CopyToAsync(stream, PieceBytes, cancel);
        }
        if (NeedsEnd) await stream.WriteAsync("\r\n"u8.ToArray(), cancel);
    }

    private Stream OpenBody()
    {
        var body = _octets.Open();
        body.Position = _bodyFrom;
        return body;
    }

    private void Take(ReadOnlySpan<byte> piece, ArrayBufferWriter<byte> head)
    {
        NoteLineEnds(piece);
        if (!_inBody)
        {
            var from = Math.Max(0, head.WrittenCount - 3);   // The empty line may lie across two pieces.
            head.Write(piece);
            var empty = head.WrittenSpan[from..].IndexOf("\r\n\r\n"u8);
            if (empty < 0) return;
            var end = from + empty + 2;
            var body = head.WrittenSpan[(end + 2)..];
            IsEightBit = !Ascii.IsValid(body);
            var written = head.WrittenSpan[..end].ToArray();
            head.Clear();
            head.Write(written);
            _inBody = true;
        }
        else IsEightBit |= !Ascii.IsValid(piece);
    }

    /// <summary>RFC 5321 §2.3.8: a CR and an LF stand together or not at all, and no NUL anywhere.</summary>
    private void NoteLineEnds(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty || HasBareLineEnd) return;
        var rest = piece;
        if (_endsInCr)
        {
            if (rest[0] != '\n') { HasBareLineEnd = true; return; }
            rest = rest[1..];
        }
        _endsInCrLf = _endsInCr && rest.IsEmpty;
        _endsInCr = false;
        for (int at; (at = rest.IndexOfAny(LineEnds)) >= 0; rest = rest[(at + 2)..])
        {
            _endsInCr = at == rest.Length - 1 && rest[at] == '\r';
            if (_endsInCr) return;
            if (!rest[at..].StartsWith("\r\n"u8)) { HasBareLineEnd = true; return; }
            _endsInCrLf = at + 2 == rest.Length;
        }
    }
}
