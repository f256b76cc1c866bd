using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// The mail this node has at hand, the lanes that can take it and what it holds of their limits. It is told what
/// happened, and when, and is asked what follows: what to ask of the ledgers (<see cref="Wants"/>), what may go
/// (<see cref="Next"/>), what goes back (<see cref="TakeBack"/>), what the governors should hear
/// (<see cref="ToGovernors"/>), and when to ask again though nothing happens (<see cref="WakesAt"/>).
/// </summary>
internal sealed partial class SiteQueues(
    ShapingParts shaping, DeliverySettings settings, string node, Func<string, double> reputationOf)
{
    private readonly Dictionary<(string Site, string Pool, bool IsOfAnother), SiteQueue> _queues = [];
    private readonly Queue<SiteQueue> _stirred = [];
    private readonly PriorityQueue<SiteQueue, (DateTimeOffset At, long Turn)> _waking = new();
    private readonly HashSet<SiteQueue> _wanting = [];
    private readonly List<Attempt> _back = [];
    private long _turns;
    private bool _isDraining;

    public int InFlight => _lanes.Values.Sum(l => l.Running.Count);

    /// <summary>A ledger's mail: it is this node's until it is concluded or goes back.</summary>
    public void Handed(HandedOut handed, string site, DateTimeOffset now)
    {
        if (_isDraining || Open(site, handed.Queue, IsOfAnother(handed, site), now) is not { } queue)
        {
            EndRequest(handed);
            foreach (var m in handed.Messages)
                GiveBack(m, m.Domain, _isDraining ? Stopping : "too many lanes are live", now);
            return;
        }
        var line = Place(queue, handed.Partition, handed.Queue, handed.Left, handed.Head, now);
        var feed = line.Find(handed.Partition, handed.Queue)!;
        line.EndRequest(feed);
        feed.Taken(handed, now);
        if (handed.Left == 0) line.Remove(feed);
        foreach (var message in handed.Messages) line.AtHand.Enqueue(new(message, now));
        Stir(queue);
        Want(queue);
    }

    /// <summary>
    /// The next message that may go, counted against its limits from here on. Null: none, until something happens or it
    /// is <see cref="WakesAt"/>.
    /// </summary>
    public (Lane Lane, DueMessage Message)? Next(DateTimeOffset now)
    {
        while (_waking.TryPeek(out var waking, out var wake) && wake.At <= now)
        {
            _waking.Dequeue();
            if (waking.WakesAt != wake.At) continue;   // It was to wake earlier meanwhile, and has.
            waking.WakesAt = null;
            Stir(waking);
        }
        while (_stirred.TryDequeue(out var queue))
        {
            if (queue.Next(shaping.Rules().TransactionalReserve, IsMissing, now) is var (line, lane))
            {
                var ready = SiteQueue.Take(line);
                lane.Begin(line, ready, now);
                _stirred.Enqueue(queue);   // One each in turn, so that a limit they share goes round.
                queue.Turn = ++_turns;
                lane.HasHad(queue);
                return (lane, ready.Message);
            }
            queue.IsStirred = false;
            queue.NoteHeld(shaping.Rules().TransactionalReserve, IsMissing, now);
            queue.WaitForShared(now);
            if (queue.NextAt(now) is not { } next || queue.WakesAt <= next) continue;
            queue.WakesAt = next;
            _waking.Enqueue(queue, (next, queue.Turn));   // Who had a turn last is the last of those at the same time.
        }
        return null;
    }

    /// <summary>
    /// How an attempt went; told with how it left its queue. Null: nothing here waits for it (any more).
    /// </summary>
    public Attempt? Concluded(Lane lane, Attempt attempt, DateTimeOffset now)
    {
        if (!lane.End(attempt.Id, out var ended)) return null;
        var (@class, from) = (attempt.Judged.Class, ended.Message.Queue);
        lane.Own.Tally.Add(attempt, from.Tenant, from.Stream, now);
        foreach (var limit in lane.Limits)
            if (SharedLimits.CountsOutcomes(limit.Budget.Limit)) limit.Tally.Count(@class);
        if (@class is ReplyClass.RateLimited or ReplyClass.TooManyConnections or ReplyClass.Blocked)
            Object(lane.Own, now);
        // Also for other sites: who has waited for longest goes before those of this lane.
        foreach (var shared in ended.Limits.AsSpan(1))
            if (shared.Release() is { } held) Stir(held);
        if (ended.Tenant?.Release() is { } other) Stir(other);
        foreach (var queue in lane.Queues)
        {
            queue.LastUse = now;
            Stir(queue);
            Want(queue);
        }
        return attempt with { Departure = ended.Departure };
    }

    public bool HasWants => _wanting.Count > 0;

    /// <summary>What to ask of which ledger: no more than lanes can use within a second.</summary>
    public IReadOnlyList<(int Ledger, TakeDue Take)> Wants(DateTimeOffset now)
    {
        if (_wanting.Count == 0) return [];
        var wants = new List<(int, TakeDue)>();
        foreach (var queue in _wanting)
        {
            var room = queue.Lanes.Sum(l => l.Lane.Room(settings.CreditsPerConnection, now));
            foreach (var line in queue.Lines)
            {
                if (!IsOpen(queue, line, now)) continue;
                var share = queue.ShareOf(line, room);
                while (line.NextRequest(share, now) is var (feed, count))
                    wants.Add((feed.Ledger, new(feed.Queue, count, node)));
            }
        }
        _wanting.Clear();
        return wants;
    }

    /// <summary>Whether a ledger still owes an answer.</summary>
    public bool HasRequests => _queues.Values.Any(q => q.Lines.Any(l => l.Requested > 0));

    private void EndRequest(HandedOut handed)
    {
        foreach (var line in _queues.Values.SelectMany(q => q.Lines))
            if (line.Find(handed.Partition, handed.Queue) is { } feed) line.EndRequest(feed);
    }

    /// <summary>
    /// What ended without a receiver: mail that goes back as it came, and what a lane that failed had under way.
    /// </summary>
    public IReadOnlyList<Attempt> TakeBack()
    {
        if (_back.Count == 0) return [];
        var back = _back.ToImmutableArray();
        _back.Clear();
        return back;
    }

    /// <summary>When there is something to do though nothing happens until then.</summary>
    public DateTimeOffset? WakesAt
    {
        get
        {
            while (_waking.TryPeek(out var queue, out var wake) && queue.WakesAt != wake.At) _waking.Dequeue();
            DateTimeOffset? wakes = _waking.TryPeek(out _, out var next) ? next.At : null;
            return _objections.TryPeek(out var objection) && !(wakes <= objection.At) ? objection.At : wakes;
        }
    }

    /// <summary>
    /// This ledger failed or began anew, and its requests are gone: without this the room would come back only with the
    /// time-out, and its mail wait for that.
    /// </summary>
    public void LedgerLost(int ledger)
    {
        foreach (var queue in _queues.Values)
        {
            foreach (var line in queue.Lines)
                foreach (var feed in line.Feeds)
                    if (feed.Ledger == ledger) line.EndRequest(feed);
            Want(queue);
        }
    }

    /// <summary>Its mail is directed anew, as its ledgers say again that they have some.</summary>
    public void DomainMoved(string domain, string before)
    {
        foreach (var queue in _queues.Values.Where(q => q.Site == before))
            foreach (var line in queue.Lines)
                foreach (var feed in line.Feeds.Where(f => f.Queue.Domain == domain).ToList()) line.Remove(feed);
    }

    /// <summary>Of what this node was handed: all that has neither been concluded nor gone back.</summary>
    public IEnumerable<AttemptId> Here => _lanes.Values.SelectMany(l => l.Running.Keys)
        .Concat(_queues.Values.SelectMany(q => q.Lines).SelectMany(l => l.AtHand).Select(m => m.Message.Attempt));

    /// <summary>Takes nothing more, gives back what is at hand; what is on the wire ends as it does.</summary>
    public void Drain(DateTimeOffset now)
    {
        _isDraining = true;
        _wanting.Clear();
        foreach (var queue in _queues.Values) GiveBack(queue, _ => true, Stopping, now);
    }

    /// <summary>What has not begun goes back as it came; what is on the wire ends as it does.</summary>
    public IReadOnlyList<Attempt> GiveAllBack(string why, DateTimeOffset now)
    {
        foreach (var queue in _queues.Values) GiveBack(queue, _ => true, why, now);
        return TakeBack();
    }

    /// <summary>
    /// Ends at once, with all lanes: what was on the wire is in doubt, and no answer of theirs counts here.
    /// </summary>
    public IReadOnlyList<Attempt> Abandon(string why, DateTimeOffset now)
    {
        foreach (var lane in _lanes.Values)
        {
            lane.IsClosed = true;
            foreach (var (id, on) in lane.Running)
                _back.Add(Untaken.InDoubt(id, lane.Key.Site, why, now) with { Departure = on.Departure });
            lane.Running.Clear();
        }
        return GiveAllBack(why, now);
    }

    public const string Stopping = "the server is stopping";

    private Line Place(
        SiteQueue queue, int ledger, QueueKey from, int count, FreshHead? head, DateTimeOffset now)
    {
        var line = queue.MailIn(ledger, from, count, head);
        line.Limit = TenantLimit(from.Tenant, now);
        line.Reputation = Reputation.Factor(reputationOf(from.Tenant));
        queue.LastUse = now;
        RenewIfNew(queue, now);
        return line;
    }

    /// <summary>Something has changed for it: what may go now is found by <see cref="Next"/>.</summary>
    private void Stir(SiteQueue queue)
    {
        if (queue.IsStirred) return;
        queue.IsStirred = true;
        _stirred.Enqueue(queue);
    }

    private void Want(SiteQueue queue)
    {
        if (!_isDraining && queue.HasFeeds) _wanting.Add(queue);
    }

    /// <summary>Its window is open, and one lane at least would take it.</summary>
    private bool IsOpen(SiteQueue queue, Line line, DateTimeOffset now) =>
        shaping.OpensAt(line.Tenant, line.Stream, now) is null
        && queue.Lanes.Exists(l => !l.Lane.Stops(line, now) && !IsMissing(l.Lane.Key.Source));

    private void GiveBack(SiteQueue queue, Func<Line, bool> which, string why, DateTimeOffset now)
    {
        foreach (var line in queue.Lines)
        {
            if (line.AtHand.Count == 0 || !which(line)) continue;
            while (line.AtHand.TryDequeue(out var ready)) GiveBack(ready.Message, queue.Site, why, now);
        }
    }

    private void GiveBack(DueMessage message, string site, string why, DateTimeOffset now) =>
        _back.Add(Untaken.NotStarted(message, site, why, now));
}
