using System.Diagnostics.CodeAnalysis;

namespace AkkaMail.Core.Ids;

/// <summary>
/// Names a submission: 48 bits of Unix milliseconds, 16 bits of ledger partition, 64 bits of chance, written as 26
/// characters of Crockford's base 32. Ids sort by time, are URL-safe, and route to their ledger without a look-up, so a
/// later change of the ledger count never re-hashes old mail.
/// </summary>
public readonly record struct SubmissionId(ulong High, ulong Low) : IComparable<SubmissionId>
{
    public const int TextLength = 26;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public int Partition => (int)(High & 0xFFFF);
    public DateTimeOffset CreatedAt => DateTimeOffset.FromUnixTimeMilliseconds((long)(High >> 16));

    public static SubmissionId Create(int partition, DateTimeOffset at, ulong chance)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)partition, 0xFFFFu, nameof(partition));
        return new(((ulong)at.ToUnixTimeMilliseconds() << 16) | (uint)partition, chance);
    }

    /// <summary>The id of the submission so many places behind it, of those that were accepted together.</summary>
    public SubmissionId Next(int places) => this with { Low = unchecked(Low + (ulong)places) };

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
