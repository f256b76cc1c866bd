namespace AkkaMail.Engine.Metrics;

/// <summary>
/// For the log, of what may happen a thousand times a second: one line a minute, which tells how many others.
/// </summary>
public sealed class LineAMinute(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private long _unsaid;

    /// <summary>
    /// It happened <paramref name="times"/>. How often it had since the last line, these among them; null: no line now.
    /// </summary>
    public long? Says(long times = 1)
    {
        lock (_lock)
        {
            _unsaid += times;
            if (time.GetUtcNow() is var now && now < _next) return null;
            var all = _unsaid;
            (_next, _unsaid) = (now + Every, 0);
            return all;
        }
    }
}
