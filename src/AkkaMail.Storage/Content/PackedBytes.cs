using System.Buffers.Binary;
using System.IO.Compression;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Octets behind their length, packed by Brotli at its fastest: mail is text, of which a half goes. Measured beside
/// PostgreSQL's own ways, the packing at the node costs less than what the server saves.
/// </summary>
internal static class PackedBytes
{
    private const int LengthBytes = 4, Quality = 1, Window = 18;

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[LengthBytes + BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        BinaryPrimitives.WriteInt32BigEndian(packed, bytes.Length);
        return BrotliEncoder.TryCompress(bytes, packed.AsSpan(LengthBytes), out var length, Quality, Window)
            ? packed[..(LengthBytes + length)] : throw new InvalidOperationException("The buffer holds any result.");
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var length = packed.Length >= LengthBytes ? BinaryPrimitives.ReadInt32BigEndian(packed) : -1;
        if (length is < 0 or > LengthMax) throw new InvalidDataException("a stored mail has no length");
        var bytes = new byte[length];
        return BrotliDecoder.TryDecompress(packed[LengthBytes..], bytes, out var written) && written == length
            ? bytes : throw new InvalidDataException("a stored mail is damaged");
    }

    /// <summary>Of what lies in one row: larger files lie apart.</summary>
    private const int LengthMax = 1 << 30;
}
