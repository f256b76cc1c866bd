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

    /// <summary>Answers to what was begun have had time to come.</summary>
    private static readonly TimeSpan Sure = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (int InUse, DateTimeOffset At)> _nodes = [];
    private (int InUse, DateTimeOffset At) _taken, _tried;
    private DateTimeOffset _refusedAt;

    /// <summary>Takes a report; whether its "too many connections" are about new ones.</summary>
    public bool IsOfNew(LaneReport report, string node, DateTimeOffset now)
    {
        foreach (var (other, last) in _nodes)
            if (now - last.At > Keep) _nodes.Remove(other);
        _nodes[node] = (report.MostInUse, now);
        var inUse = _nodes.Values.Sum(n => n.InUse);
        if (report.Counts[ReplyClass.TooManyConnections] == 0)
        {
            if (now - _refusedAt < Sure) return false;
            if (now - _tried.At >= Sure)
            {
                var sure = Math.Min(_tried.InUse, inUse);
                if (sure >= _taken.InUse || now - _taken.At > Keep) _taken = (sure, now);
                _tried = (inUse, now);
            }
            return false;
        }
        _refusedAt = now;
        _tried = default;
        return inUse <= _taken.InUse && now - _taken.At <= Keep;
    }
}
