using Akka.Actor;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Are all ledgers awake? Answered with <see cref="AllAwake"/>.</summary>
public sealed record AskAllAwake { public static AskAllAwake Instance { get; } = new(); }

public sealed record AllAwake(bool Yes);

/// <summary>
/// One in the cluster: wakes every ledger at start and again and again, so that each is alive somewhere. A ledger whose
/// node has died has nobody who remembers it: it lives again by the next word.
/// </summary>
public sealed class WakerActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(250);
    private readonly IActorRef _ledgers;
    private readonly int _count;
    private readonly TimeSpan _every;
    private readonly EngineMetrics? _metrics;
    private readonly Dictionary<int, TimeSpan> _awake = [];

    public WakerActor(IActorRef ledgers, int count, TimeSpan every, EngineMetrics? metrics) =>
        (_ledgers, _count, _every, _metrics) = (ledgers, count, every, metrics);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef ledgers, int count, TimeSpan every, EngineMetrics? metrics = null) =>
        Akka.Actor.Props.Create(() => new WakerActor(ledgers, count, every, metrics));

    protected override void PreStart() => WakeAll();

    protected override void PostStop() => _metrics?.Asleep(null);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Awake a: _awake[a.Partition] = Now; break;
            case AskAllAwake: Sender.Tell(new AllAwake(Answered(Of) == _count)); break;
            case Again: WakeAll(); break;
            default: Unhandled(message); break;
        }
    }

    private void WakeAll()
    {
        // A word to a ledger that has been handed over waits for its next home, and there may be none.
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is not null) return;
        _metrics?.Asleep(_count - Answered(Of));
        for (var i = 0; i < _count; i++) _ledgers.Tell(new ToLedger(i, Wake.Instance));
        Timers.StartSingleTimer("again", Again.Instance, _every < Eager || Answered(_every * 1.2) == _count ? _every : Eager);
    }

    /// <summary>What counts as an answer: a ledger that moves is silent for a moment.</summary>
    private TimeSpan Of => _every * 2.5;

    private int Answered(TimeSpan ago) => _awake.Values.Count(at => Now - at < ago);

    /// <summary>A clock that is set forward must not put the ledgers to sleep, and one that is set back wake none.</summary>
    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private sealed record Again { public static Again Instance { get; } = new(); }
}
