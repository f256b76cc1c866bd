namespace AkkaMail.Core.Mail;

/// <summary>
/// Octets of a mail or of a file in it, as many as memory may not have: some are there, others lie elsewhere and are read
/// piece by piece.
/// </summary>
public abstract class Octets
{
    public abstract long Length { get; }

    /// <summary>Null: they are not in memory as a whole.</summary>
    public virtual ReadOnlyMemory<byte>? InMemory => null;

    /// <summary>From the first one on. What is read may fail with a <see cref="StoreException"/>.</summary>
    public abstract Stream Open();

    public static Octets Of(ReadOnlyMemory<byte> octets) => new MemoryOctets(octets);

    /// <summary>
    /// <paramref name="before"/>, and what stands in a file of the caller's from <paramref name="from"/> on, up to
    /// <paramref name="to"/> or its end. They are read by one at a time, and end with the file.
    /// </summary>
    public static Octets Of(ReadOnlyMemory<byte> before, Stream file, long from, long? to = null) =>
        new FileOctets(before, file, from, (to ?? file.Length) - from);

    private sealed class MemoryOctets(ReadOnlyMemory<byte> octets) : Octets
    {
        public override long Length => octets.Length;
        public override ReadOnlyMemory<byte>? InMemory => octets;

        public override Stream Open() =>
            System.Runtime.InteropServices.MemoryMarshal.TryGetArray(octets, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
                : new MemoryStream(octets.ToArray(), writable: false);
    }

    private sealed class FileOctets(ReadOnlyMemory<byte> before, Stream file, long from, long count) : Octets
    {
        public override long Length => before.Length + count;

        public override Stream Open() => new Reader(before, file, from, Length);
    }

    /// <summary>It leaves the file open: somebody else has it.</summary>
    private sealed class Reader(ReadOnlyMemory<byte> before, Stream file, long from, long length) : Stream
    {
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            var read = Math.Min(buffer.Length, before.Length - (int)Math.Min(_position, before.Length));
            if (read > 0) before.Span.Slice((int)_position, read).CopyTo(buffer);
            else
            {
                file.Position = from + _position - before.Length;
                read = file.Read(buffer[..(int)Math.Min(buffer.Length, length - _position)]);
            }
            _position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => _position; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
