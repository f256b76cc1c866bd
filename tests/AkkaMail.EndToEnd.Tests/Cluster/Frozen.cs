using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>A node stands still, as with a machine that is suspended, and wakes when others have long gone on.</summary>
[Collection(Alone.Name)]
public sealed class Frozen(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    [Fact]
    public async Task A_frozen_node_does_no_harm_when_it_wakes_and_ends_itself()
    {
        await using var nodes = await Nodes.PrepareLimited(isApart: false);
        await nodes.Started();
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond, connections: 96);
        var flowing = inflow.Run(LimitedLanes.Recipient, stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > LimitedLanes.Ahead + PerSecond || flowing.IsFaulted);

        var frozen = nodes[2];
        frozen.Server.Freeze();
        var began = Stopwatch.GetTimestamp();
        await nodes.LedgersLiveElsewhere(frozen, TimeSpan.FromSeconds(60));
        var before = nodes.Sink.Mails.Count;
        await Wait.Until(() => nodes.Sink.Mails.Count > before + 2 * PerSecond
            && Stopwatch.GetElapsedTime(began) > FaultTime.Length, TimeSpan.FromSeconds(100));
        var asleep = nodes.Sink.Mails.Count(m => m.Ehlo == "node2.test");
        frozen.Server.Thaw();
        Assert.NotEqual(0, await frozen.Server.Ended());   // So that whoever starts it starts it again.
        var after = nodes.Sink.Mails.Count(m => m.Ehlo == "node2.test") - asleep;
        await frozen.Up();
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"frozen for {FaultTime.Length.TotalSeconds} s, {after} mails from it after it woke", inflow);
        await LimitedLanes.Check(output, nodes);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
    }
}
