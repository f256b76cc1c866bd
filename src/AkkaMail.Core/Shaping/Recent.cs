namespace AkkaMail.Core.Shaping;

/// <summary>The last minute of a lane, second by second. Not journaled: a new life looks afresh.</summary>
internal sealed class Recent
{
    public const int Seconds = 60;
    private readonly (long Second, OutcomeCounts Counts)[] _ring = new (long, OutcomeCounts)[Seconds];

    public void Add(OutcomeCounts counts, DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        ref var slot = ref _ring[second % Seconds];
        slot = slot.Second == second ? (second, slot.Counts.Plus(counts)) : (second, counts);
    }

    /// <summary>The sum of the last <paramref name="seconds"/> (up to 60), the running one included.</summary>
    public OutcomeCounts Over(int seconds, DateTimeOffset now)
    {
        var from = now.ToUnixTimeSeconds() - seconds;
        return _ring.Where(s => s.Second > from).Aggregate(OutcomeCounts.None, (sum, s) => sum.Plus(s.Counts));
    }

    public OutcomeCounts Since(DateTimeOffset at, DateTimeOffset now) =>
        Over((int)Math.Clamp(Math.Ceiling((now - at).TotalSeconds), 1, Seconds), now);
}
