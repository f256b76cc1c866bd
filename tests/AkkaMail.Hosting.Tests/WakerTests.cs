using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaMail.Engine;
using AkkaMail.Engine.Messages;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

public class WakerTests : HostedEngine
{
    protected override EngineParts Parts => base.Parts with { WakeEvery = TimeSpan.FromMilliseconds(500) };

    [Fact]
    public async Task A_ledger_that_was_stopped_and_forgotten_lives_again_after_the_next_wake()
    {
        await AllAwake();
        var stopped = (await Living(2))!;
        await WatchAsync(stopped);

        // Passivation also strikes it off the list of remembered entities: only the waker is left to think of it.
        Sys.ActorSelection(Shard(2)).Tell(new Passivate(PoisonPill.Instance), stopped);
        await ExpectTerminatedAsync(stopped, Facts<int>.Limit, cancellationToken: Cancel);

        await NextLifeOf(2, stopped);
        await Accept(2);
        await Read.Ended(1);
    }

    [Fact]
    public async Task To_be_woken_again_and_again_changes_nothing()
    {
        await Accept(1);
        await Read.Ended(1);
        var living = (await Living(1))!;
        var events = Read.Events.All.Count;

        for (var i = 0; i < 20; i++) Assert.Equal(new Awake(1), await Ask(1, Wake.Instance));

        Assert.Equal(living, await Living(1));
        await Accept(1);
        await Read.Ended(2);
        Assert.Equal(2 * events, Read.Events.All.Count);
    }

    private Task AllAwake() => AwaitConditionAsync(
        async () =>
            (await ActorRegistry.Get<Waker>().Ask<AllAwake>(AskAllAwake.Instance, Facts<int>.Limit, Cancel)).Yes,
        Facts<int>.Limit, TimeSpan.FromMilliseconds(50), cancellationToken: Cancel);
}
