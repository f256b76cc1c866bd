using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Data;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaMail.Hosting.Tests;

/// <summary>
/// A cluster of three nodes with remoting, sharding and one journal, in one process: only the receiver is not real, it
/// counts. The journal is a SQLite file that all three open, which works on one machine.
/// </summary>
public sealed class ThreeNodesTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Ledgers = 6, PerSecond = 100;
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-cluster-").FullName;
    private readonly List<Node> _nodes = [];
    private readonly ConcurrentQueue<(DateTimeOffset At, string Node)> _sent = new();
    private readonly ReadSide _read = new();
    private DataDirectory _data = null!;
    private int _seedPort;

    /// <summary>Of the nodes that join from now on.</summary>
    private DeliverySettings _settings = DeliverySettings.Default;

    private Task _door = Task.CompletedTask;
    private string _reply = "2.0.0 ok";
    private Rate? _rate = new(PerSecond, TimeSpan.FromSeconds(1));

    private sealed record Node(IHost Host, string Name)
    {
        public ActorSystem System => Host.Services.GetRequiredService<ActorSystem>();
        public IActorRef Region<T>() => Host.Services.GetRequiredService<IActorRegistry>().Get<T>();
    }

    /// <summary>
    /// The worst that can die: the node with the lane's governor. Its port refuses, so the others know at once, and divide
    /// its part among themselves before the governor begins elsewhere. The figures are printed.
    /// </summary>
    [Fact(Timeout = 180_000)]
    public async Task Three_nodes_share_a_lane_also_while_one_dies_and_another_joins()
    {
        for (var i = 0; i < 3; i++) await Join($"n{i}");
        for (var n = 0; n < 2 * Ledgers; n++) await Accept(n % Ledgers, 1_000);
        await SentBy(3);
        await Over(TimeSpan.FromSeconds(1));   // What the nodes may send at once in the beginning.

        // Real seconds: what a limit is, and what leases and cluster reckon in. Four are enough to tell a limit from
        // two thirds of it.
        var before = await Over(TimeSpan.FromSeconds(4));
        var victim = await NodeOfTheGovernor() ?? throw new InvalidOperationException("no node has the governor");
        var (began, clock) = (_sent.Count, TimeProvider.System.GetTimestamp());
        await ((ExtendedActorSystem)victim.System).Die();
        _nodes.Remove(victim);
        var death = await Over(TimeSpan.FromSeconds(5));
        await Until(async () => await NodeOfTheGovernor() is not null);   // It lives again, on another node.
        await Join("n3");
        await SentBy("n3");
        var whole = (_sent.Count - began) / TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        var after = await Over(TimeSpan.FromSeconds(5));

        output.WriteLine($"a second, limit {PerSecond}: before {before:0.0}, in the 5 s after the death {death:0.0}, until "
            + $"another had joined {whole:0.0}, after {after:0.0}");
        // Without its part being divided it would be two thirds for at least these 5 s.
        Assert.InRange(death / before, 0.85, 1.15);
        // Cores that are busy with other things cost up to half of it; what a receiver minds is only more.
        Assert.All(new[] { before, after, whole }, r => Assert.InRange(r, 0.5 * PerSecond, 1.05 * PerSecond));
        var all = _sent.Select(s => s.At).Order().ToList();
        for (var i = 0; i + 5 * PerSecond < all.Count; i++)   // Any 5.05 × limit in a row took 5 s nearly.
            Assert.True(all[i + 5 * PerSecond] - all[i] > TimeSpan.FromSeconds(5 / 1.05), $"too fast at {all[i]:O}");
        Assert.Equal(["n3"], _sent.Select(s => s.Node).Distinct().Except(["n0", "n1", "n2"]));
    }

    /// <summary>
    /// What takes many frames of Akka's default: a submission of as many recipients as may be, in the longest domains, and
    /// results that their ledger does not store for a while, told again all together. The ledger is on one node; the mail
    /// was taken, and the submission handed in, on others.
    /// </summary>
    [Fact(Timeout = 120_000)]
    public async Task Large_submissions_and_thousands_of_unconfirmed_results_arrive()
    {
        const int Messages = 5_000, Ledger = 0;
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var words = new string('\u20AC', SmtpReply.TextMax);
        var settings = DeliverySettings.Default with { RepeatResults = TimeSpan.FromMilliseconds(500) };
        (_settings, _door, _reply, _rate) = (settings with { CreditsPerConnection = 1 }, door.Task, words, null);
        await Join("n0");   // Alone: all ledgers begin there.
        for (var n = 0; n < Messages / 1_000; n++) await Accept(Ledger, 1_000);
        _settings = settings with { CreditsPerConnection = Messages };
        await Join("n1");
        await Join("n2");

        var longest = Enumerable.Range(0, SendLimits.Default.RecipientsMax).Select(n => new AcceptedRecipient(
            $"{n:D4}.{new string('d', Mailbox.DomainMax - 10)}.test", default, Suppressed: 1));
        Assert.Equal(["0"], await ShardsOf<Ledgers>(_nodes[0], of: ["0"]));
        await Accept(_nodes[2], Ledger, [.. longest]);

        var taker = _nodes[1].Region<NodeDelivery>();
        taker.Tell(new QueueHasMail(Ledger, new("a.test", "default", Streams.Transactional), Messages));
        var taken = 0;
        await Until(async () => (taken = await AtHand(_nodes[1])) + await AtHand(_nodes[0]) == Messages);
        await using (await JournalLock.Hold(((FileStores)_data.Stores).Journal))
        {
            door.SetResult();
            await Until(() => _sent.Count == Messages);
            await Task.Delay(settings.RepeatResults * 3, Cancel);   // Nothing tells that they are told again.
        }

        var ended = (await _read.Ended(Messages)).Where(c => c.Status == MessageStatus.Delivered).ToList();
        output.WriteLine($"{taken} of {Messages} were taken on another node than their ledger's");
        Assert.True(taken > Messages * 0.9);
        Assert.Equal(Messages, ended.Count);
        Assert.All(ended, c => Assert.Equal((1, words), (c.Attempt.Id.Number, c.Attempt.Reply.Text)));
        Assert.Equal(Messages, _sent.Count);
        await Until(async () => (await Task.WhenAll(_nodes.Select(AtHand))).Sum() == 0);
    }

    public ValueTask InitializeAsync()
    {
        _data = DataDirectory.Open(_path, Ledgers, adminKey: null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _seedPort = ((IPEndPoint)listener.LocalEndpoint).Port;
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await ((ExtendedActorSystem)node.System).Die();
        _data.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    private async Task Join(string name)
    {
        var isFirst = _nodes.Count == 0;
        var cluster = new Server.Options.ClusterOptions
        {
            Port = isFirst ? _seedPort : 0,
        };
        Address[] fellows = [.. _nodes.Select(n => Akka.Cluster.Cluster.Get(n.System).SelfAddress)];
        var parts = new EngineParts(
            Ledgers, new LedgerSettings(LedgerRules.Default), _settings,
            async (message, route, _) =>
            {
                await _door;
                _sent.Enqueue((TimeProvider.System.GetUtcNow(), name));
                return new Attempt(message.Attempt, route.Site, SmtpReply.Parse(250, _reply),
                    AttemptEnd.Answered, "mx", null, SmtpStep.Dot, null, default, default)
                    .JudgedBy(BounceRulesReader.Shipped);
            },
            _read.ToReaders(), Persistence.Parts, new EngineMetrics(),
            new(() => new("v1") { Defaults = new() { Rate = _rate, Connections = 30 } },
                (domain, _) => new(new SiteAnswer(domain, domain, null, "test", [], DateTimeOffset.MaxValue)), _ => false),
            TimeProvider.System);
        var host = new HostBuilder().ConfigureServices(s => s.AddAkka(EngineSetup.SystemName, akka => akka
            .ConfigureLoggers(log => log.ClearLoggers()).WithNode(_data, cluster, parts, system =>
            {
                var own = Akka.Cluster.Cluster.Get(system);
                own.JoinSeedNodes(isFirst ? [own.SelfAddress] : fellows);
            }))).Build();
        await host.StartAsync(Cancel);
        _nodes.Add(new(host, name));
        await Until(() => _nodes.All(n => Akka.Cluster.Cluster.Get(n.System).State.Members.Count(
            m => m.Status == Akka.Cluster.MemberStatus.Up) >= _nodes.Count));
    }

    /// <summary>Through any node: the region finds the ledger, wherever it lives.</summary>
    private Task Accept(int ledger, int count) => Accept(_nodes[ledger % _nodes.Count], ledger,
        [.. Enumerable.Repeat(new AcceptedRecipient("a.test", default), count)]);

    private static async Task Accept(Node node, int ledger, ImmutableArray<AcceptedRecipient> recipients)
    {
        var accept = new AcceptSubmissions(
            (ulong)Random.Shared.NextInt64(),
            [new(HostedEngine.FactsAt(TimeProvider.System.GetUtcNow()), recipients)],
            null, default, DateTimeOffset.MaxValue);
        Assert.IsType<SubmissionAccepted>(await node.Region<Ledgers>()
            .Ask<object>(new ToLedger(ledger, accept), TimeSpan.FromSeconds(30), Cancel));
    }

    /// <summary>Messages a second from now on.</summary>
    private async Task<double> Over(TimeSpan time)
    {
        var (from, count) = (TimeProvider.System.GetTimestamp(), _sent.Count);
        await Task.Delay(time, Cancel);
        var rate = (_sent.Count - count) / TimeProvider.System.GetElapsedTime(from).TotalSeconds;
        output.WriteLine("each second: " + string.Join(' ', _sent.Skip(count).GroupBy(
            s => (int)(s.At - _sent.ElementAt(count).At).TotalSeconds).Select(g => g.Count())));
        output.WriteLine($"{time}: {rate.ToString("0.0", CultureInfo.InvariantCulture)}/s, by node "
            + string.Join(' ', _sent.Skip(count).GroupBy(s => s.Node).Select(g => $"{g.Key}={g.Count()}")));
        return rate;
    }

    private Task SentBy(int nodes) => Until(() => _sent.Select(s => s.Node).Distinct().Count() >= nodes);

    private Task SentBy(string node) => Until(() => _sent.Any(s => s.Node == node));

    private static async Task<int> AtHand(Node node) => (await node.Region<NodeDelivery>().Ask<NodeLanes>(
        new ListLanes(), TimeSpan.FromSeconds(10), Cancel)).Lanes.Sum(l => l.AtHand + l.InUse);

    private static async Task<IEnumerable<string>> ShardsOf<T>(Node node, string[] of) =>
        (await node.Region<T>().Ask<Akka.Cluster.Sharding.CurrentShardRegionState>(
            Akka.Cluster.Sharding.GetShardRegionState.Instance, TimeSpan.FromSeconds(10), Cancel))
        .Shards.Select(s => s.ShardId).Intersect(of);

    private async Task<Node?> NodeOfTheGovernor()
    {
        foreach (var node in _nodes)
        {
            var shards = await node.Region<Governors>().Ask<Akka.Cluster.Sharding.CurrentShardRegionState>(
                Akka.Cluster.Sharding.GetShardRegionState.Instance, TimeSpan.FromSeconds(10), Cancel);
            if (shards.Shards.Any(s => s.EntityIds.Count > 0)) return node;
        }
        return null;
    }

    private static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    private static async Task Until(Func<Task<bool>> isSo)
    {
        while (!await isSo()) await Task.Delay(50, Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}

internal static class Deaths
{
    /// <summary>Without a word to anybody, as a process dies.</summary>
    public static Task Die(this ExtendedActorSystem system)
    {
        system.Abort();
        return system.WhenTerminated;
    }
}
