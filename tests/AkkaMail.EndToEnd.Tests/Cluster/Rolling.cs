using System.Net;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>One after the other is stopped as an operator does, and started again, while mail flows in.</summary>
[Collection(Alone.Name)]
public sealed class Rolling(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    [Fact]
    public async Task A_rolling_restart_costs_nobody_a_mail_nor_anybody_one_twice()
    {
        await using var nodes = await Nodes.Start();
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        foreach (var node in nodes.All)
        {
            var ended = node.Server.Stop(TimeSpan.FromSeconds(70));
            await IsNotReadyAndTakesMail(node);
            await ended;
            Assert.Equal(0, node.Server.ExitCode);
            await node.Up();
            await Wait.Until(async () => (await Nodes.Places(node)).All(p => p is not null), TimeSpan.FromSeconds(30));
        }
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, "rolling restart of all three", inflow);
        Assert.Equal((0, 0, 0), (account.Lost, account.Twice, account.InDoubt));
        Assert.Equal(account.Accepted, account.Ids);
    }

    /// <summary>A balancer learns only by asking that a node ends, and sends it mail until then.</summary>
    private static async Task IsNotReadyAndTakesMail(ServerNode node)
    {
        using var api = new Api(node.Url);
        var why = "";
        await Wait.Until(async () =>
        {
            using var ready = await api.Http.GetAsync("/health/ready");
            why = await ready.Content.ReadAsStringAsync();
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        Assert.Contains("it ends", why, StringComparison.Ordinal);
        using var taken = await api.Http.GetAsync("/v1/messages?limit=1");
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }
}
