using AkkaMail.Engine.Hosting;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

public class StopTests : HostedEngine
{
    /// <summary>So often that it surely comes while the ledgers are handed over.</summary>
    protected override EngineParts Parts => base.Parts with { WakeEvery = TimeSpan.FromMilliseconds(20) };

    /// <summary>A shard region that holds a message nobody will take does not stop before its 9 s are over.</summary>
    [Fact]
    public async Task A_node_that_stops_is_not_held_up_by_its_waker()
    {
        await Host.StopAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(7), Cancel);
    }
}
