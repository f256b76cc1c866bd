using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Lanes;

/// <summary>
/// What every governor of a node works with. <paramref name="Terms"/> is asked anew each time,
/// <paramref name="NodesUp"/> counts the cluster's nodes, <paramref name="IsGone"/> knows which incarnation is not
/// among them, <paramref name="Alerts"/> hears of scores that are not good.
/// </summary>
public sealed record GovernorParts(
    Func<LimitKey, LaneTerms> Terms, Func<int> NodesUp, Func<string, bool> IsGone, EngineMetrics? Metrics = null,
    Func<IActorRef>? Alerts = null);

/// <summary>
/// The one place a lane's limits are decided, wherever its nodes are. Facts are stored before anybody acts on them; a
/// node whose share changed is told at once, so that the sum of all is never more than the lane's.
/// </summary>
public sealed partial class GovernorActor : UntypedPersistentActor, IWithTimers
{
    private const int SnapshotEvery = 500;

    private readonly LimitKey _limit;
    private readonly GovernorParts _parts;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Governor _governor;
    private long _serial, _snapshotAt;
    private int _ticks;

    public GovernorActor(LimitKey limit, GovernorParts parts) =>
        (_limit, _parts, _governor, PersistenceId) = (limit, parts, new(limit), IdOf(limit));

    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static string IdOf(LimitKey limit) => $"lane-{limit}";

    public static Props Props(LimitKey limit, GovernorParts parts) =>
        Akka.Actor.Props.Create(() => new GovernorActor(limit, parts));

    protected override void PreStart()
    {
        // Serials go on from life to life without being stored: a node must not take an old lease for a new one.
        _serial = Now.UtcTicks;
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(5));
        base.PreStart();
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case RenewLease m: Renew(m); break;
            case LeaveLane m: Leave(m); break;
            case LaneOrder m: Obey(m); break;
            case CountFeedback m: Hear(m); break;
            case DescribeLane: Sender.Tell(Describe()); break;
            case TellStanding: Sender.Tell(Standing()); break;
            case Tick:
                // Again each minute: the one word may have been lost.
                if ((_governor.Standing != Core.Lanes.Standing.Good || _governor.Complaints(Now).Complaints >= 1)
                    && ++_ticks % 12 == 0) TellAlerts();
                Store(_governor.PassTime(_parts.Terms(_limit), Now), ShareAgain);
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
            case SnapshotOffer { Snapshot: GovernorSnapshot s }:
                _governor = Governor.From(_limit, s);
                _snapshotAt = SnapshotSequenceNr;
                break;
            case IGovernorEvent e: _governor.Apply(e); break;
        }
    }

    private void Hear(CountFeedback m)
    {
        var sender = Sender;
        Store(_governor.Feedback(m.Complaints, m.Engaged, Now), () =>
        {
            Share();
            sender.Tell(FeedbackTaken.Instance);
        });
    }

    private void Obey(LaneOrder order)
    {
        var (terms, now, sender) = (_parts.Terms(_limit), Now, Sender);
        if (order is LaneOrder.PauseWarmUp or LaneOrder.ResumeWarmUp or LaneOrder.CompleteWarmUp
            && _governor.WarmUp is null)
        {
            sender.Tell(new OrderRefused($"{_limit} has no warm-up under way."));
            return;
        }
        var by = new OrderedBy(order.By, order.Note);
        var events = order switch
        {
            LaneOrder.Suspend o => _governor.Suspend(o.Target, o.Time, by, terms.Version, now),
            LaneOrder.Resume => _governor.Resume(by, now),
            LaneOrder.Limit o => _governor.Limit(o.Rate, o.Connections, o.Time, by, terms.Version, now),
            LaneOrder.StartWarmUp o => _governor.StartWarmUp(o.Plan, by.By, now),
            LaneOrder.PauseWarmUp => _governor.PauseWarmUp(by, now),
            LaneOrder.ResumeWarmUp => _governor.ResumeWarmUp(by, now),
            LaneOrder.CompleteWarmUp => _governor.CompleteWarmUp(by, now),
            _ => throw new InvalidOperationException($"{order.GetType().Name} is no order"),
        };
        Store(events, () =>
        {
            Share();
            sender.Tell(Describe());
        });
    }

    /// <summary>
    /// Stores what was decided, then lets it act. The state is ahead meanwhile: nothing else is taken in.
    /// </summary>
    private void Store(ImmutableArray<IGovernorEvent> events, Action then)
    {
        if (events.IsEmpty) { then(); return; }
        var left = events.Length;
        PersistAll(events, e =>
        {
            _parts.Metrics?.Count(e);
            if (e is StandingChanged or FeedbackCounted { Complaints: > 0 }) TellAlerts();
            if (--left > 0) return;
            if (LastSequenceNr - _snapshotAt >= SnapshotEvery && !_governor.HasUncounted)
            {
                _snapshotAt = LastSequenceNr;
                SaveSnapshot(_governor.ToSnapshot());
            }
            then();
        });
    }

    private void TellAlerts() => _parts.Alerts?.Invoke().Tell(Standing());

    private ReadFigures Standing()
    {
        var now = Now;
        var (score, messages, worst) = _governor.Reputation(now);
        var (complaints, delivered) = _governor.Complaints(now);
        var lane = new AlertSubject(AlertKind.Lane, null, _limit.ToString());
        return new(
        [
            new(AlertRule.Reputation, lane, score, messages, SenderReputation.Words(worst)),
            new(AlertRule.Complaints, lane, delivered < 1 ? 0 : complaints / delivered, delivered,
                string.Create(CultureInfo.InvariantCulture, $"{complaints:0.#} complaints; counts halve in 7 days")),
        ]);
    }

    private LaneState Describe() => _governor.At(_parts.Terms(_limit), Now) with
    {
        Nodes = [.. _sharing.Nodes.Order(StringComparer.Ordinal)],
        Newest = LastSequenceNr,
    };

    /// <summary>
    /// A rejected event is only logged by the base, and the lane would go on by rules nobody can look up.
    /// </summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new Protocol.JournalRejectedException(@event, cause);

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
