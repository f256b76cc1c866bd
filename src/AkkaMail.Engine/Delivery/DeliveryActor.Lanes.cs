using Akka.Actor;
using Akka.Event;
using Akka.Streams.Dsl;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Lanes of this node: opened where there is mail, with leases from their governors as long as there is.
/// </summary>
public sealed partial class DeliveryActor
{
    private readonly Dictionary<LaneKey, Lane> _lanes = [];
    private readonly Dictionary<LaneKey, LeasedBudget> _budgets = [];

    private Lane OpenLane(string source, string site, Desk desk)
    {
        var shaping = _parts.Shaping;
        // A smarthost takes everything over the same connections, so it has one lane, whatever the site.
        var route = shaping.RouteOf(source, site);
        var key = route.Lane;
        if (!_lanes.TryGetValue(key, out var lane))
        {
            // Twice what is allowed now: a reload that allows more takes effect without closing the lane.
            var parallel = Math.Max(16, shaping.Terms(key).Connections * 2);
            var flow = LaneFlow.Create(_parts.Deliver, parallel, _parts.Time, _log, _stopping.Token);
            var (self, opened) = (Self, (Lane?)null);
            var (channel, ended) = LaneFlow.Run(
                flow, parallel, Sink.ForEach<Attempt>(a => self.Tell(new Answered(opened!, a))), _materializer);
            lane = opened = new(key, route, parallel, channel, BudgetOf(key),
                [.. SharedLimits.Of(shaping.Rules(), key).Select(BudgetOf)]);
            ended.PipeTo(Self, success: _ => new LaneEnded(opened, null), failure: e => new LaneEnded(opened, e));
            _lanes.Add(key, lane);
        }
        lane.Desks.Add(desk);
        return lane;
    }

    private LeasedBudget BudgetOf(LaneKey key)
    {
        if (!_budgets.TryGetValue(key, out var budget)) _budgets.Add(key, budget = new(key) { LastUse = Now });
        return budget;
    }

    /// <summary>A lane's first lease is asked for at once; nothing is sent before it is there.</summary>
    private void RenewIfNew(Desk desk)
    {
        foreach (var limit in LimitsOf(desk))
            if (limit.Budget.Lease is null && limit.RenewAt <= Now) Renew(limit);
    }

    private static IEnumerable<LeasedBudget> LimitsOf(Desk desk) => desk.Lanes.SelectMany(l => l.Lane.Limits)
        .Concat(desk.Lines.Select(l => l.Limit).OfType<LeasedBudget>()).Distinct();

    private void RenewLeases()
    {
        foreach (var limit in _budgets.Values) limit.Waiting = 0;
        foreach (var desk in _desks.Values)
            foreach (var limit in LimitsOf(desk)) limit.Waiting += desk.Depth;
        foreach (var limit in _budgets.Values)
            if (limit.Waiting > 0 || limit.Budget.InUse > 0 || Now - limit.LastUse < Sharing.LeaseTime) Renew(limit);
    }

    private void Renew(LeasedBudget limit)
    {
        var (budget, now) = (limit.Budget, Now);
        var waiting = (int)Math.Min(limit.Waiting, 1_000_000);
        limit.RenewAt = now + Sharing.Renewal;
        _parts.Governors().Tell(new ToGovernor(budget.Lane, new RenewLease(
            budget.Lane, _parts.Node, new(waiting + budget.InUse, Math.Min(waiting, 10_000) + budget.InUse),
            budget.QuotaLeft(now), waiting, limit.Tally.Drain(), budget.Held(now))));
    }

    private void Leased(Lease lease)
    {
        if (!_budgets.TryGetValue(lease.Lane, out var limit)) return;
        limit.Budget.Take(lease, Now);
        if (_lanes.TryGetValue(lease.Lane, out var own)) own.Route = _parts.Shaping.RouteOf(own.Key.Source, own.Key.Site);
        foreach (var desk in own?.Desks ?? [.. _desks.Values.Where(d => LimitsOf(d).Contains(limit))])
        {
            Send(desk);
            Ask(desk);
        }
    }

    /// <summary>What is left of the lanes is divided among those who live, before their governors live again.</summary>
    private void Inherit(string node)
    {
        foreach (var limit in _budgets.Values) limit.Budget.Inherit(node, _parts.Node);
        foreach (var desk in _desks.Values)
        {
            Send(desk);
            Ask(desk);
        }
    }

