using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>
/// A switch that fails comes and goes, and nodes see each other now so, now so. Who ends everybody because nobody can say who
/// is there has made a nuisance an outage.
/// </summary>
[Collection(Alone.Name)]
public sealed class Flapping(ITestOutputHelper output)
{
    private const int PerSecond = 60, Times = 5;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(2);

    [NamespacesFact(isLong: true)]
    public async Task A_cable_that_comes_and_goes_ends_one_node_at_most()
    {
        await using var nodes = await Nodes.PrepareLimited(isApart: true);
        await nodes.Started();
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond, connections: 96);
        var flowing = inflow.Run(LimitedLanes.Recipient, stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > LimitedLanes.Ahead + PerSecond || flowing.IsFaulted);

        for (var n = 0; n < Times; n++)
        {
            nodes.Network.Cut(2);
            await Task.Delay(Each);   // So long is the fault, and so long its pause.
            nodes.Network.Mend(2);
            await Task.Delay(Each);
        }
        var had = inflow.Accepted.Count;
        await Wait.Until(() => inflow.Accepted.Count > had + 3 * PerSecond || flowing.IsFaulted);
        var ended = nodes.All.Where(n => !n.Runs).ToList();
        Assert.InRange(ended.Count, 0, 1);
        foreach (var node in ended)
        {
            Assert.NotEqual(0, node.Server.ExitCode);
            await node.Up();
        }
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"a cable pulled {Times} times, {Each.TotalSeconds} s each, {ended.Count} nodes started again", inflow);
        await LimitedLanes.Check(output, nodes);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
        Assert.Equal(1, await nodes.Foundings());
        Assert.Equal(3, await nodes.Up(nodes[1]));
    }
}
