using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// What this node has of a limit: the lane itself, or one that several lanes share (a provider's total, a tenant's). It
/// renews its lease as long as there is mail.
/// </summary>
internal sealed class LeasedBudget(LimitKey key)
{
    private readonly Queue<SiteQueue> _held = [];
    private readonly HashSet<SiteQueue> _isHeld = [];

    public Budget Budget { get; } = new(key);
    public LaneTally Tally { get; } = new();
    public DateTimeOffset RenewAt { get; set; }
    public DateTimeOffset LastUse { get; set; }

    /// <summary>The lanes whose mail counts against it.</summary>
    public HashSet<Lane> Lanes { get; } = [];

    /// <summary>The lines of the tenant whose own limit it is.</summary>
    public HashSet<Line> Lines { get; } = [];

    /// <summary>The queues it concerns; some more than once.</summary>
    public IEnumerable<SiteQueue> Queues => Lanes.SelectMany(l => l.Queues).Concat(Lines.Select(l => l.Queue));

    public bool IsUsed => Lanes.Count > 0 || Lines.Count > 0 || Budget.InUse > 0;

    /// <summary>This queue could not go on because all of it is in use.</summary>
    public void Hold(SiteQueue queue)
    {
        if (_isHeld.Add(queue)) _held.Enqueue(queue);
    }

    /// <summary>Some of it is free again: the queue that has been held for longest, null: none is.</summary>
    public SiteQueue? Release()
    {
        while (_held.TryDequeue(out var queue))
        {
            _isHeld.Remove(queue);
            if (queue.HasMail) return queue;
        }
        return null;
    }

    /// <summary>What waits for it now, for the next renewal.</summary>
    public long Waiting { get; set; }

    /// <summary>A receiver's objection is on its way to the governor, and takes along those that come meanwhile.</summary>
    public bool HasObjection { get; set; }

    public LaneReport Drain(int waiting) => Tally.Drain(Budget.InUse, waiting);

    public RenewLease Renew(string node, DateTimeOffset now)
    {
        var waiting = (int)Math.Min(Waiting, 1_000_000);
        RenewAt = now + Sharing.Renewal;
        return new(
            node, new(waiting + Budget.InUse, Math.Min(waiting, 10_000) + Budget.InUse),
            Budget.QuotaLeft(now), waiting, Drain(waiting), Budget.Held(now));
    }
}
