using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>Why a message waits, for whoever asks; nothing is decided by it.</summary>
internal sealed partial class SiteQueues
{
    /// <summary>
    /// What holds a message of <paramref name="ledger"/>'s back that is due. Null: it is on the wire, or this node does
    /// not have it.
    /// </summary>
    public Waiting? Why(MessageId id, MessagePlace place, int ledger, string site, DateTimeOffset now)
    {
        var from = place.Queue;
        var pool = shaping.PoolOf(from.Tenant, from.Stream);
        var line = LineOf(place, pool, site);
        var queue = line?.Queue;
        var ahead = AheadOf(id, place, ledger, line);
        if (place.Status == MessageStatus.Sending && ahead is null) return null;
        if (shaping.OpensAt(from.Tenant, from.Stream, now) is { } opens)
            return new(HeldBy.Window, opens)
            { Site = site, Ahead = ahead, EngagedAhead = ahead is null ? 0 : place.EngagedBefore, Eta = opens };
        if (queue is null || line is null)
            // Its ledger is about to say that it is there.
            return new(HeldBy.None)
            {
                Site = site,
                Lane = pool.Sources.Count == 1 ? shaping.RouteOf(pool.Sources.Keys.First(), site).Lane : null,
            };
        var reserve = shaping.Rules().TransactionalReserve;
        var (lane, waits) = queue.Lanes
            .Select(l => (l.Lane, Waits: IsMissing(l.Lane.Key.Source) ? Gone(l.Lane.Key.Source)
                : l.Lane.Waits(line, reserve, now)))
            .OrderBy(l => SiteQueue.Firmness(l.Waits.By)).ThenBy(l => l.Waits.Until ?? DateTimeOffset.MaxValue)
            .FirstOrDefault();
        if (lane is null) return new(HeldBy.None) { Site = site, Ahead = ahead };   // Other nodes have its sources.
        var state = lane.Own.Budget.Lease?.State;
        var rate = lane.Limits.Min(l => l.Budget.Lease?.Rate);
        var progress = state is { IsOpen: false } ? state.Progress : rate;
        // At this very moment one may go; that is the rate's turn, not the message's.
        if (waits.By == HeldBy.None && ahead > 0)
            waits = waits with { By = rate is not null && ahead > rate ? HeldBy.Rate : HeldBy.Share };
        var terms = shaping.Terms(new LimitKey.Lane(lane.Key));
        return waits with
        {
            // A pace of a few milliseconds is no time to wait for, it is the line before it that counts.
            Until = waits.By is HeldBy.Rate && ahead > 0 ? null : waits.Until,
            Site = site,
            Lane = lane.Key,
            Why = waits.Why ?? (waits.By is HeldBy.Rate or HeldBy.Connections && state is not null
                ? Slowing.Of(state, terms, now) : null),
            Ahead = ahead,
            EngagedAhead = ahead is null ? 0 : place.EngagedBefore,
            Eta = state is { IsOpen: false, Progress: null } ? null : EtaOf(waits, ahead, progress, now),
        };
    }

    /// <summary>
    /// Whether this message is at hand here, or its queue is known here and may be taken: what is said of it is right. Else
    /// another node may know better.
    /// </summary>
    public bool Has(MessageId id, MessagePlace place, int ledger, string site) =>
        LineOf(place, shaping.PoolOf(place.Queue.Tenant, place.Queue.Stream), site) is { } line
        && (place.Status == MessageStatus.Sending ? line.AtHand.Any(m => m.Message.Id == id)
            : line.Find(ledger, place.Queue) is not null
                && line.Queue.Lanes.Exists(l => !IsMissing(l.Lane.Key.Source)));

    /// <summary>Mail of a ledger of this node's, or what others passed on.</summary>
    private Line? LineOf(MessagePlace place, Pool pool, string site)
    {
        var own = _queues.GetValueOrDefault((site, pool.Name, false))?.Find(place.Queue);
        var ofAnother = _queues.GetValueOrDefault((site, pool.Name, true))?.Find(place.Queue);
        var isAtHand = place.Status == MessageStatus.Sending && ofAnother is { AtHand.Count: > 0 };
        return own is null || isAtHand && own.AtHand.Count == 0 ? ofAnother : own;
    }

    private Waiting Gone(string source) => new(HeldBy.Source)
    {
        Detail = shaping.Rules().Sources.GetValueOrDefault(source)?.Node is { } name && !PlaceOf(source).IsHere
            ? $"the source '{source}' is on the node '{name}', which is not there"
            : $"the address of the source '{source}' is not there",
    };

    /// <summary>
    /// Lines and feeds go round, so before it go all of its own, and of each other one of its class as many, by their
    /// weight, or all it has.
    /// </summary>
    private static long? AheadOf(MessageId id, MessagePlace place, int ledger, Line? line)
    {
        if (line is null) return place.Before;
        long own;
        if (place.Status == MessageStatus.Sending)
        {
            var at = line.AtHand.TakeWhile(m => m.Message.Id != id).Count();
            if (at == line.AtHand.Count) return null;
            own = at;
        }
        else
        {
            if (place.Before is not { } before) return null;
            own = line.AtHand.Count + before + line.Feeds
                .Where(f => f.Ledger != ledger || f.Queue != place.Queue).Sum(f => OfAnother(f, place, before));
        }
        return own + line.Queue.Lines.Where(other => other != line && other.IsTransactional == line.IsTransactional)
            .Sum(other => Math.Min(other.Depth, (long)(own * other.Weight / line.Weight)));
    }

    /// <summary>As many as of its own, but that the engaged of all feeds go before the others of each.</summary>
    private static long OfAnother(Feed feed, MessagePlace place, int before) =>
        place.IsEngaged ? Math.Min(feed.Head?.Engaged ?? 0, before)
            : Math.Max(Math.Min(feed.Left, before), feed.Head?.Engaged ?? 0);

    private static DateTimeOffset? EtaOf(Waiting waits, long? ahead, double? rate, DateTimeOffset now)
    {
        if (ahead is not { } before) return null;
        if (waits.By is HeldBy.Hold or HeldBy.Breaker) return waits.Until;
        // Of a connection nobody knows when it gets free, and of the others who lifts it.
        if (waits.By is not (HeldBy.None or HeldBy.Share or HeldBy.Rate)) return null;
        var seconds = rate > 0 ? before / rate.Value : before == 0 ? 0 : (double?)null;
        return seconds < TimeSpan.FromDays(365).TotalSeconds ? (waits.Until ?? now).AddSeconds(seconds.Value) : null;
    }
}
