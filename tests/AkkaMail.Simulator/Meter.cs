namespace AkkaMail.Simulator;

/// <summary>Counts what is taken, in one of the ways receivers count (<see cref="ReceiverModel.Counting"/>).</summary>
internal sealed class Meter
{
    private readonly Queue<TimeSpan> _lately = new();
    private TimeSpan _at;
    private double _tokens = -1;
    private long _window;
    private int _taken;

    /// <summary>At <paramref name="at"/>, which may be ahead of the start by the phase of the receiver's clock.</summary>
    /// <param name="rate">Messages a second.</param>
    public bool Take(TimeSpan at, double rate, ReceiverModel model)
    {
        var window = model.Window;
        switch (model.Counting)
        {
            case Counting.Bucket:
                var most = Math.Max(1, rate * model.BucketSeconds);
                _tokens = _tokens < 0 ? most : Math.Min(most, _tokens + (at - _at).TotalSeconds * rate);
                _at = at;
                if (_tokens < 1) return false;
                _tokens--;
                return true;
            case Counting.Sliding:
                while (_lately.TryPeek(out var first) && first <= at - window) _lately.Dequeue();
                var isOver = _lately.Count >= Math.Round(rate * window.TotalSeconds);
                if (!isOver || model.CountsRefused) _lately.Enqueue(at);
                return !isOver;
            default:
                if (at.Ticks / window.Ticks is var now && now != _window) (_window, _taken) = (now, 0);
                if (_taken >= Math.Round(rate * window.TotalSeconds)) return false;
                _taken++;
                return true;
        }
    }
}
