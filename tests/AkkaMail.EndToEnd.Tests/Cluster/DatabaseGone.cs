using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Npgsql;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>
/// The database goes away under two nodes, and a third one starts the moment it is back, when all signs of life are old:
/// it must find the others, and not found a cluster beside theirs.
/// </summary>
[Collection(Alone.Name)]
public sealed class DatabaseGone(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    [Fact]
    public Task Nothing_is_lost_by_a_crash_and_one_cluster_stays_one() => Tell("crash");

    [LongTheory]
    [InlineData("pause")]
    [InlineData("failover")]
    public Task Nothing_is_lost_and_one_cluster_stays_one(string trouble) => Tell(trouble);

    private async Task Tell(string trouble)
    {
        await using var nodes = await Nodes.Prepare(PostgresCluster.Start());
        using var standby = trouble == "failover" ? nodes.Database.StandBy() : null;
        if (standby is not null)
            foreach (var node in nodes.All) node.Set("AkkaMail__Storage__ConnectionString", Either(nodes, standby));
        foreach (var node in nodes.All.Take(2)) node.Begin();
        await Task.WhenAll(nodes.All.Take(2).Select(n => n.Ready()));
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow([nodes[1].Url, nodes[2].Url], PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        if (trouble == "crash")
        {
            nodes.Database.Crash();
            nodes.Database.Start();
        }
        else if (standby is not null)
        {
            nodes.Database.Crash();
            standby.Promote();
        }
        else
        {
            nodes.Database.Pause();
            await Task.Delay(TimeSpan.FromSeconds(30));   // So long is the fault.
            nodes.Database.Resume();
        }
        nodes[3].Begin();
        await nodes[3].Ready(TimeSpan.FromSeconds(60));
        var had = inflow.Accepted.Count;
        await Wait.Until(() => inflow.Accepted.Count > had + PerSecond || flowing.IsFaulted, TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        // Two that lose each other beside it are less than three: the second ends itself, and is started again.
        var restarted = 0;
        foreach (var node in nodes.All.Where(n => !n.Runs))
        {
            Assert.NotEqual(0, node.Server.ExitCode);
            await node.Up();
            restarted++;
        }
        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"the database: {trouble}, {restarted} nodes started again", inflow);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.Equal(3, (await Nodes.Look(nodes[3]))["nodes"]!.AsArray().Count(n => (string?)n!["state"] == "up"));
        Assert.DoesNotContain("cluster 2 begins", nodes[3].Server.Output, StringComparison.Ordinal);
    }

    /// <summary>Whichever of both writes.</summary>
    private static string Either(Nodes nodes, PostgresCluster standby) =>
        new NpgsqlConnectionStringBuilder(nodes.Cluster.ConnectionString)
        {
            Host = $"127.0.0.1:{nodes.Database.Port},127.0.0.1:{standby.Port}",
            TargetSessionAttributes = "primary",
        }.ConnectionString;
}
