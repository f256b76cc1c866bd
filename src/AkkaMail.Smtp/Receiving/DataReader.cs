using System.Buffers;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Reads the text after DATA up to the final dot. Only CRLF ends a line (RFC 5321 §2.3.8): who takes a bare LF or CR
/// for one reads another mail than the next server does, which is SMTP smuggling. The same goes for NUL, which some
/// servers drop. Such a mail is refused, not mended.
/// </summary>
internal sealed class DataReader(ReceiverOptions options, MailMemory memory, SmtpSession session) : IDisposable
{
    /// <summary>What a session keeps between two mails.</summary>
    private const int KeptMax = 64 * 1024;

    /// <summary>Octets of a file that leave is asked for at once.</summary>
    private const int SpoolStep = 256 * 1024;

    private ArrayBufferWriter<byte>? _bytes;
    private Stream? _spool;
    private int _taken, _spoolRoom, _spooled;
    private long _octets;
    private bool _atLineStart;

    public bool HasBareLineEnd { get; private set; }
    public bool HasNul { get; private set; }
    public bool HasLongLine { get; private set; }
    public bool IsTooLarge { get; private set; }
    public bool HasNoRoom { get; private set; }

    /// <summary>Twice what was allowed, and still talking: reading to the dot would be a favour without end.</summary>
    public bool IsHopeless => _octets > 2L * options.SizeMaxOf(session) + 65536;

    /// <summary>All of the mail, or its beginning when it is <see cref="Spooled"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes?.WrittenMemory ?? default;

    public Stream? Spooled => _spool;

    public void Begin()
    {
        _octets = 0;
        _atLineStart = true;
        HasBareLineEnd = HasNul = HasLongLine = IsTooLarge = HasNoRoom = false;
    }

    /// <summary>Takes what is complete from <paramref name="buffer"/>; true when the final dot was in it.</summary>
    public bool Read(ref ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        var ended = false;
        while (!ended && reader.TryReadTo(out ReadOnlySpan<byte> line, (byte)'\n')) ended = Line(line);
        if (!ended && reader.Remaining > options.LineMax)
        {
            // All but the last octet: it may be the CR of the coming LF.
            var piece = reader.UnreadSequence.Slice(0, reader.Remaining - 1);
            HasLongLine = true;
            HasBareLineEnd |= piece.PositionOf((byte)'\r') is not null;
            HasNul |= piece.PositionOf((byte)0) is not null;
            _octets += piece.Length;
            reader.Advance(piece.Length);
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
        if (line.Contains((byte)0)) HasNul = true;
        if (line.Length + 1 > options.LineMax) HasLongLine = true;
        // A dot line behind a bare LF is the smuggler's, not the end.
        if (_atLineStart && isProper && line is [(byte)'.', (byte)'\r']) return true;
        if (_atLineStart && line is [(byte)'.', ..]) line = line[1..];   // RFC 5321 §4.5.2
        _atLineStart = isProper;
        if (IsTooLarge || HasNoRoom) return false;
        var written = _spool is null ? _bytes?.WrittenCount ?? 0 : _spooled;
        IsTooLarge = written + line.Length + 1 > options.SizeMaxOf(session);
        if (IsTooLarge) return false;
        if (session.Client is not null && options.Spool is { } spool && written >= options.SpoolFrom)
        {
            HasNoRoom = !TrySpool(spool, line);
            return false;
        }
        HasNoRoom = !TakeRoom(line.Length + 1);
        if (HasNoRoom) return false;
        var target = _bytes!.GetSpan(line.Length + 1);
        line.CopyTo(target);
        target[line.Length] = (byte)'\n';
        _bytes.Advance(line.Length + 1);
        return false;
    }

    /// <summary>False when there is no room: a full disk is a mail for later, not the end of the session.</summary>
    private bool TrySpool(Func<Stream> spool, ReadOnlySpan<byte> line)
    {
        if (_spoolRoom < line.Length + 1)
        {
            if (!memory.TryTake(SpoolStep, isClient: true)) return false;
            _taken += SpoolStep;
            _spoolRoom += SpoolStep;
        }
        _spoolRoom -= line.Length + 1;
        try
        {
            if (_spool is null)
            {
                _spool = spool();
                _spool.Write(Bytes.Span);
                _spooled = Bytes.Length;
            }
            _spool.Write(line);
            _spool.WriteByte((byte)'\n');
            _spooled += line.Length + 1;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    private bool TakeRoom(int octets)
    {
        if (_bytes?.FreeCapacity >= octets) return true;
        // As ArrayBufferWriter grows.
        var more = Math.Max(octets, _bytes?.Capacity ?? 8192);
        if (!memory.TryTake(more, session.Client is not null)) return false;
        _taken += more;
        _bytes ??= new(more);
        return true;
    }

    /// <summary>Nobody needs <see cref="Bytes"/> any more.</summary>
    public void End()
    {
        if (_taken > KeptMax) Dispose(); else _bytes?.ResetWrittenCount();
    }

    public void Dispose()
    {
        memory.Return(_taken);
        try { _spool?.Dispose(); }
        catch (IOException) { }   // What it could not write, on a full disk.
        (_bytes, _spool, _taken, _spoolRoom) = (null, null, 0, 0);
    }
}
