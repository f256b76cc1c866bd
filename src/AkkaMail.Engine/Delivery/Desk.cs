using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// All mail of one pool to one site on this node, and the lanes that can take it. What goes next is decided when a lane
/// can take it, not before: a message of another line that comes meanwhile has its turn.
/// </summary>
internal sealed class Desk(string site, string pool)
{
    private readonly Dictionary<(string Tenant, string Stream, StreamKind? OwnKind), Line> _lines = [];
    private readonly Dictionary<Lane, int> _turns = [];

    public string Site { get; } = site;
    public string Pool { get; } = pool;

    /// <summary>One a source of the pool, with its weight.</summary>
    public List<(Lane Lane, int Weight)> Lanes { get; } = [];

    public IEnumerable<Line> Lines => _lines.Values;
    public bool HasMail => _lines.Values.Any(f => f.HasMail);
    public long Depth => _lines.Values.Sum(f => f.Depth);

    /// <summary>It waits for a time; when that is.</summary>
    public DateTimeOffset? WakesAt { get; set; }

    public DateTimeOffset LastUse { get; set; }

    public Line LineOf(QueueKey queue)
    {
        if (_lines.TryGetValue((queue.Tenant, queue.Stream, queue.OwnKind), out var line)) return line;
        // A line that had a pause must not make up for it at the others' expense.
        line = new(queue.Tenant, queue.Stream, queue.OwnKind) { Served = Least() };
        _lines.Add((queue.Tenant, queue.Stream, queue.OwnKind), line);
        return line;
    }

    public Line? FindLine(QueueKey queue) => _lines.GetValueOrDefault((queue.Tenant, queue.Stream, queue.OwnKind));

    public Line MailIn(int ledger, QueueKey queue, int count)
    {
        var line = LineOf(queue);
        if (!line.HasMail) line.Served = Math.Max(line.Served, Least());
        line.MailIn(ledger, queue, count);
        return line;
    }

    /// <summary>How much of <paramref name="room"/> this line may have at hand, beside the others with mail.</summary>
    public int ShareOf(Line line, int room)
    {
        if (room <= 0) return 0;
        var all = _lines.Values.Where(f => f.HasMail).Sum(f => f.Weight);
        return (int)Math.Ceiling(room * line.Weight / Math.Max(all, line.Weight));
    }

    /// <summary>Lines with something at hand, the one that has had least first.</summary>
    public IEnumerable<Line> InTurn() => _lines.Values.Where(f => f.AtHand.Count > 0).OrderBy(f => f.Served);

    /// <summary>The next message of <paramref name="line"/>, counted against it.</summary>
    public static DueMessage Take(Line line)
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

    public void Forget(Lane lane)
    {
        Lanes.RemoveAll(l => l.Lane == lane);
        _turns.Remove(lane);
    }

    public void Remove(Line line) => _lines.Remove((line.Tenant, line.Stream, line.OwnKind));

    public void Tidy()
    {
        foreach (var (key, line) in _lines)
            if (!line.HasMail) _lines.Remove(key);
    }

    private double Least() => _lines.Values.Where(f => f.HasMail).Select(f => f.Served).DefaultIfEmpty(0).Min();
}
