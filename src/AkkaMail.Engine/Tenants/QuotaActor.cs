using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tenants;

/// <summary>
/// The one place where a tenant's use is counted, so that all nodes together stay within its quota. Each grant is
/// stored before it is told. A node that crashes loses its block: the tenant can send less, never more.
/// </summary>
public sealed class QuotaActor : UntypedPersistentActor
{
    private const int SnapshotEvery = 500;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private QuotaUse _use = new();
    private IActorRef? _asker;

    public QuotaActor(string tenant) => PersistenceId = IdOf(tenant);

    public override string PersistenceId { get; }
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static string IdOf(string tenant) => $"quota-{tenant}";
    public static Props Props(string tenant) => Akka.Actor.Props.Create(() => new QuotaActor(tenant));

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case TakeQuota m: Take(m); break;
            case ReturnQuota m: Store([new QuotaReturned(Now, m.Rest.For, m.Rest.Count)], null); break;
            case ReadQuota: Sender.Tell(Used()); break;
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
            case SnapshotOffer { Snapshot: QuotaSnapshot s }: _use = QuotaUse.From(s); break;
            case IQuotaEvent e: _use.Apply(e); break;
        }
    }

    private void Take(TakeQuota m)
    {
        var now = Now;
        var events = new List<IQuotaEvent>(2);
        if (m.Rest is { } rest)
        {
            var returned = new QuotaReturned(now, rest.For, rest.Count);
            _use.Apply(returned);
            events.Add(returned);
        }
        // For a time of its own it is exact: the next request has another time.
        var from = m.At is { } at && at > now ? at : now;
        var answer = _use.Take(m.Quota, m.Count, from, m.Latest, asBlock: m.At is null);
        if (answer is QuotaGranted g)
        {
            var taken = new QuotaTaken(now, g.For, g.Count);
            _use.Apply(taken);
            events.Add(taken);
        }
        Store(events, answer, isApplied: true);
    }

    /// <summary>
    /// The state is ahead until it is stored; nothing else is taken in meanwhile, and a failure ends this life.
    /// </summary>
    private void Store(List<IQuotaEvent> events, object? answer, bool isApplied = false)
    {
        if (!isApplied) foreach (var e in events) _use.Apply(e);
        if (events.Count == 0) { Sender.Tell(answer); return; }
        (_asker, var left) = (answer is null ? null : Sender, events.Count);
        PersistAll(events, _ =>
        {
            if (--left > 0) return;
            if (answer is not null) _asker?.Tell(answer);
            _asker = null;
            if (LastSequenceNr / SnapshotEvery > (LastSequenceNr - events.Count) / SnapshotEvery)
                SaveSnapshot(_use.ToSnapshot());
        });
    }

    private QuotaUsed Used()
    {
        var now = Now;
        return new(now, _use.Used(QuotaWindow.Minute, now), _use.Used(QuotaWindow.Hour, now),
            _use.Used(QuotaWindow.Day, now), _use.Used(QuotaWindow.Month, now));
    }

    /// <summary>A rejected event is only logged by the base, and the grant would not be counted.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new Protocol.JournalRejectedException(@event, cause);

    protected override void PreRestart(Exception reason, object message)
    {
        TellAsker(reason.Message);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        TellAsker("the journal failed");
        base.PostStop();
    }

    /// <summary>It need not wait for its time-out to hear that the journal failed.</summary>
    private void TellAsker(string reason)
    {
        _asker?.Tell(new QuotaUnavailable(reason));
        _asker = null;
    }
}
