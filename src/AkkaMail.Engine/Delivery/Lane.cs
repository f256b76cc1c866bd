using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// A live lane on this node: what is on the wire, and the limits it goes by, its own first. Its stream takes
/// <paramref name="parallel"/> at once, whatever its lease.
/// </summary>
internal sealed class Lane(LaneKey key, Route route, int parallel, LeasedBudget own, IReadOnlyList<LeasedBudget> shared)
{
    private readonly ScopedLimits _scoped = new();

    public LaneKey Key { get; } = key;
    public Route Route { get; set; } = route;
    public int Parallel { get; } = parallel;
    public LeasedBudget Own { get; } = own;

    /// <summary>All limits, its own first. What has begun counts against those it began with.</summary>
    public LeasedBudget[] Limits { get; set; } = [own, .. shared];

    public Dictionary<AttemptId, OnWire> Running { get; } = [];

    /// <summary>Those it takes mail from: of several pools, or a smarthost's of all sites; who went last is last.</summary>
    public List<SiteQueue> Queues { get; } = [];

    /// <summary>Ended, or failed: nothing more goes there.</summary>
    public bool IsClosed { get; set; }

    /// <summary>How it stands with its receiver, 0 to 100; a lane nobody has told of stands well.</summary>
    public double Score => Own.Budget.Lease?.State.Score ?? 100;

    public int Connections => Math.Min(Parallel, Own.Budget.Lease?.Connections ?? 0);

    /// <summary>Whether its limits let anything begin now, whatever that is.</summary>
    public bool HasRoom(DateTimeOffset now)
    {
        if (IsClosed || Running.Count >= Parallel) return false;
        foreach (var limit in Limits)
            if (!limit.Budget.MayBegin(now)) return false;
        return true;
    }

    /// <summary>
    /// Whether <paramref name="line"/>'s next message may begin now. What is not transactional leaves
    /// <paramref name="reserve"/> of the connections free for what is.
    /// </summary>
    public bool CanTake(Line line, double reserve, DateTimeOffset now)
    {
        if (!line.IsTransactional && Running.Count >= Connections - (int)(Connections * reserve)) return false;
        return HasRoom(now) && line.Limit?.Budget.MayBegin(now) != false && !Stops(line, now) && IsInPace(line, now);
    }

    public bool Stops(Line line, DateTimeOffset now)
    {
        if (Own.Budget.Lease is not { State.Holds.IsEmpty: false } lease) return false;
        foreach (var hold in lease.State.Holds)
            if (hold.Stops(line.Tenant, line.Stream, now)) return true;
        return false;
    }

    /// <summary>
    /// Whether holds of its tenant or stream alone let it have one more. No clock is set for when they will: the next
    /// lease comes within a second, and another line may go meanwhile.
    /// </summary>
    private bool IsInPace(Line line, DateTimeOffset now) => Own.Budget.Lease is not { State.Holds.IsEmpty: false } lease
        || _scoped.MayBegin(lease, line.Tenant, line.Stream, hold => Running.Values.Count(
            r => hold.Target.Concerns(r.Message.Queue.Tenant, r.Message.Queue.Stream)), now);

    /// <summary>
    /// What keeps <paramref name="line"/>'s next message from beginning here: the firmest first. None: nothing does.
    /// Asked whenever nothing can go on, so it makes nothing.
    /// </summary>
    public HeldUp HoldsUp(Line line, double reserve, DateTimeOffset now)
    {
        var lease = Own.Budget.Lease;
        if (lease is { State.Holds.IsEmpty: false } && StopOf(lease.State, line, now) is { } stop)
            return new(stop.IsBreaker ? HeldBy.Breaker : HeldBy.Hold, stop);
        foreach (var limit in Limits)
            if (limit.Budget.HeldBy(now) is not HeldBy.None and var by)
                return new(by, limit == Own ? lease?.State.Behind(by) : null, limit.Budget);
        if (line.Limit is { Budget: var own } && own.HeldBy(now) is not HeldBy.None)
            return new(HeldBy.TenantLimit, null, own);
        if (lease is { State.Holds.IsEmpty: false } && !IsInPace(line, now) && lease.State.Holds.FirstOrDefault(h =>
            h.Covers(now) && !h.Target.IsLane && h.Target.Concerns(line.Tenant, line.Stream)) is { } slow)
            return new(HeldBy.Rate, slow);
        var isFull = !line.IsTransactional && Running.Count >= Connections - (int)(Connections * reserve);
        return new(isFull && lease is not null ? HeldBy.Connections : HeldBy.None);
    }

