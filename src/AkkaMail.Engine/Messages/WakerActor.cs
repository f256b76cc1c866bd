using Akka.Actor;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Are all ledgers awake? Answered with <see cref="AllAwake"/>.</summary>
public sealed record AskAllAwake { public static AskAllAwake Instance { get; } = new(); }

public sealed record AllAwake(bool Yes);

/// <summary>Wakes every ledger at start and again and again: idempotent, so that each is alive somewhere.</summary>
public sealed class WakerActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(250);
    private readonly IActorRef _ledgers;
    private readonly int _count;
    private readonly TimeSpan _every;
    private readonly Dictionary<int, TimeSpan> _awake = [];

    public WakerActor(IActorRef ledgers, int count, TimeSpan every) =>
        (_ledgers, _count, _every) = (ledgers, count, every);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef ledgers, int count, TimeSpan every) =>
        Akka.Actor.Props.Create(() => new WakerActor(ledgers, count, every));

    protected override void PreStart() => WakeAll();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Awake a: _awake[a.Partition] = Now; break;
            case AskAllAwake: Sender.Tell(new AllAwake(AllAnsweredSince(_every * 2.5))); break;
            case Again: WakeAll(); break;
            default: Unhandled(message); break;
        }
    }

    private void WakeAll()
    {
        for (var i = 0; i < _count; i++) _ledgers.Tell(new ToLedger(i, Wake.Instance));
        Timers.StartSingleTimer("again", Again.Instance, _every < Eager || AllAnsweredSince(_every) ? _every : Eager);
    }

    private bool AllAnsweredSince(TimeSpan ago) =>
        _awake.Values.Count(at => Now - at < ago) == _count;

    /// <summary>A clock that is set forward must not put the ledgers to sleep, and one that is set back wake none.</summary>
    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private sealed record Again { public static Again Instance { get; } = new(); }
}
