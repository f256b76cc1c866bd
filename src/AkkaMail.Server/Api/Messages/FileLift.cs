using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// Takes the files out of a body while it arrives: the base64 at <c>attachments[].content</c> is decoded as it comes, and
/// what is large goes to a file. <see cref="Rest"/> is the same JSON with an empty text in each such place, so a mail of
/// 40 MB is read like one of a few KB. What it does not understand it leaves as it is: whether it is JSON, and a mail,
/// is judged by whoever reads the rest.
/// </summary>
/// <param name="newFile">For what is large of all its files: one a body, so that no body takes up many descriptors.</param>
/// <param name="filesMax">Beyond it nothing is taken out: a mail may not have as many, and whoever reads it says so.</param>
/// <param name="bodyBytes">Of the whole body, where that is known.</param>
internal sealed class FileLift(Func<Stream> newFile, BodyMemory memory, int filesMax, long? bodyBytes = null) : IDisposable
{
    /// <summary>Octets of a file that stay in memory.</summary>
    private const int InMemoryMax = 64 << 10;

    private const int CharsMax = 64 << 10, LevelsMax = 64;

    /// <summary>Bytes that all that is no file of a mail hardly ever has.</summary>
    private const int PlainMax = 256 << 10;

    private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[],:"u8),
        EndsOfText = SearchValues.Create("\"\\"u8),
        Base64Chars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private enum State { Between, Name, Text, Lifting }

    // Lent: fresh memory for megabytes a call costs more than reading them does.
    private byte[] _rest = ArrayPool<byte>.Shared.Rent(4_096);
    private int _restLength;
    private long _seen;
    private readonly Dictionary<int, Octets> _files = [];
    private readonly bool[] _isList = new bool[LevelsMax + 1];
    private readonly byte[] _name = new byte[16];
    private readonly StringBuilder _escape = new(6);
    private readonly List<BodyGap> _gaps = [];
    private byte[] _chars = [], _octets = [];   // Most bodies have no files.
    private State _state;
    private int _depth, _nameLength, _entry, _charsLength;
    private bool _isNameNext, _isInAttachments, _isContent, _isLost, _isEscaped;
    private long _taken, _lifted;
    private MemoryStream? _small;
    private Stream? _spool;
    private long _from = -1;

    /// <summary>Until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Rest => _rest.AsMemory(0, _restLength);

    /// <summary>By the place of their attachment in its list.</summary>
    public IReadOnlyDictionary<int, Octets> Files => _files;

    /// <summary>Where something is missing in <see cref="Rest"/>, in its order.</summary>
    public IReadOnlyList<BodyGap> Gaps => _gaps;

    public void Take(ReadOnlySpan<byte> piece)
    {
        _seen += piece.Length;
        while (!piece.IsEmpty)
            piece = _isLost ? Keep(piece, piece.Length) : _state switch
            {
                State.Between => Between(piece),
                State.Lifting => Lift(piece),
                _ => InText(piece),
            };
    }

    private ReadOnlySpan<byte> Between(ReadOnlySpan<byte> piece)
    {
        var at = piece.IndexOfAny(Marks);
        if (at < 0) return Keep(piece, piece.Length);
        var mark = piece[at];
        piece = Keep(piece, at + 1);
        switch (mark)
        {
            case (byte)'{' or (byte)'[':
                if (++_depth > LevelsMax) { _isLost = true; break; }   // No request: the grammar says so.
                _isList[_depth] = mark == '[';
                _isNameNext = mark == '{';
                if (_depth == 2) _entry = 0;
                break;
            case (byte)'}' or (byte)']':
                _depth = Math.Max(0, _depth - 1);
                _isNameNext = false;
                break;
            case (byte)',':
                _isNameNext = _depth > 0 && !_isList[_depth];
                if (_depth == 2) _entry++;
                break;
            case (byte)':': _isNameNext = false; break;
            default: Begin(); break;
        }
        return piece;
    }

    private void Begin()
    {
        if (_isNameNext) (_state, _nameLength) = (State.Name, 0);
        else if (_depth == 3 && !_isList[1] && _isList[2] && !_isList[3] && _isInAttachments && _isContent
            && _entry < filesMax && !_files.ContainsKey(_entry))
        {
            (_state, _charsLength, _lifted, _small, _from) = (State.Lifting, 0, 0, new(), -1);
            if (_chars.Length == 0) (_chars, _octets) = (new byte[CharsMax], new byte[CharsMax]);
        }
        else _state = State.Text;
    }

