namespace AkkaMail.Simulator;

/// <summary>Counts what is taken, in one of the ways receivers count.</summary>
internal sealed class Meter
{
    private readonly Queue<TimeSpan> _lately = new();
    private TimeSpan _at;
    private double _tokens = -1;
    private long _window;
    private int _taken;

    /// <param name="rate">Messages a second.</param>
    /// <param name="window">For how long it counts, unless it is a bucket.</param>
    public bool Take(TimeSpan at, double rate, Counting counting, TimeSpan window)
    {
        switch (counting)
        {
            case Counting.Bucket:
                var most = Math.Max(1, rate);
                _tokens = _tokens < 0 ? most : Math.Min(most, _tokens + (at - _at).TotalSeconds * rate);
                _at = at;
                if (_tokens < 1) return false;
                _tokens--;
                return true;
            case Counting.Sliding:
                while (_lately.TryPeek(out var first) && first <= at - window) _lately.Dequeue();
                if (_lately.Count >= Math.Round(rate * window.TotalSeconds)) return false;
                _lately.Enqueue(at);
                return true;
            default:
                if (at.Ticks / window.Ticks is var now && now != _window) (_window, _taken) = (now, 0);
                if (_taken >= Math.Round(rate * window.TotalSeconds)) return false;
                _taken++;
                return true;
        }
    }
}
