using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// A body in its final octets. A mail is passed over twice, to sign or measure it and to send it; its parts are encoded
/// once.
/// </summary>
internal sealed class WrittenBody : MimePart
{
    private readonly ReadOnlyMemory<byte> _octets;
    private readonly bool _isMade;

    public WrittenBody(MimeEntity body, FormatOptions format)
    {
        var octets = new MemoryStream(4_096);
        body.WriteTo(format, octets, contentOnly: true);
        // MimeKit ends a mail's last line itself, but only that of a body it writes.
        if (format.EnsureNewLine && !octets.GetBuffer().AsSpan(0, (int)octets.Length).EndsWith("\n"u8))
            octets.Write("\r\n"u8);
        _octets = octets.GetBuffer().AsMemory(0, (int)octets.Length);
        _isMade = true;
        Headers.Clear();
        foreach (var header in body.Headers) Headers.Add(header);
    }

    /// <summary>They say what it is as they stand; nothing is read of them again.</summary>
    protected override void OnHeadersChanged(HeaderListChangedAction action, Header? header)
    {
        if (!_isMade) base.OnHeadersChanged(action, header);
    }

    public override void WriteTo(
        FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        if (!contentOnly) throw new NotSupportedException("It is the body of a mail, whose headers are the mail's.");
        stream.Write(_octets.Span);
    }

    public override Task WriteToAsync(
        FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        if (!contentOnly) throw new NotSupportedException("It is the body of a mail, whose headers are the mail's.");
        return stream.WriteAsync(_octets, cancellationToken).AsTask();
    }
}
