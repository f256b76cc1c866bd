using System.Diagnostics;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Npgsql;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>One node of three does not reach the database any more, by a relay on its way there; its fellows do.</summary>
[Collection(Alone.Name)]
public sealed class DatabaseCutOff(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    [LongFact]
    public async Task A_node_that_alone_cannot_reach_the_database_goes_and_others_go_on_with_its_mail()
    {
        await using var nodes = await Nodes.Prepare();
        var database = new NpgsqlConnectionStringBuilder(nodes.Cluster.ConnectionString);
        using var relay = new TcpRelay(database.Port);
        database.Port = relay.Port;
        var alone = nodes[2];
        alone.Set("AkkaMail__Storage__ConnectionString", database.ConnectionString);
        foreach (var node in nodes.All) node.Begin();
        await Task.WhenAll(nodes.All.Select(n => n.Ready()));
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        relay.Cut();
        var cut = Stopwatch.GetTimestamp();
        await nodes.LedgersLiveElsewhere(alone, TimeSpan.FromSeconds(90));
        var took = Stopwatch.GetElapsedTime(cut).TotalSeconds;
        Assert.NotEqual(0, await alone.Server.Ended());
        Assert.Matches(new Regex("This node ends: it has not reached the database for 30 s, and others do"), alone.Server.Output);
        relay.Mend();
        await alone.Up();
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, $"cut off from the database alone, taken over after {took:0.0} s", inflow);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(took, 30, 60);
    }
}
