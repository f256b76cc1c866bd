using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>Queues and lanes come with mail, change with the rules, and go when they have none for long.</summary>
internal sealed partial class SiteQueues
{
    private readonly Dictionary<LaneKey, Lane> _lanes = [];

    public IEnumerable<NodeLane> Lanes(DateTimeOffset now) => _lanes.Values.Select(lane => Describe(lane, now));

    /// <summary>Those behind the one named, as many as go in an answer.</summary>
    public NodeLanes List(ListLanes asked, DateTimeOffset now)
    {
        var behind = _lanes.OrderBy(l => l.Key, InOrder)
            .SkipWhile(l => asked.After is { } after && InOrder.Compare(l.Key, after) <= 0)
            .Select(l => Describe(l.Value, now));
        using var pages = NodeBounds.Cut(behind, NodeBytes.Of, ListLanes.PageBytes).GetEnumerator();
        return pages.MoveNext() ? new(pages.Current, HasMore: pages.MoveNext()) : new([]);
    }

    private static readonly Comparer<LaneKey> InOrder = Comparer<LaneKey>.Create(
        (a, b) => string.CompareOrdinal(a.Source, b.Source) is not 0 and var order ? order
            : string.CompareOrdinal(a.Site, b.Site));

    private static readonly ImmutableDictionary<string, NodeShare> NoShares = ImmutableDictionary<string, NodeShare>.Empty;

    private NodeLane Describe(Lane lane, DateTimeOffset now) => new(
        // Nobody who asks for lanes asks how they are divided, and at a hundred nodes that is most of a lease.
        lane.Key, node, lane.Own.Budget.Lease is { } l ? l with { Shares = NoShares } : null, lane.Running.Count,
        lane.Queues.SelectMany(q => q.Lines).Sum(l => l.AtHand.Count), lane.Room(settings.CreditsPerConnection, now),
        lane.Queues.Sum(q => q.DepthOf(lane)), lane.Own.Budget.QuotaLeft(now), lane.NextAt(now),
        IsMissing(lane.Key.Source));

    /// <summary>Once a second: requests time out, stopped mail goes back, leases go on, what is idle ends.</summary>
    public void PassTime(DateTimeOffset now)
    {
        foreach (var queue in _queues.Values) PassTime(queue, now);
        RenewLeases(now);
        CloseIdle(now);
    }

    /// <summary>
    /// The shaping rules are others: lanes of a pool's new sources are opened, those of sources that left it take
    /// nothing more from its queue.
    /// </summary>
    public void Reshaped(DateTimeOffset now)
    {
        foreach (var lane in _lanes.Values) SetLimits(lane, now);
        foreach (var queue in _queues.Values.ToList())
        {
            foreach (var line in queue.Lines)
                if (shaping.PoolOf(line.Tenant, line.Stream).Name != queue.Pool) MoveToPool(queue, line, now);
            foreach (var (lane, _) in queue.Lanes.ToList())
            {
                queue.Forget(lane);
                lane.Queues.Remove(queue);
            }
            OpenLanes(queue, PoolOf(queue), now);   // Also without mail: what comes within its idle time finds them.
            DivideAnew(queue, now);
            foreach (var line in queue.Lines) line.Limit = TenantLimit(line.Tenant, now);
            RenewIfNew(queue, now);
        }
    }

    /// <summary>
    /// Its stream has ended: what it had under way is in doubt, and another lane takes its place. False: it was to end.
    /// </summary>
    public bool Failed(Lane lane, string why, DateTimeOffset now)
    {
        if (lane.IsClosed) return false;
        Close(lane);
        foreach (var id in lane.Running.Keys.ToList())
        {
            if (Concluded(lane, Untaken.InDoubt(id, lane.Key.Site, why, now), now) is { } told) _back.Add(told);
        }
        foreach (var queue in lane.Queues)
        {
            var weight = queue.Lanes.Find(l => l.Lane == lane).Weight;
            queue.Forget(lane);
            queue.Lanes.Add((OpenLane(lane.Key.Source, queue, now), weight));
            RenewIfNew(queue, now);
        }
        return true;
    }

    /// <summary>Null when there are too many lanes: a site beyond the bound waits for an idle one to end.</summary>
    private SiteQueue? Open(string site, QueueKey from, bool isOfAnother, DateTimeOffset now)
    {
        var pool = shaping.PoolOf(from.Tenant, from.Stream);
        if (_queues.TryGetValue((site, pool.Name, isOfAnother), out var queue)) return queue;
        if (_lanes.Count >= settings.LanesMax) return null;
        queue = new SiteQueue(site, pool.Name) { LastUse = now, IsOfAnother = isOfAnother };
        _queues.Add((site, pool.Name, isOfAnother), queue);
        OpenLanes(queue, pool, now);
        return queue;
    }

