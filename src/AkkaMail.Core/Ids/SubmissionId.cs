using System.Diagnostics.CodeAnalysis;

namespace AkkaMail.Core.Ids;

/// <summary>
/// Names a submission: 48 bits of Unix milliseconds, 12 of ledger, 62 of chance, and between them the six that make it a
/// UUID of version 8 (RFC 9562 §5.8) for whoever keeps it in such a column. Written as 26 characters of Crockford's base
/// 32. Ids sort by time, are URL-safe, and route to their ledger without a look-up, so a later change of the ledger
/// count never re-hashes old mail.
/// </summary>
public readonly record struct SubmissionId(ulong High, ulong Low) : IComparable<SubmissionId>
{
    public const int TextLength = 26;

    /// <summary>Ledgers of an installation, at most.</summary>
    public const int PartitionsMax = 1_024;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const ulong Version = 8UL << 12, Variant = 2UL << 62, ChanceBits = (1UL << 62) - 1, PartitionBits = 0xFFF;

    public int Partition => (int)(High & PartitionBits);
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds((long)(High >> 16));

    /// <param name="chance">62 bits of it count.</param>
    public static SubmissionId Create(int partition, DateTimeOffset at, ulong chance)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)PartitionsMax, nameof(partition));
        return new(((ulong)at.ToUnixTimeMilliseconds() << 16) | Version | (uint)partition, Variant | ChanceOf(chance));
    }

    /// <summary>What it has of the chance it was made with.</summary>
    public ulong Chance => ChanceOf(Low);

    /// <summary>What an id has of this.</summary>
    public static ulong ChanceOf(ulong chance) => chance & ChanceBits;

    /// <summary>The id of the submission so many places behind it, of those that were accepted together.</summary>
    public SubmissionId Next(int places) => this with { Low = Variant | ChanceOf(Low + (ulong)places) };

    public override string ToString() => string.Create(TextLength, this, static (text, id) =>
    {
        var value = new UInt128(id.High, id.Low);
        for (var i = TextLength - 1; i >= 0; i--, value >>= 5) text[i] = Alphabet[(int)(value & 31)];
    });

    public static bool TryParse([NotNullWhen(true)] ReadOnlySpan<char> text, out SubmissionId id)
    {
        id = default;
        if (text.Length != TextLength || text[0] > '7') return false;   // 26 × 5 bits are 130: the first holds 3.
        UInt128 value = 0;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return false;
            value = (value << 5) | (uint)digit;
        }
        id = new((ulong)(value >> 64), (ulong)value);
        return true;
    }

    public int CompareTo(SubmissionId other) => (High, Low).CompareTo((other.High, other.Low));
    public static bool operator <(SubmissionId a, SubmissionId b) => a.CompareTo(b) < 0;
    public static bool operator >(SubmissionId a, SubmissionId b) => a.CompareTo(b) > 0;
    public static bool operator <=(SubmissionId a, SubmissionId b) => a.CompareTo(b) <= 0;
    public static bool operator >=(SubmissionId a, SubmissionId b) => a.CompareTo(b) >= 0;
}
