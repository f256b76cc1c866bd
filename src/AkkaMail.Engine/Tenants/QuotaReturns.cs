using Akka.Actor;

namespace AkkaMail.Engine.Tenants;

/// <summary>Looks every 5 s for blocks of this node that nobody uses, so that other nodes can.</summary>
public sealed class QuotaReturns : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly QuotaBlocks _blocks;

    public QuotaReturns(QuotaBlocks blocks) => _blocks = blocks;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(QuotaBlocks blocks) => Akka.Actor.Props.Create(() => new QuotaReturns(blocks));

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, Every);

    protected override void OnReceive(object message)
    {
        if (message is Tick) _blocks.ReturnIdle();
        else Unhandled(message);
    }

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
