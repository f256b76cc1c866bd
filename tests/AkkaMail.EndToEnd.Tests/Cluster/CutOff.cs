using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>
/// The network between nodes breaks, and that to the database, receivers and clients does not: what everybody could go on
/// doing by himself.
/// </summary>
[Collection(Alone.Name)]
public sealed class CutOff(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    /// <summary>The one with the singletons, who decides where everything is.</summary>
    [NamespacesFact]
    public async Task Who_is_cut_off_from_its_fellows_falls_silent_and_ends_itself_and_comes_back()
    {
        await using var nodes = await Nodes.PrepareLimited(isApart: true);
        await nodes.Started();
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond, connections: 96);
        var flowing = inflow.Run(LimitedLanes.Recipient, stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > LimitedLanes.Ahead + PerSecond || flowing.IsFaulted);

        var cut = nodes.All.First(n => n.Server.Output.Contains("begins here", StringComparison.Ordinal));
        var (began, at) = (Stopwatch.GetTimestamp(), nodes.Sink.Clock);
        nodes.Network.Cut(cut.Number);
        Assert.NotEqual(0, await cut.Server.Ended());
        var ended = Stopwatch.GetElapsedTime(began);
        await nodes.LedgersLiveElsewhere(cut);
        var elsewhere = Stopwatch.GetElapsedTime(began);
        var had = inflow.Accepted.Count;
        await Wait.Until(() => Stopwatch.GetElapsedTime(began) > FaultTime.Length && inflow.Accepted.Count > had + PerSecond
            || flowing.IsFaulted, TimeSpan.FromSeconds(100));
        nodes.Network.Mend(cut.Number);
        await cut.Up();
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        var silent = nodes.Sink.Mails.Where(m => m.Ehlo == $"node{cut.Number}.test" && m.At < at + FaultTime.Length)
            .Max(m => m.At) - at;
        account.Write(output, $"cut off for {FaultTime.Length.TotalSeconds} s: silent after {silent.TotalSeconds:0.0} s, "
            + $"ended after {ended.TotalSeconds:0.0} s, its ledgers elsewhere after {elsewhere.TotalSeconds:0.0} s", inflow);
        await LimitedLanes.Check(output, nodes);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
        Assert.InRange(silent.TotalSeconds, 0, 10);
        Assert.Equal(1, await nodes.Foundings());
        Assert.Equal(3, await nodes.Up(cut));
    }
}
