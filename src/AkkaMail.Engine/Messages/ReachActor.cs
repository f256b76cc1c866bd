using Akka.Actor;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Does this node reach ledgers? Answered with <see cref="Reached"/>.</summary>
public sealed record AskReached { public static AskReached Instance { get; } = new(); }

public sealed record Reached(bool Yes);

/// <summary>
/// One a node: asks one ledger after the other whether it is awake, those that live here first, so that the node knows
/// whether it can keep a promise. One that cannot recover makes no node red: the others go on.
/// </summary>
public sealed class ReachActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1), Eager = TimeSpan.FromMilliseconds(100),
        Lasts = TimeSpan.FromSeconds(5);

    private readonly IActorRef _ledgers;
    private readonly int _count;
    private readonly LocalLedgers _local;
    private TimeSpan? _answeredAt;
    private int _next;

    public ReachActor(IActorRef ledgers, int count, LocalLedgers local) => (_ledgers, _count, _local) = (ledgers, count, local);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef ledgers, int count, LocalLedgers local) =>
        Akka.Actor.Props.Create(() => new ReachActor(ledgers, count, local));

    protected override void PreStart() => Ask();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Awake: _answeredAt = Now; break;
            case AskReached: Sender.Tell(new Reached(IsReached)); break;
            case Again: Ask(); break;
            default: Unhandled(message); break;
        }
    }

    private bool IsReached => _answeredAt is { } at && Now - at < Lasts;

    private void Ask()
    {
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is not null) return;
        var here = _local.Now;
        var ledger = here.Length > 0 ? here[_next++ % here.Length] : _next++ % _count;
        _ledgers.Tell(new ToLedger(ledger, Wake.Instance));
        Timers.StartSingleTimer("again", Again.Instance, IsReached ? Every : Eager);
    }

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private sealed record Again { public static Again Instance { get; } = new(); }
}
