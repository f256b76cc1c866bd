using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
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

namespace AkkaMail.Hosting.Tests.World;

/// <summary>
/// The server's actor system, composed by the server itself: a cluster node, the shard region, and the SQL journal in a
/// directory of its own. Only what is outside is not real, the receivers and the read model.
/// </summary>
public abstract class HostedEngine : Akka.Hosting.TestKit.TestKit
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-hosting-").FullName;
    private readonly EngineMetrics _metrics = new();
    private IHost? _nextLife;

    protected HostedEngine() : base(EngineSetup.SystemName, logLevel: LogLevel.Error) =>
        Data = DataDirectory.Open(_path, ledgers: 4, adminKey: null);

    protected DataDirectory Data { get; }
    protected Receiver Receiver { get; } = new();
    protected ReadSide Read { get; } = new();
    protected IActorRef Ledgers => ActorRegistry.Get<Ledgers>();
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What the first life is made of; results not yet stored come again after 0.5 s.</summary>
    protected virtual EngineParts Parts => new(
        Data.Installation.Ledgers, new LedgerSettings(LedgerRules.Default),
        DeliverySettings.Default with { RepeatResults = TimeSpan.FromMilliseconds(500) },
        Receiver.Deliver, Read.ToReaders(), Persistence.Parts, _metrics, Shaping, TimeProvider.System);

    /// <summary>Every domain its own site, with 50 connections and no rate.</summary>
    protected static ShapingParts Shaping { get; } = new(
        () => new("v1") { Defaults = new() { Connections = 50 } },
        (domain, _) => new(new SiteAnswer(domain, domain, null, "test", [], DateTimeOffset.MaxValue)), _ => false);

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider) =>
        builder.WithNode(Data, new(), Parts, JoinSelf);

    protected override Task BeforeTestStart() => AllAwake(ActorRegistry);

    /// <summary>
    /// Every ledger the waker knows. A node told to stop while shards still start waits 9 s for them, and a journal that
    /// is locked meanwhile would be another test.
    /// </summary>
    private Task AllAwake(ActorRegistry registry)
    {
        var waker = registry.Get<Waker>();
        return AwaitConditionAsync(
            async () => (await waker.Ask<AllAwake>(AskAllAwake.Instance, Facts<int>.Limit, Cancel)).Yes,
            Facts<int>.Limit, TimeSpan.FromMilliseconds(50), cancellationToken: Cancel);
    }

    private static void JoinSelf(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
    }

    /// <summary>Another actor system on the same files, after the first has ended.</summary>
    protected async Task Restart(EngineParts parts)
    {
        _nextLife = new HostBuilder()
            .ConfigureServices(s => s.AddAkka(EngineSetup.SystemName, akka =>
                akka.ConfigureLoggers(log => log.ClearLoggers()).WithNode(Data, new(), parts, JoinSelf)))
            .Build();
        await _nextLife.StartAsync(Cancel);
        await AllAwake(_nextLife.Services.GetRequiredService<ActorRegistry>());
    }

    protected override async Task AfterAllAsync()
    {
        Receiver.Open();
        // Nothing is left to say farewell to, and the test kit waits 5 s for all of this at most.
        if (_nextLife?.Services.GetService<ActorSystem>() is ExtendedActorSystem next)
        {
            next.Abort();
            await next.WhenTerminated;
        }
        else await Host.StopAsync(CancellationToken.None);
        _nextLife?.Dispose();
        _metrics.Dispose();
        Data.Dispose();
        Directory.Delete(_path, recursive: true);
        await base.AfterAllAsync();
    }

    public static SubmissionFacts FactsAt(DateTimeOffset now) => new()
    {
        Tenant = "default",
        Stream = Streams.Transactional,
        Kind = StreamKind.Transactional,
        ExpiresAt = now.AddHours(72),
        Envelope = 1,
    };

    /// <summary>One mail to one recipient.</summary>
    protected AcceptSubmissions Mail(TimeSpan? patience = null) => new(
        (ulong)Random.Shared.NextInt64(), [new(FactsAt(Sys.Scheduler.Now), [new("a.test", default)])], null, default,
        Sys.Scheduler.Now + (patience ?? Facts<int>.Limit));

    protected Task<object> Ask(int ledger, object message) =>
        Ledgers.Ask<object>(new ToLedger(ledger, message), Facts<int>.Limit, Cancel);

    protected async Task<SubmissionId> Accept(int ledger) =>
        Assert.IsType<SubmissionAccepted>(await Ask(ledger, Mail())).Id;

    /// <summary>At once, so that they share their commits.</summary>
    protected Task<SubmissionId[]> AcceptMany(int ledger, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Accept(ledger)));

    /// <summary>The ledger's actor, or null; asked beside the shard region, which would start one.</summary>
    protected async Task<IActorRef?> Living(int ledger)
    {
        var path = Sys.ActorSelection($"/system/sharding/ledgers/{ledger}/{ledger}");
        return (await path.Ask<ActorIdentity>(new Identify(null), Facts<int>.Limit, Cancel)).Subject;
    }

    /// <summary>Ends the ledger's actor and nothing else of the node.</summary>
    protected async Task<IActorRef> End(int ledger, object how)
    {
        var living = (await Living(ledger))!;
        await WatchAsync(living);
        living.Tell(how);
        await ExpectTerminatedAsync(living, Facts<int>.Limit, cancellationToken: Cancel);
        return living;
    }

    /// <summary>Waits for a life of the ledger after <paramref name="before"/>.</summary>
    protected async Task<IActorRef> NextLifeOf(int ledger, IActorRef before)
    {
        IActorRef? now = null;
        await AwaitConditionAsync(
            async () => (now = await Living(ledger)) is not null && !now.Equals(before),
            Facts<int>.Limit, TimeSpan.FromMilliseconds(50), cancellationToken: Cancel);
        return now!;
    }
}
