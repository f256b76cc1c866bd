namespace AkkaMail.Engine.Metrics;

/// <summary>How long something took of late: of the last five seconds, at most the last <see cref="Kept"/> of them.</summary>
public sealed class RecentDurations
{
    public const int Kept = 512;

    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, TimeSpan Took)> _last = new();

    public void Add(DateTimeOffset at, TimeSpan took)
    {
        lock (_lock)
        {
            _last.Enqueue((at, took));
            if (_last.Count > Kept) _last.Dequeue();
        }
    }

    /// <summary>The 99th percentile; zero: there were none.</summary>
    public TimeSpan P99(DateTimeOffset now)
    {
        TimeSpan[] took;
        lock (_lock) took = [.. _last.Where(d => d.At > now - Recent).Select(d => d.Took)];
        if (took.Length == 0) return TimeSpan.Zero;
        Array.Sort(took);
        return took[(int)Math.Ceiling(0.99 * took.Length) - 1];
    }
}
