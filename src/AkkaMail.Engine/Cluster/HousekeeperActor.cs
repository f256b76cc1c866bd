using Akka.Actor;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Lives on the one node of the cluster that does what should be done once: prunes, deletes, reads what came in. It only
/// says that it is there; who does these things asks <see cref="Duty"/> before each round.
/// </summary>
public sealed class HousekeeperActor : UntypedActor, IWithTimers
{
    private readonly Duty _duty;

    public HousekeeperActor(Duty duty) => _duty = duty;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Duty duty) => Akka.Actor.Props.Create(() => new HousekeeperActor(duty));

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.Zero, Duty.Every);

    protected override void PostStop() => _duty.TakeAway();

    protected override void OnReceive(object message)
    {
        if (message is Tick) _duty.Tell();
        else Unhandled(message);
    }

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