    /// <summary>
    /// A source of another node has its lanes there; of a node that is not there, here, so that what waits for it is
    /// seen.
    /// </summary>
    private void OpenLanes(SiteQueue queue, Pool pool, DateTimeOffset now)
    {
        foreach (var (source, weight) in pool.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var (place, isBound) = (PlaceOf(source), shaping.Rules().Sources.GetValueOrDefault(source)?.Node is not null);
            if (queue.IsOfAnother ? place.IsHere && isBound : place.IsHere || place.IsNowhere)
                queue.Lanes.Add((OpenLane(source, queue, now), weight));
        }
    }

    private Lane OpenLane(string source, SiteQueue queue, DateTimeOffset now)
    {
        // A smarthost takes everything over the same connections, so it has one lane, whatever the site.
        var route = shaping.RouteOf(source, queue.Site);
        var key = route.Lane;
        if (!_lanes.TryGetValue(key, out var lane))
        {
            var limit = new LimitKey.Lane(key);
            // Twice what is allowed now: a reload that allows more takes effect without closing the lane.
            lane = new(key, route, Math.Max(16, shaping.Terms(limit).Connections * 2), LimitOf(limit, now), []);
            SetLimits(lane, now);
            _lanes.Add(key, lane);
        }
        lane.Queues.Add(queue);
        return lane;
    }

    /// <summary>What is on the wire goes on counting against the limits it began with.</summary>
    private void SetLimits(Lane lane, DateTimeOffset now)
    {
        foreach (var limit in lane.Limits) limit.Lanes.Remove(lane);
        lane.Limits = [lane.Own, .. SharedLimits.Of(shaping.Rules(), lane.Key).Select(key => LimitOf(key, now))];
        foreach (var limit in lane.Limits) limit.Lanes.Add(lane);
    }

    /// <summary>What is at hand goes back, what waits is asked for by the queue of its new pool.</summary>
    private void MoveToPool(SiteQueue queue, Line line, DateTimeOffset now)
    {
        GiveBack(queue, l => l == line, "its pool has changed", now);
        queue.Remove(line);
        if (queue.IsOfAnother) return;   // Who passed it on does so again, by the rules of now.
        foreach (var feed in line.Feeds) HasMail(new(feed.Ledger, feed.Queue, feed.Left) { Head = feed.Head }, queue.Site, now);
    }

    private void PassTime(SiteQueue queue, DateTimeOffset now)
    {
        foreach (var line in queue.Lines)
            foreach (var feed in line.Feeds)
                if (feed.Request is { } r && r.At < now - settings.RequestTimeout) line.EndRequest(feed);
        ClaimWhatIsLeft(queue, now);
        foreach (var line in queue.Lines)
            if (shaping.OpensAt(line.Tenant, line.Stream, now) is not null) line.Held = (HeldBy.Window, null, now);
        // Mail at hand that nothing here will take soon belongs in its ledger, where it can be seen and can expire.
        GiveBack(queue, line => !IsOpen(queue, line, now), "its lanes are stopped", now);
        if (queue.Lanes.TrueForAll(l => l.Lane.Room(settings.CreditsPerConnection, now) == 0))
            GiveBack(queue, _ => true, "its lanes are stopped", now);
        queue.Tidy();
        Stir(queue);
        Want(queue);
    }

    /// <summary>
    /// Ends queues without mail (nothing at hand, nothing on the wire, nobody to ask), and lanes that none uses.
    /// </summary>
    private void CloseIdle(DateTimeOffset now)
    {
        foreach (var (key, queue) in _queues)
        {
            if (queue.HasMail) queue.LastUse = now;
            else if (now - queue.LastUse >= settings.IdleLane
                && queue.Lanes.TrueForAll(l => l.Lane.Running.Count == 0))
            {
                _queues.Remove(key);
                queue.WakesAt = null;
                foreach (var (lane, _) in queue.Lanes) lane.Queues.Remove(queue);
            }
        }
        var lanes = _lanes.Count;
        foreach (var lane in _lanes.Values)
            if (lane.Queues.Count == 0 && lane.Running.Count == 0) Close(lane);
        if (_lanes.Count < lanes) LeaveUnused();
    }

    private void Close(Lane lane)
    {
        lane.IsClosed = true;
        _lanes.Remove(lane.Key);
        foreach (var limit in lane.Limits) limit.Lanes.Remove(lane);
    }
}
