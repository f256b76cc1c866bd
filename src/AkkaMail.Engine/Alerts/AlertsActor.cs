using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Alerts;

/// <summary>
/// Remembers which figures are over their bounds: one in the cluster. Governors tell their lane's score when it changes
/// its standing, nodes those of tenants and domains each minute; the same figure twice is harmless.
/// </summary>
public sealed class AlertsActor : UntypedPersistentActor, IWithTimers
{
    public const string Id = "alerts";
    private const int SnapshotEvery = 1_000;

    /// <summary>A lane nobody sends to has no governor that could say it has recovered: it is asked.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(1);

    private readonly IActorRef _governors;
    private readonly EngineMetrics? _metrics;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AlertBook _book = new();
    private bool _isFull;

    public AlertsActor(IActorRef governors, EngineMetrics? metrics) => (_governors, _metrics) = (governors, metrics);

    public override string PersistenceId => Id;
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef governors, EngineMetrics? metrics = null) =>
        Akka.Actor.Props.Create(() => new AlertsActor(governors, metrics));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("ask", AskLanes.Instance, AskEvery);
        base.PreStart();
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ReadFigures m: Read(m.Readings); break;
            case ListAlerts m: Sender.Tell(Page(_book.Open, m.Skip)); break;
            case AskLanes:
                foreach (var lane in _book.OpenOf(AlertKind.Lane))
                    _governors.Tell(new ToGovernor(LimitKey.Parse(lane.Name), TellStanding.Instance));
                break;
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
            case SnapshotOffer { Snapshot: AlertsSnapshot s }:
                _book = new();
                foreach (var open in s.Open) _book.Apply(open);
                break;
            case AlertChanged e: _book.Apply(e); break;
            case RecoveryCompleted: _metrics?.Alerts(_book.Open); break;
        }
    }

    private OpenAlerts Page(ImmutableArray<AlertChanged> open, int skip) => new(
        [.. open.Skip(skip).Take(OpenAlerts.PageMax)], LastSequenceNr, open.Length - skip > OpenAlerts.PageMax);

    private void Read(ImmutableArray<AlertReading> readings)
    {
        var now = Context.System.Scheduler.Now;
        if (_book.Open.Length >= AlertBook.OpenMax && !_isFull)
            _log.Warning("{0} alerts are open: no others are recorded", AlertBook.OpenMax);
        _isFull = _book.Open.Length >= AlertBook.OpenMax;
        ImmutableArray<AlertChanged> changes =
            [.. readings.Select(r => _book.Decide(r, now)).OfType<AlertChanged>().DistinctBy(c => (c.Rule, c.Subject))];
        if (changes.IsEmpty) return;
        var left = changes.Length;
        PersistAll(changes, e =>
        {
            _book.Apply(e);
            if (e.To > e.From)
                _log.Warning("{0} of {1} {2} is {3:0.####}, the bound is {4}: {5}", e.Rule, e.Subject.Kind.ToWord(),
                    e.Subject.Name, e.Value, e.Bound, e.Detail);
            if (--left > 0) return;
            _metrics?.Alerts(_book.Open);
            if (LastSequenceNr % SnapshotEvery < changes.Length) SaveSnapshot(new AlertsSnapshot(_book.Open));
        });
    }

    /// <summary>A rejected event is only logged by the base, and the alert would be open in memory alone.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new Protocol.JournalRejectedException(@event, cause);

    private sealed record AskLanes
    {
        public static AskLanes Instance { get; } = new();
    }
}
