using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>
/// One partition of messages. Commands that come while a write is under way gather; then they are decided in one go,
/// stored in one transaction, and answered.
/// </summary>
public sealed partial class LedgerActor : UntypedPersistentActor, IWithTimers
{
    private readonly LedgerParts _parts;
    private readonly List<(ILedgerCommand Command, IActorRef From)> _gathered = [];
    private readonly Unprojected _unprojected = new();
    private readonly RecentDurations _commits = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Ledger _ledger;
    private List<(ILedgerCommand Command, IActorRef From)> _writing = [];
    private long _snapshotAt;
    private bool _urgent, _asked, _rests;

    public LedgerActor(int partition, LedgerParts parts)
    {
        _parts = parts;
        _ledger = new(partition);
        PersistenceId = IdOf(partition);
    }

    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static string IdOf(int partition) => $"ledger-{partition}";
    public static Props Props(int partition, LedgerParts parts) =>
        Akka.Actor.Props.Create(() => new LedgerActor(partition, parts));

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ILedgerCommand c when _rests: SendOn(c, Sender); break;
            case Rest: BeginRest(); break;
            case AcceptSubmissions when IsFull: Sender.Tell(new LedgerFull(_ledger.Unfinished)); break;
            case AcceptSubmissions c: Gather(c with { AnswerBy = _parts.Here(c.AnswerBy) }); break;
            case ILedgerCommand c: Gather(c); break;
            case ReadUnprojected q: Sender.Tell(new UnprojectedEvents(_unprojected.Of(q.Id))); break;
            case AskStand: Sender.Tell(Stand()); break;
            case AskWhyTheyWait q: Explain(q); break;
            case Projected p: Acknowledge(p); break;
            case Followed f: Acknowledge(f); break;
            case Disowned d: ConcludeInDoubt(d.Attempts, "the node no longer knows this attempt"); break;
            case Tick: Gather(PassTime.Instance); Offer(_ledger.DrainGrown()); break;
            case Patience: _asked = false; Commit(); break;
            case Look: LookAround(); LookForGenerations(); break;
            case SayWhatWaits: Offer(_ledger.Waiting); break;
            case Wake: Sender.Tell(new Awake(_ledger.Partition)); break;
            case GenerationsChanged: FollowGenerations(); Sender.Tell(new Awake(_ledger.Partition)); break;
            case SaveSnapshotSuccess s: DeleteSnapshots(new(s.Metadata.SequenceNr - 1)); break;
            case SaveSnapshotFailure f: _log.Warning(f.Cause, "no snapshot; the next one will do"); break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure: break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: LedgerMemory memory }:
                _ledger = Ledger.From(memory.Ledger);
                _unprojected.Restore(memory.Projected, memory.Unprojected);
                _ledger.Stored(SnapshotSequenceNr);
                _snapshotAt = SnapshotSequenceNr;
                break;
            case ILedgerEvent e:
                _ledger.Apply(e);
                _ledger.Stored(LastSequenceNr);
                _unprojected.Add(new(LastSequenceNr, e));
                break;
            case RecoveryCompleted:
                Begin();
                break;
        }
    }

    private void Begin()
    {
        _ledger.Recovered(Now);
        foreach (var reactor in _parts.Readers.Reactors) Follow(reactor.Name, reactor);
        FollowGenerations();
        // What lanes had asked of the life before will never be answered.
        _parts.Delivery.Tell(new LedgerBegan(_ledger.Partition));
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));
        Timers.StartPeriodicTimer("look", Look.Instance, TimeSpan.FromSeconds(10));
        AskWhatStillRuns(Now);
        Offer(_ledger.DrainNewlyWaiting());
        _parts.Metrics.Unfinished(_ledger.Partition, _ledger.Unfinished);
        _parts.Local.Began(_ledger.Partition);
    }

    private void Gather(ILedgerCommand command)
    {
        _gathered.Add((command, Sender));
        _urgent |= command is AcceptSubmissions or CancelMessage or AmendMessages;
        CommitOrWait();
    }

    private void CommitOrWait()
    {
        if (_parts.Settings.Patience == TimeSpan.Zero) Commit();
        else if (_urgent)
        {
            // After what is in the mailbox already: requests come in swarms, since they shared the content's commit.
            if (_asked || _writing.Count > 0) return;
            _asked = true;
            Self.Tell(Patience.Instance);
        }
        else if (_gathered.Count > 0 && !Timers.IsTimerActive(nameof(Patience)))
            Timers.StartSingleTimer(nameof(Patience), Patience.Instance, _parts.Settings.Patience);
    }

    private bool IsFull =>
        _gathered.Count >= _parts.Settings.GatheredMax || _unprojected.Changes >= _parts.Settings.UnprojectedMax;

    private void Commit()
    {
        if (_writing.Count > 0 || _gathered.Count == 0) return;
        Timers.Cancel(nameof(Patience));
        var count = Math.Min(_gathered.Count, _parts.Settings.CommitMax);
        var batch = _gathered.GetRange(0, count);
        _gathered.RemoveRange(0, count);
        _urgent = _gathered.Count > 0;   // More than one commit takes is reason enough not to wait.
        _writing = batch;
        var decided = _ledger.Decide([.. batch.Select(b => b.Command)], _parts.Settings.Rules, Now);
        if (decided.Events.IsEmpty) { Answer(batch, decided); return; }

        var began = Stopwatch.GetTimestamp();
        var stored = ImmutableArray.CreateBuilder<NumberedEvent>(decided.Events.Length);
        // Async: PersistAll would stash what arrives during the write, and every later commit would carry one command.
        PersistAllAsync(decided.Events, e => stored.Add(new(LastSequenceNr, e)));
        DeferAsync(decided, d =>   // Runs once everything above is stored.
        {
            var took = Stopwatch.GetElapsedTime(began);
            _commits.Add(Now, took);
            _parts.Metrics.Committed(Now, took, count, d);
            _ledger.Stored(LastSequenceNr);
            foreach (var e in stored) _unprojected.Add(e);
            TellFollowers(new Committed(stored.ToImmutable(), LastSequenceNr));
            SnapshotIfDue();   // Before the answers: they begin the next commit, whose decisions are not stored yet.
            Answer(batch, d);
        });
    }

    private void Answer(List<(ILedgerCommand Command, IActorRef From)> batch, LedgerDecision decided)
    {
        _writing = [];
        _parts.Metrics.Unfinished(_ledger.Partition, _ledger.Unfinished);
        for (var i = 0; i < batch.Count; i++)
            if (decided.Replies[i] is { } reply) batch[i].From.Tell(reply);
        if (_rests)
        {
            Context.Stop(Self);
            return;
        }
        Offer(_ledger.DrainNewlyWaiting());
        CommitOrWait();
    }

    private void Offer(IEnumerable<QueueDepth> queues)
    {
        foreach (var (queue, count, head) in queues)
            _parts.Delivery.Tell(new QueueHasMail(_ledger.Partition, queue, count) { Head = head });
    }

    private void SnapshotIfDue()
    {
        // A large state costs more to write than a few thousand more events to replay.
        if (LastSequenceNr - _snapshotAt < Math.Max(_parts.Settings.SnapshotEvery, _ledger.Unfinished / 10)) return;
        _snapshotAt = LastSequenceNr;
        // A copy made here, at a commit boundary: the store may encode it on another thread.
        SaveSnapshot(new LedgerMemory(_ledger.ToSnapshot(), _unprojected.Projected, _unprojected.All()));
    }

    /// <summary>A rejected event is only logged by the base, and the answer would be a lie.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new JournalRejectedException(@event, cause);

    protected override void PostStop()
    {
        // They need not wait for their time-out to hear that the journal failed.
        TellWaiting("the journal failed");
        _parts.Local.Ended(_ledger.Partition);
        _parts.Metrics.Gone(_ledger.Partition);
        _parts.Metrics.ReadFrom(_ledger.Partition, null);
        base.PostStop();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        TellWaiting(reason.Message);
        _writing = [];
        _gathered.Clear();
        _urgent = false;
        base.PreRestart(reason, message);
    }

    /// <summary>
    /// What is being written ends first: of what was cut off in the middle nobody would know whether it is stored.
    /// </summary>
    private void BeginRest()
    {
        _rests = true;
        _parts.Local.Ended(_ledger.Partition);
        foreach (var (command, from) in _gathered) SendOn(command, from);
        _gathered.Clear();
        if (_writing.Count == 0) Context.Stop(Self);
    }

    /// <summary>Results and requests of lanes are told again by themselves, and time passes elsewhere too.</summary>
    private void SendOn(ILedgerCommand command, IActorRef from)
    {
        if (command is AcceptSubmissions or FindKey or CancelMessage or AmendMessages) from.Tell(new Moved(_ledger.Partition));
        if (command is TakeDue) from.Tell(new LedgerUnavailable(_ledger.Partition, "the ledger moves"));
    }

    private void TellWaiting(string reason)
    {
        var unavailable = new LedgerUnavailable(_ledger.Partition, reason);
        foreach (var (_, from) in _writing.Concat(_gathered)) from.Tell(unavailable);
    }

    private sealed record Tick { public static Tick Instance { get; } = new(); }

    private sealed record Patience { public static Patience Instance { get; } = new(); }

    private sealed record Look { public static Look Instance { get; } = new(); }
}
