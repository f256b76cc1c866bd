namespace AkkaMail.Engine.Metrics;

/// <summary>How many came a second, over the last half minute or since the first.</summary>
public sealed class RecentRate
{
    private const int Seconds = 30;

    private readonly Lock _lock = new();
    private readonly Queue<(long Second, long Count)> _seconds = new();
    private (long Second, long Count) _now;
    private long _first;

    public void Add(DateTimeOffset at, long count)
    {
        lock (_lock)
        {
            var second = at.ToUnixTimeSeconds();
            if (_first == 0) (_first, _now) = (second, (second, 0));
            if (second != _now.Second)
            {
                _seconds.Enqueue(_now);
                if (_seconds.Count > Seconds) _seconds.Dequeue();
                _now = (second, 0);
            }
            _now.Count += count;
        }
    }

    /// <summary>Without the second that has just begun; 0 in the first.</summary>
    public double PerSecond(DateTimeOffset at)
    {
        lock (_lock)
        {
            var second = at.ToUnixTimeSeconds();
            while (_seconds.TryPeek(out var old) && old.Second < second - Seconds) _seconds.Dequeue();
            var over = Math.Min(Seconds, second - _first);
            var count = _seconds.Sum(s => s.Count) + (_now.Second < second && _now.Second >= second - Seconds ? _now.Count : 0);
            return _first == 0 || over <= 0 ? 0 : (double)count / over;
        }
    }
}
