using System.Threading.Channels;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// What this node has of a limit: the lane itself, or one that several lanes share (a provider's total, a tenant's). It
/// renews its lease as long as there is mail.
/// </summary>
internal sealed class LeasedBudget(LaneKey key)
{
    public Budget Budget { get; } = new(key);
    public LaneTally Tally { get; } = new();
    public DateTimeOffset RenewAt { get; set; }
    public DateTimeOffset LastUse { get; set; }

    /// <summary>What waits for it now, for the next renewal.</summary>
    public long Waiting { get; set; }
}

/// <summary>A live lane on this node: its stream, what is on the wire, and the limits it goes by.</summary>
internal sealed class Lane(
    LaneKey key, Route route, int parallel, ChannelWriter<Dispatch> channel, LeasedBudget own,
    IReadOnlyList<LeasedBudget> shared)
{
    private readonly ScopedLimits _scoped = new();

    public LaneKey Key { get; } = key;
    public Route Route { get; set; } = route;

    /// <summary>Takes what is to be sent at once; it has room for all connections.</summary>
    public ChannelWriter<Dispatch> Channel { get; } = channel;

    public LeasedBudget Own { get; } = own;

    /// <summary>All limits, its own first.</summary>
    public IEnumerable<LeasedBudget> Limits => shared.Prepend(Own);

    /// <summary>Messages on the wire, and the tenant's limit each counts against.</summary>
    public Dictionary<AttemptId, (DueMessage Message, LeasedBudget? Limit)> Running { get; } = [];

    public List<Desk> Desks { get; } = [];

    /// <summary>Ended, or failed: nothing more goes there.</summary>
    public bool IsClosed { get; set; }

    /// <summary>How it stands with its receiver, 0 to 100; a lane nobody has told of stands well.</summary>
    public double Score => Own.Budget.Lease?.Why.Score ?? 100;

    public int Connections => Math.Min(parallel, Own.Budget.Lease?.Connections ?? 0);

    /// <summary>
    /// Whether <paramref name="line"/>'s next message may begin now. What is not transactional leaves
    /// <paramref name="reserve"/> of the connections free for what is.
    /// </summary>
    public bool CanTake(Line line, double reserve, DateTimeOffset now)
    {
        if (IsClosed || Running.Count >= parallel) return false;
        if (!line.IsTransactional && Running.Count >= Connections - (int)(Connections * reserve)) return false;
        if (Stops(line, now) || !IsInPace(line, now) || line.Limit?.Budget.MayBegin(now) == false) return false;
        foreach (var limit in Limits)
            if (!limit.Budget.MayBegin(now)) return false;
        return true;
    }

    public bool Stops(Line line, DateTimeOffset now) =>
        Own.Budget.Lease is { } lease && lease.Holds.Any(h => h.Stops(line.Tenant, line.Stream, now));

    /// <summary>
    /// Whether holds of its tenant or stream alone let it have one more. No clock is set for when they will: the next
    /// lease comes within a second, and another line may go meanwhile.
    /// </summary>
    private bool IsInPace(Line line, DateTimeOffset now) => Own.Budget.Lease is not { } lease
        || _scoped.MayBegin(lease, line.Tenant, line.Stream, hold => Running.Values.Count(
            r => hold.Concerns(r.Message.Queue.Tenant, r.Message.Queue.Stream)), now);

    /// <summary>A message of <paramref name="line"/> goes on the wire.</summary>
    public void Begin(Line line, DueMessage message, DateTimeOffset now)
    {
        Running.Add(message.Attempt, (message, line.Limit));
        Own.Tally.Began();
        if (Own.Budget.Lease is { } lease) _scoped.Begin(lease, line.Tenant, line.Stream, now);
    }

    /// <summary>
    /// How many messages are good to have at hand: a second's worth, or a few for each connection; one at least, none
    /// while it is stopped.
    /// </summary>
    public int Room(int creditsPerConnection, DateTimeOffset now)
    {
        if (IsClosed || Own.Budget.Lease is not { } lease || lease.IsSuspended(now)) return 0;
        var room = (double)Math.Max(1, Connections * creditsPerConnection);
        foreach (var limit in Limits)
        {
            if (limit.Budget.Lease is not { } l) return 0;
            if (l.Rate is { } rate) room = Math.Min(room, Math.Max(1, rate));
            if (l.Quota is not null) room = Math.Min(room, limit.Budget.QuotaLeft(now));
        }
        return (int)Math.Ceiling(room);
    }

    /// <summary>When time alone will let a message begin; null when something else has to happen first.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        if (IsClosed) return null;
        var next = now;
        foreach (var limit in Limits)
        {
            if (limit.Budget.NextAt(now) is not { } at) return null;
            if (at > next) next = at;
        }
        return next;
    }
}

/// <summary>A message on its way through its lane's stream.</summary>
public sealed record Dispatch(DueMessage Message, Route Route);
