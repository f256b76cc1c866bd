using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes.Observing;

/// <summary>
/// What "too many connections" means: receivers say it of connections at once, and of new ones in a minute. Who took as
/// many at once a moment ago counts new ones, and fewer at once help nothing: the lane has to go slower. Not journaled: a
/// new life looks afresh.
/// </summary>
internal sealed class Crowd
{
    /// <summary>A count that was taken so long ago says nothing of now.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);

    /// <summary>What was said within it may be about what was there before.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (int InUse, DateTimeOffset At)> _nodes = [];
    private (int InUse, DateTimeOffset At) _taken, _tried;
    private int _answers;
    private DateTimeOffset _refusedAt, _last;

    /// <summary>Takes a report; whether its "too many connections" are about new ones.</summary>
    public bool IsOfNew(LaneReport report, string node, DateTimeOffset now)
    {
        if (now < _last) Forget();   // A clock that was set back tells no times.
        _last = now;
        foreach (var (other, last) in _nodes)
            if (now - last.At > Keep) _nodes.Remove(other);
        _nodes[node] = (report.MostInUse, now);
        var inUse = _nodes.Values.Sum(n => n.InUse);
        if (report.Counts[ReplyClass.TooManyConnections] > 0)
        {
            (_refusedAt, _tried) = (now, default);
            return inUse <= _taken.InUse && now - _taken.At <= Keep;
        }
        if (now - _refusedAt < Echo) return false;
        Take(inUse, report, now);
        return false;
    }

    /// <summary>
    /// As many as were in use are known to be taken once there have been as many answers: who refuses a connection may take
    /// some time for it.
    /// </summary>
    private void Take(int inUse, LaneReport report, DateTimeOffset now)
    {
        _answers += Fullness.Taken(report.Counts);
        if (now - _tried.At < Echo || _answers < _tried.InUse) return;
        var sure = Math.Min(_tried.InUse, inUse);
        if (sure > 0 && (sure >= _taken.InUse || now - _taken.At > Keep)) _taken = (sure, now);
        (_tried, _answers) = ((inUse, now), 0);
    }

    private void Forget()
    {
        _nodes.Clear();
        (_taken, _tried, _answers, _refusedAt) = (default, default, 0, default);
    }
}
