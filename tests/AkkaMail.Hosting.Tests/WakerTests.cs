using Akka.Actor;
using AkkaMail.Engine.Hosting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

public class WakerTests : HostedEngine
{
    protected override EngineParts Parts => base.Parts with { WakeEvery = TimeSpan.FromMilliseconds(500) };

    [Fact]
    public async Task A_ledger_that_was_killed_lives_again_after_the_next_wake()
    {
        var killed = await End(2, Kill.Instance);

        await NextLifeOf(2, killed);
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
}
