using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>What stories of several nodes share: a database, a receiver that counts, three processes.</summary>
internal sealed class Nodes : IAsyncDisposable
{
    private readonly PostgresCluster? _own;

    private readonly NetworkNamespaces? _network;
    private readonly LimitedLanes? _lanes;

    private Nodes(PostgresCluster? own, TestSink.TestSink sink, ServerCluster cluster,
        NetworkNamespaces? network = null, LimitedLanes? lanes = null) =>
        (_own, Sink, Cluster, _network, _lanes) = (own, sink, cluster, network, lanes);

    /// <summary>Its server of PostgreSQL, where it has one of its own.</summary>
    public PostgresCluster Database => _own ?? throw new InvalidOperationException("its database server is shared");

    /// <summary>Where each is a machine of its own.</summary>
    public NetworkNamespaces Network => _network ?? throw new InvalidOperationException("they share this machine's network");

    public TestSink.TestSink Sink { get; }
    public ServerCluster Cluster { get; }
    public IReadOnlyList<ServerNode> All => Cluster.Nodes;
    public ServerNode this[int number] => Cluster.Nodes[number - 1];

    /// <param name="database">Null: one of the server that tests share.</param>
    public static async Task<Nodes> Start(PostgresCluster? database = null, params (string Name, string Value)[] settings)
    {
        var nodes = await Prepare(database, settings);
        return await nodes.Started();
    }

