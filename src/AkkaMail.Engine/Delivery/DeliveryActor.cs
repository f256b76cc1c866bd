using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// One a node: knows which queues have mail, takes as much of it as its lanes can send within a second, sends each
/// message when its lane's limits let it, and brings results back until they are stored.
/// </summary>
public sealed partial class DeliveryActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RequestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Few large batches cost the ledgers fewer commits; 25 ms more are nothing to a mail.</summary>
    private static readonly TimeSpan ResultPause = TimeSpan.FromMilliseconds(25);
    private const int ResultsMax = 500;

    private readonly DeliveryParts _parts;
    private readonly Outbox _outbox;
    private readonly Dictionary<AttemptId, DueMessage> _atHand = [];
    private readonly List<Attempt> _results = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IMaterializer _materializer = Context.Materializer();
    private IActorRef? _drainer;

    private DeliveryActor(DeliveryParts parts, Outbox outbox) => (_parts, _outbox) = (parts, outbox);

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
        foreach (var attempt in _results) _outbox.Add(attempt, Now);
        var why = $"delivery failed inside: {reason.GetType().Name}";
        foreach (var lane in _lanes.Values)
            foreach (var id in lane.Running.Keys.Where(id => !_outbox.Contains(id)))
                _outbox.Add(NotTaken(id, lane.Key.Site, AttemptEnd.InDoubt, why), Now);
        foreach (var (id, due) in _atHand)
            if (!_outbox.Contains(id)) _outbox.Add(NotTaken(id, due.Queue.Domain, AttemptEnd.NotStarted, why), Now);
        base.PreRestart(reason, message);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case QueueHasMail m: if (_drainer is null) Direct(m.Queue, m); break;
            case SiteFound s: Found(s.Answer); break;
            case HandedOut h when _drainer is null: Direct(h.Queue, h); break;
            case HandedOut h: Refuse(h, "the server is stopping"); break;
            case Answered a: Conclude(a.Lane, a.Attempt); break;
            case AttemptsRecorded r: Confirmed(r.Attempts); break;
            case Lease l: Leased(l); break;
            case NodeDied d: Inherit(d.Node); break;
            case Objected o: Renew(o.Lane.Own); break;
            case ShapingChanged: Reshape(); break;
            case LedgerUnavailable u: TakeBack(u.Partition); break;
            case LedgerBegan b: TakeBack(b.Partition); break;
            case WhatRuns q: Sender.Tell(new Disowned([.. q.Attempts.Where(a => !Knows(a))])); break;
            case LaneEnded e: Ended(e); break;
            case FlushRequests: AskAll(); break;
            case FlushResults: SendResults(); break;
            case Pump p: p.Desk.WakesAt = null; Send(p.Desk); break;
            case ListLanes: Sender.Tell(new NodeLanes([.. _lanes.Values.Select(Describe)])); break;
            case Tick: PassTime(); break;
            case Drain: BeginDrain(); break;
            default: Unhandled(message); break;
        }
    }

    private bool Knows(AttemptId id) => _outbox.Contains(id) || _atHand.ContainsKey(id)
        || _lanes.Values.Any(lane => lane.Running.ContainsKey(id)) || _results.Exists(r => r.Id == id);

    private void BeginDrain()
    {
        _drainer = Sender;
        foreach (var desk in _desks.Values) GiveBack(desk, _ => true, "the server is stopping");
        foreach (var handed in _lookups.Values.SelectMany(l => l).OfType<HandedOut>())
            Refuse(handed, "the server is stopping");
        _lookups.Clear();   // What they find is for the next start.
        SendResults();
        DrainedIfEmpty();
    }

    private void DrainedIfEmpty()
    {
        if (_drainer is null || _outbox.Count > 0 || _results.Count > 0
            || _lanes.Values.Any(lane => lane.Running.Count > 0)) return;
        _drainer.Tell(Done.Instance);
    }

    private void Confirmed(ImmutableArray<AttemptId> attempts)
    {
        foreach (var id in attempts) _outbox.Remove(id);
        DrainedIfEmpty();
    }

    /// <summary>
    /// The journal failed under this ledger and its requests are gone: without this the room would come back only with
    /// the time-out, and its mail wait for that. Results are repeated by themselves.
    /// </summary>
    private void TakeBack(int ledger)
    {
        foreach (var desk in _desks.Values)
        {
            foreach (var line in desk.Lines)
                foreach (var feed in line.Feeds)
                    if (feed.Ledger == ledger) feed.Request = null;
            Ask(desk);
        }
    }

    private void PassTime()
    {
        SendResults();
        foreach (var (ledger, results) in _outbox.Unconfirmed(Now - _parts.Settings.RepeatResults, Now))
            _parts.Ledgers().Tell(new ToLedger(ledger, new ConcludeAttempts(results)));
        foreach (var desk in _desks.Values.ToList()) PassTime(desk);
        RenewLeases();
        CloseIdle();
        _parts.Metrics?.Lanes(_lanes.Values.Select(Describe), Now);
        AskAll();
    }

    private static Attempt NotTaken(AttemptId id, string site, AttemptEnd end, string why) =>
        new(id, site, SmtpReply.Ours(why), end, null, null, SmtpStep.None, null, Now, TimeSpan.Zero);

    private sealed record SiteFound(SiteAnswer Answer);

    private sealed record Answered(Lane Lane, Attempt Attempt);

    private sealed record LaneEnded(Lane Lane, Exception? Cause);

    /// <summary>The receiver has said no to something: its governor should hear of it soon.</summary>
    private sealed record Objected(Lane Lane);

    private sealed record Pump(Desk Desk);

    /// <summary>Makes each life of the actor, the ones after a failure too.</summary>
    private sealed class Lives(Func<DeliveryActor> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(DeliveryActor);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) { }
    }

    private sealed record FlushRequests { public static FlushRequests Instance { get; } = new(); }

    private sealed record FlushResults { public static FlushResults Instance { get; } = new(); }

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
