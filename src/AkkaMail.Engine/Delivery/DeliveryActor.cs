using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// One a node: knows which queues have mail, takes as much of it as its lanes can send within a second, sends each
/// message when its lane's limits let it, and brings results back until they are stored. What that comes to is decided
/// by <see cref="SiteQueues"/>; here are its clock, its post and its streams.
/// </summary>
public sealed partial class DeliveryActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RequestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Few large batches cost the ledgers fewer commits; 25 ms more are nothing to a mail.</summary>
    private static readonly TimeSpan ResultPause = TimeSpan.FromMilliseconds(25);
    private const int ResultsMax = 500;

    private readonly DeliveryParts _parts;
    private readonly Outbox _outbox;
    private readonly SiteQueues _queues;
    private readonly SiteLookups _lookups;
    private readonly LaneStreams _streams;
    private readonly Standstill _standstill;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _drainer;
    private bool _isDrained;
    private DateTimeOffset? _wakesAt;

    private DeliveryActor(DeliveryParts parts, Outbox outbox)
    {
        (_parts, _outbox) = (parts, outbox);
        _queues = new(parts.Shaping, parts.Settings, parts.Node, parts.ReputationOf) { Names = parts.Names() };
        _lookups = new(parts.Settings.SitesMax);
        _standstill = new(parts.Time);
        _streams = new(parts, _standstill, Self, (lane, attempt) => new Answered(lane, attempt),
            (lane, cause) => new LaneEnded(lane, cause), Context.Materializer(), _log, _stopping.Token);
    }

    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    /// <summary>
    /// The outbox belongs to the place and not to a life: an actor that fails and restarts still has it.
    /// </summary>
    public static Props Props(DeliveryParts parts)
    {
        var outbox = new Outbox();
        return Akka.Actor.Props.CreateBy(new Lives(() => new DeliveryActor(parts, outbox)));
    }

    protected override void PreStart() =>
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));

    protected override void PostStop() => _stopping.Cancel();

    /// <summary>
    /// The lanes end with this life, and what they had under way with them. Their ledgers would ask only after minutes,
    /// so the next life tells them; and what has been answered is known.
    /// </summary>
    protected override void PreRestart(Exception reason, object message)
    {
        var (now, why) = (Now, $"delivery failed inside: {reason.GetType().Name}");
        var waiting = _lookups.AtHand;
        if (message is HandedOut { Messages.IsDefault: false } h) waiting = waiting.Concat(h.Messages);
        var known = _outbox.Ids.ToHashSet();
        foreach (var attempt in _queues.Abandon(why, now)
            .Concat(waiting.Select(m => Untaken.NotStarted(m, m.Domain, why, now))))
            if (known.Add(attempt.Id)) _outbox.Add(attempt);
        base.PreRestart(reason, message);
    }

    protected override void OnReceive(object message)
    {
        if (_standstill.Beat()) GiveAllBack();
        switch (message)
        {
            case QueueHasMail m: Hear(m); break;
            case HandedOut h: Direct(h.Queue.Domain, h); break;
            case SiteFound s: Found(s.Answer); break;
            case Answered a: Conclude(a.Lane, a.Attempt); break;
            case AttemptsRecorded r: Confirmed(r.Attempts); break;
            case Leases l: Take(l); break;
            case NodeDied d: _queues.NodeDied(d.Node); break;
            case NodesChanged n: Take(n); break;
            case ShapingChanged: Reshape(); break;
            case LedgerUnavailable u: _queues.LedgerLost(u.Partition); break;
            case LedgerBegan b: Begin(b); break;
            case WhatRuns q: Disown(q.Attempts); break;
            case LaneEnded e: Ended(e); break;
            case FlushRequests: AskLedgers(); break;
            case FlushResults: SendResults(); break;
            case Pump: _wakesAt = null; break;
            case ExplainQueued q: Explain(q); break;
            case ListLanes q: Sender.Tell(_queues.List(q, Now)); break;
            case Tick: PassTime(); break;
            case Drain: BeginDrain(); break;
            default: Unhandled(message); return;
        }
        Act();
    }

    /// <summary>Does what follows from what has been received.</summary>
    private void Act()
    {
        var now = Now;
        while (_standstill.IsAwake && _parts.SeesMost() && _queues.Next(now) is var (lane, message))
            if (!_streams.Send(lane, message))
                Conclude(lane, Untaken.NotStarted(message, lane.Key.Site, "the lane had no room", now));
        foreach (var attempt in _queues.TakeBack()) Result(attempt);
        foreach (var letter in GovernorShards.Letters(_queues.ToGovernors(now))) _parts.Governors().Tell(letter);
        foreach (var (node, word) in _queues.Passing()) _parts.DeliveryOf(node)?.Tell(word, Self);
        // Requests go out together, a moment later: what reaches a ledger at once shares its commit, whatever the site.
        if (_queues.HasWants && !Timers.IsTimerActive(nameof(FlushRequests)))
            Timers.StartSingleTimer(nameof(FlushRequests), FlushRequests.Instance, RequestPause);
        TellIfDrained();
        if (_queues.WakesAt is not { } at || _wakesAt <= at) return;
        _wakesAt = at;
        // Whole ticks of the scheduler: what is late by one goes with the burst.
        Timers.StartSingleTimer(nameof(Pump), Pump.Instance, at > now ? at - now : TimeSpan.Zero);
    }

    private void Take(Leases leases)
    {
        var now = Now;
        foreach (var lease in leases.Given) _queues.Leased(lease, now);
    }

    private void AskLedgers()
    {
        foreach (var (ledger, take) in _queues.Wants(Now)) _parts.Ledgers().Tell(new ToLedger(ledger, take));
    }

    private void Conclude(Lane lane, Attempt attempt)
    {
        if (_queues.Concluded(lane, attempt, Now) is { } told) Result(told);
        else _outbox.Correct(attempt);   // Of an earlier life, or of a lane that failed.
    }

    /// <summary>Results go to their ledgers together, a moment later.</summary>
    private void Result(Attempt attempt)
    {
        _outbox.Add(attempt);
        if (_outbox.Gathered >= ResultsMax) SendResults();
        else if (!Timers.IsTimerActive(nameof(FlushResults)))
            Timers.StartSingleTimer(nameof(FlushResults), FlushResults.Instance, ResultPause);
    }

    private void SendResults()
    {
        if (_outbox.Gathered == 0) return;
        Timers.Cancel(nameof(FlushResults));
        foreach (var (ledger, results) in _outbox.Send(Now)) Tell(ledger, results);
        AskLedgers();   // Beside the results, into the same commits.
    }

    private void Tell(int ledger, ImmutableArray<Attempt> results) =>
        _parts.Ledgers().Tell(new ToLedger(ledger, new ConcludeAttempts(results)));

    private void Confirmed(ImmutableArray<AttemptId> attempts)
    {
        foreach (var id in attempts) _outbox.Remove(id);
    }

    private void PassTime()
    {
        var now = Now;
        SendResults();
        foreach (var (ledger, results) in _outbox.Unconfirmed(now - _parts.Settings.RepeatResults, now))
            Tell(ledger, results);
        _queues.PassTime(now);
        _streams.EndClosed();
        _parts.Metrics?.Lanes(_queues.Lanes(now), now);
        AskLedgers();
    }
}
