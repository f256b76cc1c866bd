using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>
/// Several nodes of a cluster in one process, with remoting and sharding, on one journal file; the receiver alone is not
/// real, it notes from where a mail came.
/// </summary>
public abstract class SeveralNodes : IAsyncLifetime
{
    protected const int Ledgers = 4;

    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-nodes-").FullName;
    private readonly ReadSide _read = new();
    private DataDirectory _data = null!;
    private int _seedPort;

    protected sealed record Node(IHost Host, string Name)
    {
        public ActorSystem System => Host.Services.GetRequiredService<ActorSystem>();
        public IActorRef Region<T>() => Host.Services.GetRequiredService<IActorRegistry>().Get<T>();
        public string Incarnation => NodeName.Of(Membership.Get(System).SelfUniqueAddress);
    }

    protected sealed record Sent(MessageId Message, string Node, string Source);

    protected List<Node> Nodes { get; } = [];
    protected ConcurrentQueue<Sent> AllSent { get; } = new();
    protected virtual ShapingRules Rules { get; } = new("v1") { Defaults = new() { Connections = 30 } };

    /// <summary>Mail begins, and ends once this is done.</summary>
    protected Task Door { get; set; } = Task.CompletedTask;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The name is the node's in the shaping rules, too.</summary>
    protected async Task<Node> Join(string name)
    {
        var isFirst = Nodes.Count == 0;
        var cluster = new Server.Options.ClusterOptions
        {
            Port = isFirst ? _seedPort : 0,
            Node = name,
        };
        Address[] fellows = [.. Nodes.Select(n => Membership.Get(n.System).SelfAddress)];
        var parts = new EngineParts(
            Ledgers, new LedgerSettings(LedgerRules.Default), DeliverySettings.Default, Deliver, _read.ToReaders(),
            Persistence.Parts, new EngineMetrics(),
            new(() => Rules,
                (domain, _) => new(new SiteAnswer(domain, domain, null, "test", [], DateTimeOffset.MaxValue)), _ => false),
            TimeProvider.System);
        var host = new HostBuilder().ConfigureServices(s => s.AddAkka(EngineSetup.SystemName, akka => akka
            .ConfigureLoggers(log => log.ClearLoggers()).WithNode(_data, cluster, parts, system =>
            {
                var own = Membership.Get(system);
                own.JoinSeedNodes(isFirst ? [own.SelfAddress] : fellows);
            }))).Build();
        await host.StartAsync(Cancel);
        var node = new Node(host, name);
        Nodes.Add(node);
        await Until(() => Nodes.All(n => Membership.Get(n.System).State.Members.Count(
            m => m.Status == MemberStatus.Up) >= Nodes.Count));
        return node;

        async Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel)
        {
            await Door.WaitAsync(cancel);
            AllSent.Enqueue(new(message.Id, name, route.Source.Name));
            return new Attempt(message.Attempt, route.Site, SmtpReply.Parse(250, "2.0.0 ok"), AttemptEnd.Answered, "mx",
                null, SmtpStep.Dot, null, default, default).JudgedBy(BounceRulesReader.Shipped);
        }
    }

    /// <summary>Without a word to anybody, as a process dies.</summary>
    protected async Task Kill(Node node)
    {
        Nodes.Remove(node);
        await ((ExtendedActorSystem)node.System).Die();
    }

    /// <summary>
    /// Through any node: the region finds the ledger, wherever it lives. What is under way to one whose owner dies is lost
    /// with that, and who is handed over says so: asked again, as the edges ask.
    /// </summary>
    protected async Task<SubmissionId> Accept(int ledger, int count, string domain = "a.test")
    {
        var accept = new AcceptSubmissions(
            (ulong)Random.Shared.NextInt64(),
            [new(HostedEngine.FactsAt(TimeProvider.System.GetUtcNow()),
                [.. Enumerable.Repeat(new AcceptedRecipient(domain, default), count)])],
            null, default, DateTimeOffset.MaxValue);
        while (true)
            try
            {
                var answer = await Nodes[ledger % Nodes.Count].Region<Ledgers>()
                    .Ask<object>(new ToLedger(ledger, accept), TimeSpan.FromSeconds(2), Cancel);
                if (answer is not Moved) return Assert.IsType<SubmissionAccepted>(answer).Id;
                await Task.Delay(50, Cancel);
            }
            catch (AskTimeoutException) { }
    }

    /// <summary>Waits until so many messages have ended.</summary>
    protected Task<ImmutableList<Conclusion>> Ended(int count) => _read.Ended(count);

    protected static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    protected static async Task Until(Func<Task<bool>> isSo)
    {
        while (!await isSo()) await Task.Delay(50, Cancel);
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
        GC.SuppressFinalize(this);
        foreach (var node in Nodes) await ((ExtendedActorSystem)node.System).Die();
        _data.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
