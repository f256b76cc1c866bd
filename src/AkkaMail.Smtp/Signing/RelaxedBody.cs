using System.Security.Cryptography;

namespace AkkaMail.Smtp.Signing;

/// <summary>
/// The hash of a body in relaxed form (RFC 6376 §3.4.4), fed in pieces: white space at a line's end goes, other white
/// space is one space, empty lines at the end go. An empty body stays empty.
/// </summary>
internal sealed class RelaxedBody : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[8192];
    private int _count;
    private long _lineEnds;
    private bool _space, _cr, _any;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b == '\n') { _lineEnds++; _space = _cr = false; continue; }
            if (_cr) { _cr = false; Put((byte)'\r'); }   // Alone it is no line end; a composed mail has none.
            if (b == '\r') _cr = true;
            else if (b is (byte)' ' or (byte)'\t') _space = true;
            else Put(b);
        }
    }

    /// <summary>A character of a line, after the line ends and the space that were held back until now.</summary>
    private void Put(byte b)
    {
        for (; _lineEnds > 0; _lineEnds--) WriteLineEnd();
        if (_space) { Write((byte)' '); _space = false; }
        Write(b);
        _any = true;
    }

    public byte[] Digest()
    {
        if (_cr) Put((byte)'\r');
        if (_any) WriteLineEnd();
        _hash.AppendData(_buffer, 0, _count);
        _count = 0;
        return _hash.GetHashAndReset();
    }

    private void WriteLineEnd()
    {
        Write((byte)'\r');
        Write((byte)'\n');
    }

    private void Write(byte b)
    {
        if (_count == _buffer.Length) { _hash.AppendData(_buffer); _count = 0; }
        _buffer[_count++] = b;
    }

    public void Dispose() => _hash.Dispose();
}
