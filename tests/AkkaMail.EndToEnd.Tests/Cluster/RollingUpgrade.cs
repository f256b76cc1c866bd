using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>
/// Three nodes of an older build become this one, one after the other, one of them goes back and forth, while mail flows.
/// Run by <c>tools/rolling-upgrade.sh COMMIT</c>, which builds the older one.
/// </summary>
[Collection(Alone.Name)]
public sealed class RollingUpgrade(ITestOutputHelper output)
{
    private const int PerSecond = 60;

    [OlderBuildFact]
    public async Task Two_versions_run_side_by_side_and_nothing_is_lost_or_doubled()
    {
        await using var nodes = await Nodes.Prepare();
        foreach (var node in nodes.All) node.Program = OlderBuildFactAttribute.Program;
        await nodes.Started();
        using var stop = new CancellationTokenSource();
        var inflow = new SteadyInflow(nodes.Cluster.Urls, PerSecond);
        var flowing = inflow.Run(i => $"r{i}@d{i % 20}.test", stop.Token);
        await Wait.Until(() => inflow.Accepted.Count > 3 * PerSecond || flowing.IsFaulted);

        foreach (var (number, program) in ((int, string?)[])[
            (1, null), (3, null),                             // An older one between two of this build,
            (2, null), (2, OlderBuildFactAttribute.Program),  // then none, and then it is taken back,
            (2, null)])
        {
            var node = nodes[number];
            await node.Server.Stop(TimeSpan.FromSeconds(70));
            node.Program = program;
            await node.Up();
            await Wait.Until(async () => (await Nodes.Places(node)).All(p => p is not null), TimeSpan.FromSeconds(30));
            var had = nodes.Sink.Mails.Count;
            await Wait.Until(() => nodes.Sink.Mails.Count > had + 5 * PerSecond || flowing.IsFaulted, TimeSpan.FromSeconds(60));
            output.WriteLine(string.Join(", ", (await Nodes.Look(node))["nodes"]!.AsArray().Select(n => $"{n!["node"]} {n["version"]}")));
        }
        await stop.CancelAsync();
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));

        var account = await nodes.Settle(inflow, TimeSpan.FromSeconds(60));
        account.Write(output, "an older build became this one, a node at a time", inflow);
        Assert.Equal((0, account.Accepted), (account.Lost, account.Ids));
        Assert.InRange(account.Twice, 0, account.InDoubt);
        Assert.InRange(account.MostOfOne, 1, 2);
    }
}

/// <summary>A story that needs another build of the server: <see cref="Variable"/> names its AkkaMail.Server.dll.</summary>
internal sealed class OlderBuildFactAttribute : FactAttribute
{
    private const string Variable = "AKKAMAIL_TEST_OLDER";

    public static string? Program { get; } = Environment.GetEnvironmentVariable(Variable);

    public OlderBuildFactAttribute() =>
        Skip = File.Exists(Program) ? null : $"{Variable} names no AkkaMail.Server.dll: tools/rolling-upgrade.sh builds one";
}
