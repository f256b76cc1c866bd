using System.Buffers;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Reads the text after DATA up to the final dot. Only CRLF ends a line (RFC 5321 §2.3.8): who takes a bare LF or CR
/// for one reads another mail than the next server does, which is SMTP smuggling. Such a mail is refused, not mended.
/// </summary>
internal sealed class DataReader(int sizeMax, int lineMax)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(8192);
    private long _octets;
    private bool _atLineStart;

    public bool HasBareLineEnd { get; private set; }
    public bool HasLongLine { get; private set; }
    public bool IsTooLarge { get; private set; }

    /// <summary>Twice what was allowed, and still talking: reading to the dot would be a favour without end.</summary>
    public bool IsHopeless => _octets > 2L * sizeMax + 65536;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Begin()
    {
        // One large mail must not keep its buffer for the rest of a session.
        if (_bytes.Capacity > 1024 * 1024) _bytes.Clear(); else _bytes.ResetWrittenCount();
        _octets = 0;
        _atLineStart = true;
        HasBareLineEnd = HasLongLine = IsTooLarge = false;
    }

    /// <summary>Takes what is complete from <paramref name="buffer"/>; true when the final dot was in it.</summary>
    public bool Read(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        var ended = false;
        while (!ended && reader.TryReadTo(out ReadOnlySpan<byte> line, (byte)'\n')) ended = Line(line);
        if (!ended && reader.Remaining > lineMax)
        {
            // All but the last octet: it may be the CR of the coming LF.
            HasLongLine = true;
            _octets += reader.Remaining - 1;
            reader.Advance(reader.Remaining - 1);
            _atLineStart = false;
        }
        buffer = buffer.Slice(reader.Position);
        return ended;
    }

    /// <summary>A line without its LF; true when it is the final dot.</summary>
    private bool Line(ReadOnlySpan<byte> line)
    {
        _octets += line.Length + 1;
        var isProper = line.Length > 0 && line[^1] == '\r';
        if (!isProper || line[..^1].Contains((byte)'\r')) HasBareLineEnd = true;
        if (line.Length + 1 > lineMax) HasLongLine = true;
        // A dot line behind a bare LF is the smuggler's, not the end.
        if (_atLineStart && isProper && line is [(byte)'.', (byte)'\r']) return true;
        if (_atLineStart && line is [(byte)'.', ..]) line = line[1..];   // RFC 5321 §4.5.2
        _atLineStart = isProper;
        if (IsTooLarge || _bytes.WrittenCount + line.Length + 1 > sizeMax) { IsTooLarge = true; return false; }
        var target = _bytes.GetSpan(line.Length + 1);
        line.CopyTo(target);
        target[line.Length] = (byte)'\n';
        _bytes.Advance(line.Length + 1);
        return false;
    }
}
