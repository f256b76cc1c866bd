using AkkaMail.Core.Ids;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// Says of nearly every address at once that it is not suppressed, so that mail to people who are not costs no query: a
/// Bloom filter over the keyed hashes, which are as good as random. It never misses one; with
/// <see cref="BitsPerTarget"/> bits for each, 4 bits set, it sends one in 400 in vain to the table. It only grows:
/// lifted entries stay in it until it is made anew.
/// </summary>
internal sealed class SuppressionFilter
{
    private const int BitsPerTarget = 16, Hashes = 4;
    private const long BitsMin = 1 << 20;

    private readonly ulong[] _words;
    private readonly ulong _mask;
    private long _added;

    public SuppressionFilter(long targets)
    {
        var bits = BitsMin;
        while (bits < 2 * targets * BitsPerTarget) bits <<= 1;   // Room to double.
        (_words, _mask, Capacity) = (new ulong[bits / 64], (ulong)bits - 1, bits / BitsPerTarget);
    }

    /// <summary>Targets up to which it is as sharp as said.</summary>
    public long Capacity { get; }

    public bool IsFull => Interlocked.Read(ref _added) >= Capacity;

    public void Add(Hash128 target)
    {
        var isNew = false;
        for (var i = 0; i < Hashes; i++)
        {
            var (bit, mask) = (Bit(target, i), 1UL << (int)(Bit(target, i) & 63));
            isNew |= (Interlocked.Or(ref _words[bit >> 6], mask) & mask) == 0;
        }
        if (isNew) Interlocked.Increment(ref _added);   // What a follower reads again fills nothing.
    }

    public bool MayHave(Hash128 target)
    {
        for (var i = 0; i < Hashes; i++)
        {
            var bit = Bit(target, i);
            if ((Volatile.Read(ref _words[bit >> 6]) & 1UL << (int)(bit & 63)) == 0) return false;
        }
        return true;
    }

    /// <summary>Two halves of one hash give any number of hashes (Kirsch and Mitzenmacher, 2006).</summary>
    private ulong Bit(Hash128 target, int i) => (target.High + (ulong)i * (target.Low | 1)) & _mask;
}
