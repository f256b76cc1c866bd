using System.Globalization;

namespace AkkaMail.Core.DomainReports;

/// <summary>
/// Reads at most so many octets and then refuses; <paramref name="head"/> are octets that were read already.
/// </summary>
internal sealed class BoundedStream(Stream inner, long most, string problem, ReadOnlyMemory<byte> head = default)
    : Stream
{
    private ReadOnlyMemory<byte> _head = head;
    private long _count;

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_head.Length > 0)
        {
            read = Math.Min(buffer.Length, _head.Length);
            _head.Span[..read].CopyTo(buffer);
            _head = _head[read..];
        }
        else read = inner.Read(buffer);
        if ((_count += read) > most)
            throw new ReportException(string.Create(CultureInfo.InvariantCulture,
                $"{problem} {most / (1024.0 * 1024):0.#} MB, more than a report can need."));
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _count; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
