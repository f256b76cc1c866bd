using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>What is asked for, what goes when, and what came of it.</summary>
public sealed partial class DeliveryActor
{
    private readonly HashSet<Desk> _wanting = [];

    /// <summary>
    /// Requests go out together, a moment later: what reaches a ledger at once shares its commit, whatever the site.
    /// </summary>
    private void Ask(Desk desk)
    {
        if (_drainer is not null || !desk.HasMail) return;
        if (_wanting.Add(desk) && !Timers.IsTimerActive(nameof(FlushRequests)))
            Timers.StartSingleTimer(nameof(FlushRequests), FlushRequests.Instance, RequestPause);
    }

    private void AskAll()
    {
        var now = Now;
        foreach (var desk in _wanting)
        {
            if (_drainer is not null) break;
            var room = desk.Lanes.Sum(l => l.Lane.Room(Settings.CreditsPerConnection, now));
            foreach (var line in desk.Lines)
            {
                if (!IsOpen(desk, line, now)) continue;
                var share = desk.ShareOf(line, room);
                while (line.NextRequest(share, now) is var (feed, count))
                    _parts.Ledgers().Tell(new ToLedger(feed.Ledger, new TakeDue(feed.Queue, count, _parts.Node)));
            }
        }
        _wanting.Clear();
    }

    /// <summary>Its window is open, and one lane at least would take it.</summary>
    private bool IsOpen(Desk desk, Line line, DateTimeOffset now) =>
        _parts.Shaping.OpensAt(line.Tenant, line.Stream, now) is null
        && desk.Lanes.Any(l => !l.Lane.Stops(line, now) && !_parts.Shaping.IsMissing(l.Lane.Key.Source));

    private void Take(Desk desk, HandedOut handed)
    {
        var line = Place(desk, handed.Partition, handed.Queue, handed.Left);
        var feed = line.Find(handed.Partition, handed.Queue)!;
        feed.Request = null;
        feed.Left = handed.Left;
        if (handed.Left == 0) line.Remove(feed);
        foreach (var message in handed.Messages) line.AtHand.Enqueue(message);
        Send(desk);
        Ask(desk);
    }

    private void Refuse(HandedOut handed, string why)
    {
        foreach (var m in handed.Messages)
        {
            _atHand.Remove(m.Attempt);
            Result(NotTaken(m.Attempt, m.Domain, AttemptEnd.NotStarted, why));
        }
    }

    /// <summary>Sends what may go now, in turn; sets the clock for what time will let go.</summary>
    private void Send(Desk desk)
    {
        var now = Now;
        while (Next(desk, now) is var (line, lane))
        {
            var message = Desk.Take(line);
            _atHand.Remove(message.Attempt);
            if (!lane.Channel.TryWrite(new(message, lane.Route)))
            {
                Result(NotTaken(message.Attempt, desk.Site, AttemptEnd.NotStarted, "the lane had no room"));
                continue;
            }
            lane.Begin(line, message, now);
            foreach (var limit in Counting(lane, line.Limit))
            {
                limit.Budget.Begin(now);
                limit.LastUse = now;
            }
        }
        WakeLater(desk, now);
    }

    private (Line, Lane)? Next(Desk desk, DateTimeOffset now)
    {
        foreach (var line in desk.InTurn())
            if (desk.Choose(l => l.CanTake(line, _parts.Shaping.Rules().TransactionalReserve, now)
                && !_parts.Shaping.IsMissing(l.Key.Source)) is { } lane)
                return (line, lane);
        return null;
    }

    private void WakeLater(Desk desk, DateTimeOffset now)
    {
        if (!desk.Lines.Any(l => l.AtHand.Count > 0)) return;
        if (desk.Lanes.Select(l => l.Lane.NextAt(now)).Where(at => at > now).Min() is not { } next) return;
        if (desk.WakesAt <= next) return;
        desk.WakesAt = next;
        // Whole ticks of the scheduler: what is late by one goes with the burst.
        Timers.StartSingleTimer(desk, new Pump(desk), next - now);
    }

    private void Conclude(Lane lane, Attempt attempt)
    {
        if (!lane.Running.Remove(attempt.Id, out var running)) return;
        // From a lane of an earlier life: what its end left in doubt has been said already.
        if (attempt.End == AttemptEnd.InDoubt && _outbox.Contains(attempt.Id)) return;
        var queue = running.Message.Queue;
        foreach (var limit in Counting(lane, running.Limit)) limit.Budget.End();
        var @class = attempt.Judged.Class;
        lane.Own.Tally.Add(attempt, queue.Tenant, queue.Stream, Now);
        foreach (var limit in lane.Limits)
            if (SharedLimits.CountsOutcomes(limit.Budget.Lane)) limit.Tally.Count(@class);
        Result(attempt);
        // An objection does not wait for the next renewal.
        if (@class is ReplyClass.RateLimited or ReplyClass.TooManyConnections or ReplyClass.Blocked
            && !Timers.IsTimerActive(lane))
            Timers.StartSingleTimer(lane, new Objected(lane), Settings.ObjectionPause);
        foreach (var desk in lane.Desks)
        {
            desk.LastUse = Now;
            Send(desk);
            Ask(desk);
        }
    }

    private static IEnumerable<LeasedBudget> Counting(Lane lane, LeasedBudget? tenant) =>
        tenant is null ? lane.Limits : lane.Limits.Append(tenant);

    /// <summary>Results go to their ledgers together, a moment later.</summary>
    private void Result(Attempt attempt)
    {
        _results.Add(attempt);
        if (_results.Count >= ResultsMax) SendResults();
        else if (!Timers.IsTimerActive(nameof(FlushResults)))
            Timers.StartSingleTimer(nameof(FlushResults), FlushResults.Instance, ResultPause);
    }

    private void SendResults()
    {
        if (_results.Count == 0) return;
        Timers.Cancel(nameof(FlushResults));
        foreach (var attempt in _results) _outbox.Add(attempt, Now);
        foreach (var (ledger, results) in Outbox.ByLedger(_results))
            _parts.Ledgers().Tell(new ToLedger(ledger, new ConcludeAttempts(results)));
        _results.Clear();
        AskAll();   // Beside the results, into the same commits.
    }

    private void PassTime(Desk desk)
    {
        var now = Now;
        foreach (var line in desk.Lines)
            foreach (var feed in line.Feeds)
                if (feed.Request is { } r && r.At < now - Settings.RequestTimeout) feed.Request = null;
        // Mail at hand that nothing here will take soon belongs back in its ledger, where it can be seen and can expire.
        GiveBack(desk, line => !IsOpen(desk, line, now), "its lanes are stopped");
        if (desk.Lanes.All(l => l.Lane.Room(Settings.CreditsPerConnection, now) == 0))
            GiveBack(desk, _ => true, "its lanes are stopped");
        desk.Tidy();
        Send(desk);
        Ask(desk);
    }

    private void GiveBack(Desk desk, Func<Line, bool> which, string why)
    {
        foreach (var line in desk.Lines.Where(l => l.AtHand.Count > 0 && which(l)))
            while (line.AtHand.TryDequeue(out var message))
            {
                _atHand.Remove(message.Attempt);
                Result(NotTaken(message.Attempt, desk.Site, AttemptEnd.NotStarted, why));
            }
    }
}
