using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AkkaMail.Core.Ids;

/// <summary>
/// The first 128 bits of a SHA-256 or HMAC-SHA-256: enough to tell any two of 2^64 apart, half the bytes.
/// </summary>
public readonly record struct Hash128(ulong High, ulong Low)
{
    public static Hash128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return Read(hash);
    }

    /// <summary>
    /// Of the person (<see cref="SamePerson"/>), keyed: nobody without the installation's key can test a journal for an
    /// address.
    /// </summary>
    public static Hash128 OfAddress(string envelopeAddress, ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(SamePerson.Of(envelopeAddress)), hash);
        return Read(hash);
    }

    public static Hash128 Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>The one behind it in the order of <see cref="ToBytes"/>; behind the last stands the first.</summary>
    public Hash128 Next() => Low == ulong.MaxValue ? new(High + 1, 0) : new(High, Low + 1);

    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }
}