    /// <summary>A name or another text, up to its end.</summary>
    private ReadOnlySpan<byte> InText(ReadOnlySpan<byte> piece)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            _nameLength = _name.Length + 1;   // None of ours is written so.
            return Keep(piece, 1);
        }
        var at = piece.IndexOfAny(EndsOfText);
        var text = at < 0 ? piece : piece[..at];
        if (_state == State.Name)
        {
            if (_nameLength + text.Length <= _name.Length) text.CopyTo(_name.AsSpan(_nameLength));
            _nameLength = Math.Min(_nameLength + text.Length, _name.Length + 1);
        }
        if (at < 0) return Keep(piece, piece.Length);
        if (piece[at] == '\\') _isEscaped = true;
        else
        {
            if (_state == State.Name) Named();
            _state = State.Between;
        }
        return Keep(piece, at + 1);
    }

    private void Named()
    {
        var name = _nameLength <= _name.Length ? _name.AsSpan(0, _nameLength) : default;
        if (_depth == 1) _isInAttachments = name.SequenceEqual("attachments"u8);
        else if (_depth == 3) _isContent = name.SequenceEqual("content"u8);
    }

    private ReadOnlySpan<byte> Lift(ReadOnlySpan<byte> piece)
    {
        if (_escape.Length > 0) return Escape(piece);
        var end = piece.IndexOfAnyExcept(Base64Chars);
        var chars = end < 0 ? piece : piece[..end];
        _lifted += chars.Length;
        while (!chars.IsEmpty)
        {
            var some = chars[..Math.Min(chars.Length, CharsMax - _charsLength)];
            some.CopyTo(_chars.AsSpan(_charsLength));
            _charsLength += some.Length;
            chars = chars[some.Length..];
            // The last four may be the end, with its padding.
            if (_charsLength == CharsMax && !Decode(CharsMax - 4)) return GiveUp(piece[(end < 0 ? piece.Length : end)..]);
        }
        if (end < 0) return default;
        piece = piece[end..];
        switch (piece[0])
        {
            case (byte)'"':
                End();
                return piece;
            case (byte)' ':
                _lifted++;
                return piece[1..];
            case (byte)'\\':
                _escape.Append('\\');
                _lifted++;
                return piece[1..];
            default: return GiveUp(piece);
        }
    }

    /// <summary>RFC 8259 §7: some write a plus or a slash so, and line ends.</summary>
    private ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> piece)
    {
        _escape.Append((char)piece[0]);
        _lifted++;
        piece = piece[1..];
        var isLong = _escape[1] == 'u';
        if (isLong && _escape.Length < 6) return piece;
        var said = _escape.ToString();
        _escape.Clear();
        var meant = !isLong ? said[1] switch { '/' => '/', 'n' or 'r' or 't' => ' ', _ => '\0' }
            : ushort.TryParse(said.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                ? (char)code : '\0';
        if (meant is ' ' or '\n' or '\r' or '\t') return piece;
        if (meant >= 128 || !Base64Chars.Contains((byte)meant))
        {
            Add(Encoding.Latin1.GetBytes(said));   // As it was: it may be no JSON at all.
            _lifted -= said.Length;
            return GiveUp(piece);
        }
        if (_charsLength == CharsMax && !Decode(CharsMax - 4)) return GiveUp(piece);
        _chars[_charsLength++] = (byte)meant;
        return piece;
    }

    private bool Decode(int count)
    {
        if (Base64.DecodeFromUtf8(_chars.AsSpan(0, count), _octets, out var read, out var made) != OperationStatus.Done
            || read != count) return false;
        _chars.AsSpan(count, _charsLength - count).CopyTo(_chars);
        _charsLength -= count;
        Write(_octets.AsSpan(0, made));
        // Behind padding nothing follows.
        return count == 0 || made == count / 4 * 3 || _charsLength == 0;
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        _taken += octets.Length;
        if (_taken > Body.FreeBytes) memory.Take(octets.Length);
        if (_from < 0 && _small!.Length + octets.Length > InMemoryMax)
        {
            _spool ??= newFile();
            _from = _spool.Length;
            _small.WriteTo(_spool);
        }
        (_from < 0 ? _small! : _spool!).Write(octets);
    }

    /// <summary>It was base64 to its end; or the text is one that no base64 is, and whoever reads it says so.</summary>
    private void End()
    {
        var isWhole = Decode(_charsLength);
        if (isWhole)
            _files[_entry] = _from < 0 ? Octets.Of(_small!.ToArray()) : Octets.Of(default, _spool!, _from, _spool!.Length);
        Gap(isWhole ? ""u8 : "!"u8);
        _state = State.Text;   // Whose end comes next.
    }

    private ReadOnlySpan<byte> GiveUp(ReadOnlySpan<byte> piece)
    {
        Gap("!"u8);
        _state = State.Text;
        return piece;
    }

    private void Gap(ReadOnlySpan<byte> instead)
    {
        Add(instead);
        _gaps.Add(new(_restLength, _lifted - instead.Length));
        _small = null;
    }

    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> piece, int count)
    {
        Add(piece[..count]);
        return piece[count..];
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_restLength + bytes.Length > _rest.Length)
        {
            // A body without files is all rest: then what is still to come is the most it can need, and it is moved once.
            var size = _restLength + bytes.Length + Math.Max(_restLength, (int)Math.Max(0, (bodyBytes ?? 0) - _seen));
            if (_restLength < PlainMax) size = Math.Min(size, Math.Max(PlainMax, _restLength + bytes.Length));
            var larger = ArrayPool<byte>.Shared.Rent(memory.Leave(size));
            _rest.AsSpan(0, _restLength).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_rest);
            _rest = larger;
        }
        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength += bytes.Length;
    }

    public void Dispose()
    {
        if (_rest.Length > 0) ArrayPool<byte>.Shared.Return(_rest);
        (_rest, _restLength) = ([], 0);
        try { _spool?.Dispose(); }
        catch (IOException) { }   // What it could not write, on a full disk.
    }
}