    /// <summary>The same for whoever asks: until when, and why.</summary>
    public Waiting Waits(Line line, double reserve, DateTimeOffset now) => HoldsUp(line, reserve, now) switch
    {
        { Budget: { } budget, By: var by } => budget.Waits(now) with { By = by },
        { Hold: { } hold, By: var by } => new(by, by == HeldBy.Rate ? null : hold.EndsAt) { Why = Slowing.Of(hold) },
        { By: var by } => new(by),
    };

    /// <summary>Of several the one that lasts longest.</summary>
    private static Hold? StopOf(LaneState state, Line line, DateTimeOffset now)
    {
        Hold? stop = null;
        foreach (var hold in state.Holds)
            if (hold.Stops(line.Tenant, line.Stream, now) && !(hold.Until <= stop?.Until)) stop = hold;
        return stop;
    }

    /// <summary>A message of <paramref name="line"/> goes on the wire.</summary>
    public void Begin(Line line, Ready ready, DateTimeOffset now)
    {
        var message = ready.Message;
        var held = line.Held.At >= message.DueAt ? line.Held : default;   // Else that was before its time.
        Running.Add(message.Attempt, new(message, Limits, line.Limit,
            new(line.Queue.Pool, Route.Provider, Route.Shaping, ready.At, held.By, held.Hold)));
        Own.Tally.Began(Running.Count);
        if (Own.Budget.Lease is { } lease) _scoped.Begin(lease, line.Tenant, line.Stream, now);
        foreach (var limit in Limits) Begin(limit, now);
        if (line.Limit is { } tenant) Begin(tenant, now);
    }

    /// <summary>When a connection is free again, the other queues are before it.</summary>
    public void HasHad(SiteQueue queue)
    {
        if (Queues[^1] == queue) return;
        Queues.Remove(queue);
        Queues.Add(queue);
    }

    /// <summary>It is no longer on the wire. False: it was not.</summary>
    public bool End(AttemptId attempt, out OnWire ended)
    {
        if (!Running.Remove(attempt, out ended)) return false;
        foreach (var limit in ended.Limits) limit.Budget.End();
        ended.Tenant?.Budget.End();
        return true;
    }

    private static void Begin(LeasedBudget limit, DateTimeOffset now)
    {
        limit.Budget.Begin(now);
        limit.LastUse = now;
    }

    /// <summary>
    /// How many messages are good to have at hand: a second's worth, or a few for each connection; one at least, none
    /// while it is stopped.
    /// </summary>
    public int Room(int creditsPerConnection, DateTimeOffset now)
    {
        if (IsClosed || Own.Budget.Lease is not { } lease || lease.State.IsSuspendedAt(now)) return 0;
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

/// <summary>A message on the wire, and the limits it counts against: its lane's, and its tenant's own.</summary>
internal readonly record struct OnWire(
    DueMessage Message, LeasedBudget[] Limits, LeasedBudget? Tenant, Departure Departure);

/// <summary>
/// What a line cannot go on for; <paramref name="Hold"/> is behind it, <paramref name="Budget"/> is the limit that is
/// used up.
/// </summary>
internal readonly record struct HeldUp(HeldBy By, Hold? Hold = null, Budget? Budget = null);

/// <summary>A message on its way through its lane's stream.</summary>
public sealed record Dispatch(DueMessage Message, Route Route);
