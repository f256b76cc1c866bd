namespace AkkaMail.Core.Leases;

/// <summary>
/// The generic cell rate algorithm: one number remembers when the next message would be due at an even pace, and a
/// burst may run so far ahead of it. The rate may change at any time; what is owed is then owed at the new rate.
/// Time comes in from outside: Akka.Streams' Throttle reads a clock of its own.
/// </summary>
public struct Gcra
{
    /// <summary>
    /// Whoever looks every so often is a little late each time. So much is made up for, but no more than one message:
    /// without it a lane of 20/s brings 17.
    /// </summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(50);

    private long _due;        // Ticks; the theoretical arrival time.
    private double _interval; // Ticks between two at an even pace.

    /// <summary>
    /// How long the next one has to wait; zero: it may go. <paramref name="perSecond"/> over 0,
    /// <paramref name="burst"/> from 1.
    /// </summary>
    public TimeSpan Wait(double perSecond, int burst, DateTimeOffset now)
    {
        Adopt(perSecond, now.UtcTicks);
        var ahead = _due - now.UtcTicks - (burst - 1) * _interval;
        // Whole ticks of the clock, upwards: a wait that has passed must suffice.
        return ahead <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(Math.Min(ahead, TimeSpan.TicksPerDay)));
    }

    public void Take(double perSecond, DateTimeOffset now)
    {
        Adopt(perSecond, now.UtcTicks);
        var late = Math.Min(Lateness.Ticks, (long)_interval);
        _due = Math.Max(_due, now.UtcTicks - late) + (long)_interval;
    }

    private void Adopt(double perSecond, long now)
    {
        var interval = TimeSpan.TicksPerSecond / perSecond;
        if (interval == _interval) return;
        if (_interval > 0 && _due > now) _due = now + (long)((_due - now) * (interval / _interval));
        _interval = interval;
    }
}
