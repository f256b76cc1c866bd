using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// What this node holds of the limits: leases from their governors as long as there is mail for them. Each limit knows
/// which queues it concerns.
/// </summary>
internal sealed partial class SiteQueues
{
    private readonly Dictionary<LimitKey, LeasedBudget> _limits = [];
    private readonly Queue<(LeasedBudget Limit, DateTimeOffset At)> _objections = [];
    private readonly List<ToGovernor> _toGovernors = [];

    public void Leased(Lease lease, DateTimeOffset now)
    {
        if (!_limits.TryGetValue(lease.Limit, out var limit)) return;
        limit.Budget.Take(lease, now);
        if (lease.Limit is LimitKey.Lane { Key: var key } && _lanes.TryGetValue(key, out var own))
            own.Route = shaping.RouteOf(key.Source, key.Site);
        foreach (var queue in limit.Queues.OrderBy(q => q.Turn))
        {
            Stir(queue);
            Want(queue);
        }
    }

    /// <summary>What is left of the lanes is divided among those who live, before their governors live again.</summary>
    public void NodeDied(string died)
    {
        foreach (var limit in _limits.Values) limit.Budget.Inherit(died, node);
        foreach (var queue in _queues.Values)
        {
            Stir(queue);
            Want(queue);
        }
    }

    /// <summary>What the governors should hear by now; told once.</summary>
    public IReadOnlyList<ToGovernor> ToGovernors(DateTimeOffset now)
    {
        while (_objections.TryPeek(out var objection) && objection.At <= now)
        {
            _objections.Dequeue();
            objection.Limit.HasObjection = false;
            if (_limits.GetValueOrDefault(objection.Limit.Budget.Limit) == objection.Limit) Renew(objection.Limit, now);
        }
        if (_toGovernors.Count == 0) return [];
        var words = _toGovernors.ToImmutableArray();
        _toGovernors.Clear();
        return words;
    }

    /// <summary>The receiver has said no to something: its governor hears of it before the next renewal.</summary>
    private void Object(LeasedBudget limit, DateTimeOffset now)
    {
        if (limit.HasObjection) return;
        limit.HasObjection = true;
        _objections.Enqueue((limit, now + settings.ObjectionPause));
    }

    private LeasedBudget LimitOf(LimitKey key, DateTimeOffset now)
    {
        if (!_limits.TryGetValue(key, out var limit)) _limits.Add(key, limit = new(key) { LastUse = now });
        return limit;
    }

    private LeasedBudget? TenantLimit(string tenant, DateTimeOffset now) =>
        SharedLimits.OfTenant(shaping.Rules(), tenant) is { } limit ? LimitOf(limit, now) : null;

    /// <summary>A lane's first lease is asked for at once; nothing is sent before it is there.</summary>
    private void RenewIfNew(SiteQueue queue, DateTimeOffset now)
    {
        foreach (var (lane, _) in queue.Lanes)
            foreach (var limit in lane.Limits) RenewIfNew(limit, now);
        foreach (var line in queue.Lines)
            if (line.Limit is { } limit) RenewIfNew(limit, now);
    }

    private void RenewIfNew(LeasedBudget limit, DateTimeOffset now)
    {
        if (limit.Budget.Lease is null && limit.RenewAt <= now) Renew(limit, now);
    }

    private void RenewLeases(DateTimeOffset now)
    {
        foreach (var limit in _limits.Values)
        {
            limit.Waiting = limit.Queues.Distinct().Sum(q => q.Depth);
            if (limit.Waiting > 0 || limit.Budget.InUse > 0 || now - limit.LastUse < Sharing.LeaseTime)
                Renew(limit, now);
        }
    }

    private void Renew(LeasedBudget limit, DateTimeOffset now) =>
        _toGovernors.Add(new(limit.Budget.Limit, limit.Renew(node, now)));

    /// <summary>Limits that count for no lane any more are free for other nodes at once.</summary>
    private void LeaveUnused()
    {
        foreach (var (key, limit) in _limits)
        {
            if (limit.IsUsed) continue;
            _limits.Remove(key);
            _toGovernors.Add(new(key, new LeaveLane(node, limit.Drain(waiting: 0))));
        }
    }
}
