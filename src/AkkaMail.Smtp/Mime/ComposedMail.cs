using MimeKit;
using MimeKit.IO;

namespace AkkaMail.Smtp.Mime;

/// <summary>What composing ends in: a <see cref="ComposedMail"/> or an <see cref="Uncomposable"/>.</summary>
public abstract record Composition;

/// <summary>This mail can never be made; <paramref name="Problem"/> says why, without naming an address.</summary>
public sealed record Uncomposable(string Problem) : Composition
{
    /// <summary>Ours, where the content is nothing that should have been taken; for the log alone.</summary>
    public Exception? Fault { get; init; }
}

/// <summary>
/// A mail in its final form: the same bytes at every retry, and for every recipient of one mail as long as nothing in
/// it is each recipient's own (an unsubscribe link). <paramref
/// name="MailFrom"/> and <paramref name="RcptTo"/> are envelope addresses with their domain in A-labels; an empty
/// <paramref name="MailFrom"/> is the null sender (RFC 5321 §4.5.5).
/// </summary>
public sealed record ComposedMail(
    MimeMessage Message, FormatOptions Format, string MailFrom, string RcptTo, bool NeedsSmtpUtf8) : Composition
{
    private long _size;

    /// <summary>
    /// It has octets beyond ASCII as they are (RFC 6152). What we compose has none; a mail that is passed on may.
    /// </summary>
    public bool NeedsEightBitMime { get; init; }

    internal ComposedMail WithSize(long size)
    {
        _size = size;
        return this;
    }

    /// <summary>Octets as RFC 1870 §3 counts them: CRLF as two, dot-stuffing not at all. Measured once.</summary>
    public long Size
    {
        get
        {
            if (_size > 0) return _size;
            using var measure = new MeasuringStream();
            WriteTo(measure);
            return _size = measure.Length;
        }
    }

    /// <summary>CRLF lines, not dot-stuffed: what stands between DATA and the final dot.</summary>
    public void WriteTo(Stream stream) => Message.WriteTo(Format, stream);

    /// <summary>The same in pieces, so that a large one is in memory at no time.</summary>
    public async Task WriteToAsync(Stream stream, CancellationToken cancel)
    {
        await using var pieces = new BufferedStream(stream, 64 << 10);
        await Message.WriteToAsync(Format, pieces, cancel);
        await pieces.FlushAsync(cancel);
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream(4096);
        WriteTo(stream);
        return stream.ToArray();
    }
}
