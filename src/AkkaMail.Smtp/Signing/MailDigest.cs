namespace AkkaMail.Smtp.Signing;

/// <summary>
/// A mail is written to this once: it keeps the header, hashes the body and counts the octets, so that a large mail is
/// never in memory as a whole.
/// </summary>
internal sealed class MailDigest : Stream
{
    private readonly MemoryStream _header = new(2048);
    private readonly RelaxedBody _body = new();
    private bool _inBody;
    private long _octets;

    /// <summary>Octets written so far.</summary>
    public override long Length => _octets;

    /// <summary>The header lines, without the empty line after them.</summary>
    public ReadOnlySpan<byte> Header => _header.GetBuffer().AsSpan(0, (int)_header.Length);

    public byte[] BodyDigest() => _body.Digest();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _octets += buffer.Length;
        if (_inBody) { _body.Append(buffer); return; }
        var from = (int)Math.Max(0, _header.Length - 3);   // The end of the header may lie across two pieces.
        _header.Write(buffer);
        var all = Header;
        var end = all[from..].IndexOf("\r\n\r\n"u8);
        if (end < 0) return;
        end += from + 2;
        _inBody = true;
        _body.Append(all[(end + 2)..]);
        _header.SetLength(end);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }

    public override void Flush() { }
    public override bool CanWrite => true;
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override long Position { get => _octets; set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
