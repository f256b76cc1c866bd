using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// All mail of one pool to one site on this node, and the lanes that can take it. What goes next is decided when a lane
/// can take it, not before: a message of another line that comes meanwhile has its turn.
/// </summary>
internal sealed class SiteQueue(string site, string pool)
{
    private readonly Dictionary<(string Tenant, string Stream, StreamKind? OwnKind), Line> _lines = [];
    private readonly Dictionary<Lane, int> _turns = [];

    public string Site { get; } = site;
    public string Pool { get; } = pool;

    /// <summary>Its mail is passed on by other nodes: it goes by the sources that are bound to this one.</summary>
    public bool IsOfAnother { get; init; }

    /// <summary>One a source of the pool that is here, with its weight.</summary>
    public List<(Lane Lane, int Weight)> Lanes { get; } = [];

    public Dictionary<(string Tenant, string Stream, StreamKind? OwnKind), Line>.ValueCollection Lines => _lines.Values;
    public long Depth => _lines.Values.Sum(l => l.Depth);

    /// <summary>What of it is likely to go by this lane, by the weights: all lanes' parts are the whole.</summary>
    public long DepthOf(Lane lane)
    {
        var (depth, all, before) = (Depth, Lanes.Sum(l => (long)l.Weight), 0L);
        foreach (var (other, weight) in Lanes)
        {
            var upTo = before + weight;
            if (other == lane) return (depth * upTo + all - 1) / all - (depth * before + all - 1) / all;
            before = upTo;
        }
        return 0;
    }

    /// <summary>It is looked at before anything else goes: something has changed for it.</summary>
    public bool IsStirred { get; set; }

    /// <summary>It waits for a time; when that is.</summary>
    public DateTimeOffset? WakesAt { get; set; }

    /// <summary>When it last had a turn, counted over all queues.</summary>
    public long Turn { get; set; }

    public DateTimeOffset LastUse { get; set; }

    public bool HasMail
    {
        get
        {
            foreach (var line in _lines.Values)
                if (line.HasMail) return true;
            return false;
        }
    }

    /// <summary>A ledger has more for it.</summary>
    public bool HasFeeds
    {
        get
        {
            foreach (var line in _lines.Values)
                if (line.Feeds.Count > 0) return true;
            return false;
        }
    }

    public Line LineOf(QueueKey queue)
    {
        if (_lines.TryGetValue((queue.Tenant, queue.Stream, queue.OwnKind), out var line)) return line;
        // A line that had a pause must not make up for it at the others' expense.
        line = new(this, queue.Tenant, queue.Stream, queue.OwnKind) { Served = Least() };
        _lines.Add((queue.Tenant, queue.Stream, queue.OwnKind), line);
        return line;
    }

    public Line? Find(QueueKey queue) => _lines.GetValueOrDefault((queue.Tenant, queue.Stream, queue.OwnKind));

    public Line MailIn(int ledger, QueueKey queue, int count, FreshHead? head = null)
    {
        var line = LineOf(queue);
        if (!line.HasMail) line.Served = Math.Max(line.Served, Least());
        line.MailIn(ledger, queue, count, head);
        return line;
    }

    /// <summary>How much of <paramref name="room"/> this line may have at hand, beside the others with mail.</summary>
    public int ShareOf(Line line, int room)
    {
        if (room <= 0) return 0;
        var all = _lines.Values.Where(l => l.HasMail).Sum(l => l.Weight);
        return (int)Math.Ceiling(room * line.Weight / Math.Max(all, line.Weight));
    }

    /// <summary>Lines with something at hand, the one that has had least first.</summary>
    public IEnumerable<Line> InTurn() => _lines.Values.Where(l => l.AtHand.Count > 0).OrderBy(l => l.Served);

    /// <summary>The line whose turn it is, and the lane that takes its next message now; null: none can.</summary>
    public (Line Line, Lane Lane)? Next(double reserve, Func<string, bool> isMissing, DateTimeOffset now)
    {
        if (First() is not { } first) return null;
        if (For(first) is { } chosen) return (first, chosen);
        // Mostly it is the lanes that are full, whoever asks; the others are put in order only if not.
        if (_lines.Count == 1 || !Lanes.Exists(l => l.Lane.HasRoom(now))) return null;
        foreach (var line in InTurn())
            if (line != first && For(line) is { } other) return (line, other);
        return null;

        Lane? For(Line line) => Choose(lane => lane.CanTake(line, reserve, now) && !isMissing(lane.Key.Source));
    }

