using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;

namespace AkkaMail.Smtp.Sending;

/// <summary>How waiting for leave to open a connection ended.</summary>
internal enum Turn { Open, Served, TooLate }

/// <summary>
/// How often each lane may open a connection: GCRA, by the monotonic clock. Those who wait race for the next turn; a
/// reservation each would be lost with every one who is served by a kept connection meanwhile.
/// </summary>
internal sealed class ConnectionPace(TimeProvider time)
{
    /// <summary>A slot of the lane is taken while it waits; any longer is better spent in the queue.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);

    /// <summary>How often one who waits looks whether a kept connection came free.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Lanes that owe time. One more waits: unknown must not mean unlimited.</summary>
    private const int LanesMax = 100_000;

    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<LaneKey, Paced> _lanes = [];
    private int _sweepAt = 1_000;

    /// <summary>When the lane has made up for all it opened (GCRA: theoretical arrival time), at which rate.</summary>
    private readonly record struct Paced(TimeSpan Clear, Rate Rate);

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>
    /// Waits for a turn of <paramref name="lane"/>; ends sooner when <paramref name="isServed"/>, asked each second.
    /// </summary>
    public async ValueTask<Turn> WaitAsync(LaneKey lane, Rate rate, Func<bool> isServed, CancellationToken cancel)
    {
        for (var until = Now + WaitMax; ;)
        {
            var wait = Take(lane, rate);
            if (wait == TimeSpan.Zero) return Turn.Open;
            var left = until - Now;
            if (left <= TimeSpan.Zero) return Turn.TooLate;
            if (wait > left) wait = left;
            await Task.Delay(wait > Look ? Look : wait, time, cancel);
            if (isServed()) return Turn.Served;
        }
    }

    /// <summary>Zero: the turn is taken. Else how long it will not be one.</summary>
    private TimeSpan Take(LaneKey lane, Rate rate)
    {
        var each = rate.Per / rate.Count;
        lock (_lanes)
        {
            var now = Now;
            var clear = now;
            if (_lanes.TryGetValue(lane, out var paced))
            {
                // A rate that was raised counts from now on: what is owed at 1/h must not hold back 100/s.
                if (paced.Rate != rate)
                    _lanes[lane] = paced = new(paced.Clear < now + each ? paced.Clear : now + each, rate);
                if (paced.Clear > now) clear = paced.Clear;
            }
            else if (_lanes.Count >= _sweepAt && !MakeRoom(now)) return Look;
            var early = clear - now - each * (rate.BurstOrDefault - 1);
            if (early > TimeSpan.Zero) return early < Tick ? Tick : early;
            _lanes[lane] = new(clear + each, rate);
            return TimeSpan.Zero;
        }
    }

    /// <summary>A timer's finest step; less would spin.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>A lane that is clear is as one never seen.</summary>
    private bool MakeRoom(TimeSpan now)
    {
        foreach (var (lane, paced) in _lanes)
            if (paced.Clear <= now) _lanes.Remove(lane);
        _sweepAt = Math.Clamp(2 * _lanes.Count, 1_000, LanesMax);
        return _lanes.Count < LanesMax;
    }
}
