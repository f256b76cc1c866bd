using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>A node dies, and nobody has to get up.</summary>
[Collection(Alone.Name)]
public sealed class TakeOver(ITestOutputHelper output)
{
    private const int PerSecond = 100;

    /// <summary>Of the long form: a kill a minute for ten of them.</summary>
    private const int LongPerSecond = 300, LongKills = 10;
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    /// <summary>One after the other, each started again: among them is whoever has the singletons.</summary>
    [Fact]
    public async Task Each_node_is_killed_once_while_mail_flows_in_and_nothing_is_lost()
    {
        await using var nodes = await Nodes.Start();
        using var stop = new CancellationTokenSource();
        var inflow = FaultTime.AreLong ? new SteadyInflow(nodes.Cluster.Urls, LongPerSecond, connections: 384)
            : new SteadyInflow(nodes.Cluster.Urls, PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        var took = new List<double>();
        for (var kill = 0; kill < (FaultTime.AreLong ? LongKills : nodes.All.Count); kill++)
        {
            var (node, killed) = (nodes.All[kill % nodes.All.Count], Stopwatch.GetTimestamp());
            node.Kill();
            await nodes.LedgersLiveElsewhere(node);
            took.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            await node.Up();
            if (FaultTime.AreLong && LongPause - Stopwatch.GetElapsedTime(killed) is { Ticks: > 0 } left) await Task.Delay(left);
        }
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"killed {took.Count} times, taken over in {string.Join(", ", took.Select(s => $"{s:0.0} s"))}", inflow);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
        Assert.Equal(inflow.Begun, account.Accepted);
        Assert.All(took, s => Assert.InRange(s, 0, 20));
    }

    /// <summary>Who hands ledgers over dies in the middle of it: those are nobody's until that is noticed.</summary>
    [LongFact]
    public async Task A_node_joins_and_the_one_that_gives_it_ledgers_dies_at_once()
    {
        await using var nodes = await Nodes.Prepare();
        foreach (var node in nodes.All.Take(2)) node.Begin();
        await Task.WhenAll(nodes.All.Take(2).Select(n => n.Ready()));
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        nodes[3].Begin();
        await Wait.Until(async () => (await Nodes.Look(nodes[2]))["nodes"]!.AsArray().Count(n => (string?)n!["state"] == "up") == 3,
            TimeSpan.FromSeconds(60));
        await Task.Delay(200);   // Then ledgers are on their way.
        var killed = Stopwatch.GetTimestamp();
        nodes[1].Kill();
        await nodes.LedgersLiveElsewhere(nodes[1]);
        var took = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        await nodes[1].Up();
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"one joined and the oldest was killed 0.2 s later, taken over in {took:0.0} s", inflow);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
        Assert.InRange(took, 0, 20);
    }
}