    /// <summary>The first of <see cref="InTurn"/>, without sorting the rest: it is asked for each message.</summary>
    private Line? First()
    {
        Line? first = null;
        foreach (var line in _lines.Values)
            if (line.AtHand.Count > 0 && !(first?.Served <= line.Served)) first = line;
        return first;
    }

    /// <summary>The next message of <paramref name="line"/>, counted against it.</summary>
    public static Ready Take(Line line)
    {
        line.Served += 1 / line.Weight;
        return line.AtHand.Dequeue();
    }

    /// <summary>
    /// Smooth weighted round robin over the lanes that can take one now; a lane in bad repute has less of its weight.
    /// </summary>
    public Lane? Choose(Func<Lane, bool> canTake)
    {
        Lane? chosen = null;
        int total = 0, best = int.MinValue;
        foreach (var (lane, configured) in Lanes)
        {
            if (!canTake(lane)) continue;
            var weight = Math.Max(1, (int)(configured * 100 * Reputation.Factor(lane.Score)));
            var turn = _turns[lane] = _turns.GetValueOrDefault(lane) + weight;
            total += weight;
            if (turn > best) (chosen, best) = (lane, turn);
        }
        if (chosen is not null) _turns[chosen] -= total;
        return chosen;
    }

    /// <summary>
    /// When time alone will let one of its messages begin, after <paramref name="now"/>; null when something else has
    /// to happen first.
    /// </summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var line in _lines.Values)
        {
            if (line.AtHand.Count == 0) continue;
            var own = now;
            if (line.Limit is { } limit)
            {
                if (limit.Budget.NextAt(now) is not { } at) continue;
                own = at;
            }
            foreach (var (lane, _) in Lanes)
                if (lane.NextAt(now) is { } at && (at > own ? at : own) is var next && next > now && !(first <= next))
                    first = next;
        }
        return first;
    }

    /// <summary>Limits that it shares with other queues, and of which all is in use, hear that it waits.</summary>
    public void WaitForShared(DateTimeOffset now)
    {
        foreach (var line in _lines.Values)
        {
            if (line.AtHand.Count == 0) continue;
            if (line.Limit is { } limit && limit.Budget.NextAt(now) is null) limit.Hold(this);
            foreach (var (lane, _) in Lanes)
                foreach (var shared in lane.Limits.AsSpan(1))
                    if (shared.Budget.NextAt(now) is null) shared.Hold(this);
        }
    }

    /// <summary>
    /// Nothing of it can go on: each line with mail notes what for, by the lane that gives way first. A story tells it
    /// when the line goes on.
    /// </summary>
    public void NoteHeld(double reserve, Func<string, bool> isMissing, DateTimeOffset now)
    {
        foreach (var line in _lines.Values)
        {
            if (!line.HasMail) continue;
            HeldUp? first = Lanes.Count == 0 ? new(HeldBy.Source) : null;
            foreach (var (lane, _) in Lanes)
            {
                var held = isMissing(lane.Key.Source) ? new(HeldBy.Source) : lane.HoldsUp(line, reserve, now);
                if (first is not { By: var by } || Firmness(held.By) < Firmness(by)) first = held;
            }
            if (first is { By: not HeldBy.None } it) line.Held = (it.By, it.Hold?.Id, now);
        }
    }

    /// <summary>
    /// What ends by itself within a moment comes before what ends by time, and that before what may never end.
    /// </summary>
    public static int Firmness(HeldBy by) => by switch
    {
        HeldBy.None or HeldBy.Share => 0,
        HeldBy.Rate or HeldBy.Connections or HeldBy.TenantLimit => 1,
        HeldBy.WarmUp => 2,
        HeldBy.Hold or HeldBy.Breaker or HeldBy.Paused => 3,
        _ => 4,
    };

    public void Forget(Lane lane)
    {
        Lanes.RemoveAll(l => l.Lane == lane);
        _turns.Remove(lane);
    }

    public void Remove(Line line)
    {
        line.Limit = null;
        _lines.Remove((line.Tenant, line.Stream, line.OwnKind));
    }

    public void Tidy()
    {
        foreach (var line in _lines.Values)
            if (!line.HasMail) Remove(line);
    }

    private double Least() => _lines.Values.Where(l => l.HasMail).Select(l => l.Served).DefaultIfEmpty(0).Min();
}
