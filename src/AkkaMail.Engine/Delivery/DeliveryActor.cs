using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Delivery;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Messages;

using Source = AkkaMail.Core.Shaping.Source;

namespace AkkaMail.Engine.Delivery;

/// <summary>Take no more mail; answered with <see cref="Done"/> when every result is stored.</summary>
public sealed record Drain { public static Drain Instance { get; } = new(); }

/// <summary>What a node's delivery works with. <paramref name="Ledgers"/> takes <see cref="ToLedger"/>.</summary>
public sealed record DeliveryParts(
    Deliver Deliver, DeliverySettings Settings, string Node, Func<IActorRef> Ledgers, TimeProvider Time);

/// <summary>
/// One a node: opens a lane where there is mail, asks ledgers for as much as the lane has credit for, and brings
/// results back until they are stored.
/// </summary>
public sealed class DeliveryActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RequestPause = TimeSpan.FromMilliseconds(10);

    private readonly DeliveryParts _parts;
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly Outbox _outbox;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<Lane> _wanting = [];
    private readonly IMaterializer _materializer = Context.Materializer();
    private Sink<Attempt, NotUsed> _results = null!;
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

    protected override void PreStart()
    {
        var self = Self;
        // Few large batches cost the ledgers fewer commits; 25 ms more are nothing to a mail.
        _results = MergeHub.Source<Attempt>(perProducerBufferSize: 16)
            .GroupedWithin(500, TimeSpan.FromMilliseconds(25))
            .To(Sink.ForEach<IEnumerable<Attempt>>(batch => self.Tell(new Results([.. batch]))))
            .Run(_materializer);
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));
    }

    protected override void PostStop() => _stopping.Cancel();

    /// <summary>
    /// The lanes end with this life, and what they had under way with them. Their ledgers would ask only after minutes,
    /// so the next life tells them.
    /// </summary>
    protected override void PreRestart(Exception reason, object message)
    {
        var why = $"delivery failed inside: {reason.GetType().Name}";
        foreach (var lane in _lanes.Values)
            foreach (var id in lane.Running.Where(id => !_outbox.Contains(id)))
                _outbox.Add(NotTaken(id, lane.Site, AttemptEnd.InDoubt, why), Now);
        base.PreRestart(reason, message);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LaneHasMail m: MailIn(m); break;
            case HandedOut h: Take(h); break;
            case Results r: Record(r.Attempts); break;
            case AttemptsRecorded r: Confirmed(r.Attempts); break;
            case LedgerUnavailable u: TakeBack(u.Partition); break;
            case LedgerBegan b: TakeBack(b.Partition); break;
            case WhatRuns q: Sender.Tell(new Disowned([.. q.Attempts.Where(a => !Knows(a))])); break;
            case LaneEnded e: Ended(e); break;
            case Flush: AskAll(); break;
            case Tick: PassTime(); break;
            case Drain: _drainer = Sender; DrainedIfEmpty(); break;
            default: Unhandled(message); break;
        }
    }

    private bool Knows(AttemptId id) => _outbox.Contains(id) || _lanes.Values.Any(lane => lane.Running.Contains(id));

    private void MailIn(LaneHasMail m)
    {
        if (_drainer is not null) return;
        // The ledger repeats its word every 10 s, so a site beyond the bound waits for an idle lane to end.
        if (_lanes.Count >= _parts.Settings.LanesMax && !_lanes.ContainsKey(m.Site)) return;
        var lane = Open(m.Site);
        lane.MailIn(m.Partition);
        Ask(lane);
    }

    private Lane Open(string site)
    {
        if (_lanes.TryGetValue(site, out var lane)) return lane;
        var connections = _parts.Settings.Connections(site);
        var credits = connections * _parts.Settings.CreditsPerConnection;
        var flow = LaneFlow.Create(_parts.Deliver, Route(site), connections, _parts.Time, _log, _stopping.Token);
        // Room for twice the credit: an answer that comes after its request was given up still fits.
        var (buffer, ended) = LaneFlow.Run(flow, credits * 2, _results, _materializer);
        var opened = new Lane(site, credits, buffer) { LastUse = Now };
        ended.PipeTo(Self, success: _ => new LaneEnded(opened, null), failure: e => new LaneEnded(opened, e));
        _lanes.Add(site, opened);
        return opened;
    }

    private static Route Route(string site) =>
        new(new() { Name = Source.DefaultName }, site, TlsPolicy.Opportunistic, 100, null);

    /// <summary>
    /// Requests go out together, a moment later: what reaches a ledger at once shares its commit, whatever the site.
    /// </summary>
    private void Ask(Lane lane)
    {
        if (_drainer is not null || lane.Credit <= 0) return;
        if (_wanting.Add(lane) && !Timers.IsTimerActive(nameof(Flush)))
            Timers.StartSingleTimer(nameof(Flush), Flush.Instance, RequestPause);
    }

    private void AskAll()
    {
        foreach (var lane in _wanting)
            while (_drainer is null && lane.TryRequest(Now, out var ledger, out var count))
                _parts.Ledgers().Tell(new ToLedger(ledger, new TakeDue(lane.Site, count, _parts.Node)));
        _wanting.Clear();
    }

    private void Take(HandedOut handed)
    {
        if (_drainer is not null)
        {
            Send([.. handed.Messages.Select(m =>
                NotTaken(m.Attempt, m.Site, AttemptEnd.NotStarted, "the server is stopping"))]);
            return;
        }
        var lane = Open(handed.Site);
        lane.Answered(handed.Partition);
        lane.LastUse = Now;
        if (handed.Left == 0) lane.Emptied(handed.Partition);
        var refused = new List<Attempt>();
        foreach (var message in handed.Messages)
        {
            if (lane.Buffer.TryWrite(message)) lane.Running.Add(message.Attempt);
            else refused.Add(NotTaken(message.Attempt, message.Site, AttemptEnd.NotStarted, "the lane had no room"));
        }
        if (refused.Count > 0) Send(refused);
        Ask(lane);
    }

    /// <summary>
    /// The journal failed under this ledger and its requests are gone: without this the credit would come back only
    /// with the time-out, and its mail wait for that. Results are repeated by themselves.
    /// </summary>
    private void TakeBack(int ledger)
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Answered(ledger);
            Ask(lane);
        }
    }

    private void Record(ImmutableArray<Attempt> attempts)
    {
        Send(attempts);
        foreach (var site in attempts.GroupBy(a => a.Site))
        {
            if (!_lanes.TryGetValue(site.Key, out var lane)) continue;
            foreach (var attempt in site) lane.Running.Remove(attempt.Id);
            lane.LastUse = Now;
            Ask(lane);
        }
        AskAll();   // Beside the results, into the same commits.
    }

    private void Send(IReadOnlyCollection<Attempt> attempts)
    {
        foreach (var attempt in attempts) _outbox.Add(attempt, Now);
        foreach (var (ledger, results) in Outbox.ByLedger(attempts))
            _parts.Ledgers().Tell(new ToLedger(ledger, new ConcludeAttempts(results)));
    }

    private void Confirmed(ImmutableArray<AttemptId> attempts)
    {
        foreach (var id in attempts) _outbox.Remove(id);
        DrainedIfEmpty();
    }

    /// <summary>A lane that failed gives back what it had; the next mail for its site opens another.</summary>
    private void Ended(LaneEnded e)
    {
        var lane = e.Lane;
        // An earlier lane of this site, also one of an earlier life, ends without touching this one.
        if (!_lanes.TryGetValue(lane.Site, out var current) || current != lane) return;
        _lanes.Remove(lane.Site);
        if (e.Cause is null) return;
        _log.Error(e.Cause, "the lane of {0} failed with {1} messages", lane.Site, lane.Running.Count);
        // Its type only, as for one delivery: the text may hold an address, and the journal is for ever.
        var why = $"the lane failed: {e.Cause.GetBaseException().GetType().Name}";
        Send([.. lane.Running.Select(id => NotTaken(id, lane.Site, AttemptEnd.InDoubt, why))]);
    }

    private void PassTime()
    {
        foreach (var (ledger, results) in _outbox.Unconfirmed(Now - _parts.Settings.RepeatResults, Now))
            _parts.Ledgers().Tell(new ToLedger(ledger, new ConcludeAttempts(results)));
        foreach (var lane in _lanes.Values.ToList())
        {
            lane.ForgetRequests(Now - _parts.Settings.RequestTimeout);
            Ask(lane);
            if (!lane.IsIdle || Now - lane.LastUse < _parts.Settings.IdleLane) continue;
            _lanes.Remove(lane.Site);   // Only at zero credit given: its stream is empty and completes at once.
            lane.Buffer.Complete();
        }
    }

    private void DrainedIfEmpty()
    {
        if (_drainer is null || _outbox.Count > 0 || _lanes.Values.Any(lane => lane.Running.Count > 0)) return;
        _drainer.Tell(Done.Instance);
    }

    private static Attempt NotTaken(AttemptId id, string site, AttemptEnd end, string why) =>
        new(id, site, SmtpReply.None(why), end, null, null, SmtpStep.None, null, Now, TimeSpan.Zero);

    private sealed record Results(ImmutableArray<Attempt> Attempts);

    private sealed record LaneEnded(Lane Lane, Exception? Cause);

    /// <summary>Makes each life of the actor, the ones after a failure too.</summary>
    private sealed class Lives(Func<DeliveryActor> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(DeliveryActor);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) { }
    }

    private sealed record Flush { public static Flush Instance { get; } = new(); }

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