    /// <summary>
    /// Ends desks without mail (nothing at hand, nothing on the wire, nobody to ask), and lanes that no desk uses.
    /// </summary>
    private void CloseIdle()
    {
        var lanes = _lanes.Count;
        foreach (var desk in _desks.Values.ToList())
        {
            if (desk.HasMail) desk.LastUse = Now;
            else if (Now - desk.LastUse >= Settings.IdleLane && desk.Lanes.All(l => l.Lane.Running.Count == 0))
                Close(desk);
        }
        foreach (var lane in _lanes.Values.Where(l => l.Desks.Count == 0 && l.Running.Count == 0).ToList()) End(lane);
        if (_lanes.Count < lanes) LeaveUnused();
    }

    private void Close(Desk desk)
    {
        _desks.Remove((desk.Site, desk.Pool));
        foreach (var (lane, _) in desk.Lanes) lane.Desks.Remove(desk);
    }

    /// <summary>Limits that count for no lane any more are free for other nodes at once.</summary>
    private void LeaveUnused()
    {
        var used = _lanes.Values.SelectMany(l => l.Limits).Concat(_desks.Values.SelectMany(LimitsOf)).ToHashSet();
        foreach (var limit in _budgets.Values.Where(b => !used.Contains(b)).ToList())
        {
            _budgets.Remove(limit.Budget.Lane);
            _parts.Governors().Tell(new ToGovernor(limit.Budget.Lane, new LeaveLane(_parts.Node, limit.Tally.Drain())));
        }
    }

    /// <summary>A lane that failed gives back what it had; the next mail for its site opens another.</summary>
    private void Ended(LaneEnded e)
    {
        var lane = e.Lane;
        // An earlier lane of this key, also one of an earlier life, ends without touching this one.
        if (!_lanes.TryGetValue(lane.Key, out var current) || current != lane) return;
        lane.IsClosed = true;
        _lanes.Remove(lane.Key);
        _log.Error(e.Cause, "the lane {0} failed with {1} messages", lane.Key, lane.Running.Count);
        // Its type only, as for one delivery: the text may hold an address, and the journal is for ever.
        var why = $"the lane failed: {e.Cause?.GetBaseException().GetType().Name ?? "it ended"}";
        foreach (var id in lane.Running.Keys.ToList())
            Conclude(lane, NotTaken(id, lane.Key.Site, AttemptEnd.InDoubt, why));
        foreach (var desk in lane.Desks)
        {
            var weight = desk.Lanes.Find(l => l.Lane == lane).Weight;
            desk.Forget(lane);
            desk.Lanes.Add((OpenLane(lane.Key.Source, desk.Site, desk), weight));
            RenewIfNew(desk);
        }
    }

    private NodeLane Describe(Lane lane) => new(
        lane.Key, _parts.Node, lane.Own.Budget.Lease, lane.Running.Count,
        lane.Desks.SelectMany(d => d.Lines).Sum(l => l.AtHand.Count), lane.Room(Settings.CreditsPerConnection, Now),
        lane.Desks.Sum(d => d.Depth), lane.Own.Budget.QuotaLeft(Now), lane.NextAt(Now),
        _parts.Shaping.IsMissing(lane.Key.Source));

    /// <summary>
    /// Lanes of the pool's new sources are opened, those of sources that left it take nothing more from this desk.
    /// </summary>
    private void Reshape()
    {
        // Which site a domain belongs to is in the rules as well: asked again with the next word of its mail.
        foreach (var (domain, answer) in _sites) _sites[domain] = answer with { Until = default };
        foreach (var desk in _desks.Values.ToList())
        {
            foreach (var line in desk.Lines.ToList())
                if (_parts.Shaping.PoolOf(line.Tenant, line.Stream).Name != desk.Pool) MoveToPool(desk, line);
            if (desk.Lines.FirstOrDefault() is not { } any) continue;
            var pool = _parts.Shaping.PoolOf(any.Tenant, any.Stream);
            foreach (var (lane, _) in desk.Lanes.ToList())
            {
                desk.Forget(lane);
                lane.Desks.Remove(desk);
            }
            foreach (var (source, weight) in pool.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
                desk.Lanes.Add((OpenLane(source, desk.Site, desk), weight));
            foreach (var l in desk.Lines)
                l.Limit = TenantLimit(l.Tenant);
            RenewIfNew(desk);
        }
    }

    /// <summary>What is at hand goes back, what waits is asked for by the desk of its new pool.</summary>
    private void MoveToPool(Desk desk, Line line)
    {
        GiveBack(desk, l => l == line, "its pool has changed");
        desk.Remove(line);
        foreach (var feed in line.Feeds) Place(new QueueHasMail(feed.Ledger, feed.Queue, feed.Left), desk.Site);
    }

    private void End(Lane lane)
    {
        lane.IsClosed = true;
        lane.Channel.Complete();   // Its stream is empty and completes at once.
        _lanes.Remove(lane.Key);
    }
}
