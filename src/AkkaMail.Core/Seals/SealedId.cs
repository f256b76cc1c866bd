using System.Buffers.Binary;
using System.Security.Cryptography;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Seals;

/// <summary>
/// A message's name as a text that only we can make: HMAC-SHA256 under a purpose, so that a token for one thing is none
/// for another. It names no recipient.
/// </summary>
internal static class SealedId
{
    /// <summary>Octets of the seal: 80 bits, and each guess costs a transaction with us.</summary>
    private const int SealSize = 10;
    private const int NameSize = 18, TokenSize = NameSize + SealSize;

    /// <summary>RFC 4648 §6 in lower case: relays may change the case of a local part.</summary>
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Recipients of a submission are far fewer (1,000).</summary>
    private const int IndexMax = ushort.MaxValue;

    public static string Of(MessageId message, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)message.Index, (uint)IndexMax, nameof(message));
        Span<byte> token = stackalloc byte[TokenSize];
        BinaryPrimitives.WriteUInt64BigEndian(token, message.Submission.High);
        BinaryPrimitives.WriteUInt64BigEndian(token[8..], message.Submission.Low);
        BinaryPrimitives.WriteUInt16BigEndian(token[16..], (ushort)message.Index);
        Seal(token[..NameSize], purpose, key, token[NameSize..]);
        return Encode(token);
    }

    /// <summary>Null when we have not made it, with this key and for this purpose.</summary>
    public static MessageId? Verify(ReadOnlySpan<char> text, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> key)
    {
        Span<byte> token = stackalloc byte[TokenSize], seal = stackalloc byte[SealSize];
        if (!TryDecode(text, token)) return null;
        Seal(token[..NameSize], purpose, key, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, token[NameSize..])) return null;
        return new(new(BinaryPrimitives.ReadUInt64BigEndian(token), BinaryPrimitives.ReadUInt64BigEndian(token[8..])),
            BinaryPrimitives.ReadUInt16BigEndian(token[16..]));
    }

    private static void Seal(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> key, Span<byte> seal)
    {
        Span<byte> all = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, [.. purpose, .. name], all);
        all[..SealSize].CopyTo(seal);
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int bits = 0, count = 0, held = 0;
        foreach (var b in bytes)
            for (held = ((held & 31) << 8) | b, bits += 8; bits >= 5; bits -= 5)
                text[count++] = Alphabet[(held >> (bits - 5)) & 31];
        if (bits > 0) text[count] = Alphabet[(held << (5 - bits)) & 31];
        return new(text);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length != (bytes.Length * 8 + 4) / 5) return false;
        int bits = 0, count = 0, held = 0;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0) return false;
            held = ((held & 0xFFF) << 5) | digit;
            bits += 5;
            if (bits >= 8) bytes[count++] = (byte)(held >> (bits -= 8));
        }
        return true;
    }
}
