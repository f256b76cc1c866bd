namespace AkkaMail.Simulator;

/// <summary>Counts what is taken, in one of the ways receivers count.</summary>
internal sealed class Meter
{
    private TimeSpan _at;
    private double _tokens = -1;
    private long _window;
    private int _taken;

    public bool Take(TimeSpan at, double rate, Counting counting)
    {
        if (counting == Counting.Bucket)
        {
            _tokens = _tokens < 0 ? rate : Math.Min(rate, _tokens + (at - _at).TotalSeconds * rate);
            _at = at;
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
        var seconds = counting == Counting.EachSecond ? 1 : 60;
        var window = (long)at.TotalSeconds / seconds;
        if (window != _window) (_window, _taken) = (window, 0);
        if (_taken >= rate * seconds) return false;
        _taken++;
        return true;
    }
}