    /// <summary>These first nodes of them together, and ready; all of them by default.</summary>
    public async Task<Nodes> Started(int count = int.MaxValue)
    {
        try
        {
            foreach (var node in All.Take(count)) node.Begin();
            await Task.WhenAll(All.Take(count).Select(n => n.Ready()));
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>None of them runs yet.</summary>
    public static async Task<Nodes> Prepare(PostgresCluster? database = null, params (string Name, string Value)[] settings)
    {
        var sink = await TestSink.TestSink.StartAsync();
        return new(database, sink, ServerCluster.Prepare(Here, (database ?? PostgresCluster.Shared).NewDatabase(),
            [("AkkaMail__Delivery__Relay", $"127.0.0.1:{sink.Port}"), .. settings]));
    }

    /// <summary>Mail goes where DNS says, to <see cref="LimitedLanes"/> among others.</summary>
    /// <param name="isApart">Each is a machine of its own, as far as the network goes.</param>
    public static async Task<Nodes> PrepareLimited(bool isApart)
    {
        var network = isApart ? NetworkNamespaces.TryMake(3) ?? throw new InvalidOperationException("ip netns add") : null;
        PostgresCluster? database = null;
        TestSink.TestSink? sink = null;
        LimitedLanes? lanes = null;
        try
        {
            if (network is not null) database = PostgresCluster.Start(alsoAt: network.Host);
            sink = await TestSink.TestSink.StartAsync(new() { Address = network?.Host ?? IPAddress.Loopback });
            lanes = new(network?.Host ?? IPAddress.Loopback, sink.Port);
            return new(database, sink, ServerCluster.Prepare(
                network is null ? Here : [.. Enumerable.Range(1, 3).Select(network.Place)],
                (database ?? PostgresCluster.Shared).NewDatabase(), lanes.Settings), network, lanes);
        }
        catch
        {
            lanes?.Dispose();
            if (sink is not null) await sink.DisposeAsync();
            database?.Dispose();
            network?.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<NodePlace> Here => [.. Enumerable.Range(1, 3).Select(NodePlace.Loopback)];

    public Api Api(int number) => new(this[number].Url);

    /// <summary>The cluster, as a node tells it.</summary>
    public static async Task<JsonNode> Look(ServerNode at)
    {
        using var api = new Api(at.Url);
        return JsonNode.Parse(await api.Http.GetStringAsync("/v1/cluster"))!;
    }

    /// <summary>Where each ledger lives; null: it does not answer.</summary>
    public static async Task<string?[]> Places(ServerNode at) =>
        [.. (await Look(at))["ledgers"]!.AsArray().Select(l => (string?)l!["node"])];

    /// <summary>Waits until all answer, and none of them on this node.</summary>
    public Task LedgersLiveElsewhere(ServerNode than, TimeSpan? within = null)
    {
        var at = All.First(n => n != than && n.Runs);
        var last = "";
        return Wait.Until(async () =>
        {
            var look = await Look(at);
            last = look.ToJsonString();
            return look["ledgers"]!.AsArray().All(l => (string?)l!["node"] is { } place && place != than.Address);
        }, within ?? TimeSpan.FromSeconds(30), () => $"{last}\n{string.Join('\n', at.Server.Output.Split('\n').TakeLast(60))}");
    }

    /// <summary>What became of all that was promised, once nothing is under way any more; as every node tells it.</summary>
    public async Task<Account> Settle(SteadyInflow inflow, TimeSpan within)
    {
        foreach (var node in All.Where(n => n.Runs))
        {
            using var each = new Api(node.Url);
            try { await each.Status(s => s is { Alive: 0, Unfinished: 0, Complete: true } && s.Accepted >= inflow.Accepted.Count, within); }
            catch (TimeoutException e) { throw new TimeoutException($"{e.Message}\n{await Unended(each)}\n{await Said(node)}"); }
        }
        using var api = new Api(All.First(n => n.Runs).Url);
        var inDoubt = 0;
        foreach (var message in (await api.All("")).Where(m => m.Attempts > 1))
            inDoubt += (await api.Story(message.Id)).Events!.Count(e => e.InDoubt == true);
        var came = Sink.Mails.CountBy(m => m.Recipients[0]).ToDictionary();
        return new(inflow.Accepted.Count, inflow.Accepted.Keys.Count(r => !came.ContainsKey(r)), came.Values.Sum() - came.Count,
            came.Values.DefaultIfEmpty(0).Max(), inDoubt, inflow.Accepted.Values.Distinct().Count());
    }

    /// <summary>The stories of some that have no end.</summary>
    private static async Task<string> Unended(Api at)
    {
        var alive = (await at.All("")).Where(m => !m.HasEnded).Take(5).ToList();
        return string.Join('\n', await Task.WhenAll(alive.Select(m => at.StoryText(m.Id))));
    }

    /// <summary>How many of the nodes are up, as one tells it.</summary>
    public async Task<int> Up(ServerNode at) => (await Look(at))["nodes"]!.AsArray().Count(n => (string?)n!["state"] == "up");

    /// <summary>How many clusters have been founded on the database.</summary>
    public async Task<long> Foundings() =>
        Assert.Single(await PostgresCluster.Read<long>(Cluster.ConnectionString, "SELECT last_value FROM akkamail.foundings"));

    /// <summary>What the cluster looks like, and the last words of each node: for whoever looks why something did not come.</summary>
    private async Task<string> Said(ServerNode at) => (await Look(at)).ToJsonString() + "\n" + string.Join('\n', All.Select(n =>
        $"{n.Address}:\n{string.Join('\n', n.Server.Output.Split('\n').TakeLast(60))}"));

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Cluster.DisposeAsync();
            await Sink.DisposeAsync();
            _lanes?.Dispose();
            _own?.Dispose();
        }
        finally { _network?.Dispose(); }
    }
}

/// <param name="Twice">Mails that came beyond one each.</param>
/// <param name="MostOfOne">How often the one that came most often came.</param>
internal sealed record Account(int Accepted, int Lost, int Twice, int MostOfOne, int InDoubt, int Ids)
{
    public void Write(ITestOutputHelper output, string story, SteadyInflow inflow)
    {
        var seconds = inflow.Seconds;
        output.WriteLine($"{story}: accepted={Accepted} lost={Lost} twice={Twice} in_doubt={InDoubt} "
            + $"with_one_repeat={100.0 * inflow.WithOneRepeat / inflow.Begun:0.00} % broken={inflow.Setbacks.Broken} "
            + $"refused={inflow.Setbacks.Refused} p50={seconds[seconds.Count / 2]:0.000} s "
            + $"p99={seconds[(int)(seconds.Count * 0.99)]:0.000} s max={seconds[^1]:0.0} s");
    }
}
