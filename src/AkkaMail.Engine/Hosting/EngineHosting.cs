using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Persistence.Query;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Alerts;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Domains;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Engine.Wire;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Hosting;

/// <summary>What the engine needs from its surroundings; each is a delegate of Core.</summary>
public sealed record EngineParts(
    int LedgerCount, LedgerSettings Ledger, DeliverySettings Delivery, Deliver Deliver, JournalReaders Readers,
    JournalParts Journal, EngineMetrics Metrics, ShapingParts Shaping, TimeProvider Time)
{
    /// <summary>What this node builds beside what is in use.</summary>
    public Builds Builds { get; init; } = new(Metrics, Time);

    /// <summary>How often every ledger is told to be alive, by one node for all.</summary>
    public TimeSpan WakeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends this process as SIGTERM does.</summary>
    public Action<LeaveCluster> Leave { get; init; } = _ => { };

    /// <summary>How this node stands with the database that all share.</summary>
    public DatabaseReach Database { get; init; } = new(() => true, _ => { });

    /// <summary>The ledgers that live on this node.</summary>
    public LocalLedgers Local { get; init; } = new();

    /// <summary>An instant of the clock that nodes share, by this node's own; by default they are one.</summary>
    public Func<DateTimeOffset, DateTimeOffset> Here { get; init; } = at => at;

    /// <summary>
    /// A node whose port refuses is dead. False where a firewall between nodes rejects instead of dropping.
    /// </summary>
    public bool DownsRefusing { get; init; } = true;

    /// <summary>This node's copy of the tenants and keys.</summary>
    public AccountsView Accounts { get; init; } = new();

    /// <summary>The score of a tenant, 0 to 100; by default none has lost any of it.</summary>
    public Func<string, double> ReputationOf { get; init; } = _ => 100;

    /// <summary>This node's part of the quotas; null: nobody here asks for any.</summary>
    public QuotaBlocks? Quotas { get; init; }

    /// <summary>Whether this node does what only one should.</summary>
    public Duty Duty { get; init; } = new(Time);

    /// <summary>How sending domains are looked up; null: never.</summary>
    public DomainParts? Domains { get; init; }
}

/// <summary>The plugins that write journal and snapshots, and how one actor's events are read beside it.</summary>
public sealed record JournalParts(
    string Plugin, string SnapshotPlugin, Func<ActorSystem, ICurrentEventsByPersistenceIdQuery> Read);

public static class EngineHosting
{
    /// <summary>Ledgers as a shard region, delivery as one actor a node, and our serializer.</summary>
    public static AkkaConfigurationBuilder WithAkkaMailEngine(this AkkaConfigurationBuilder akka, EngineParts parts) =>
        akka
            .WithCustomSerializer("akkamail", AkkaMailSerializer.Types, system => new AkkaMailSerializer(system))
            .WithCustomSerializer("akkamail-nodes", NodeMessageSerializer.Types,
                system => new NodeMessageSerializer(system, parts.Metrics))
            .WithActors((system, registry) =>
            {
                var node = NodeName.Of(Membership.Get(system).SelfUniqueAddress);
                var delivery = new DeliveryParts(
                    parts.Deliver, parts.Delivery, node, registry.Get<Ledgers>, registry.Get<Governors>, parts.Shaping,
                    parts.Time)
                {
                    Metrics = parts.Metrics,
                    ReputationOf = parts.ReputationOf,
                    SeesMost = () => DeathWatch.SeesMost(Membership.Get(system)),
                    Names = () => NodeNames.Of(Membership.Get(system)),
                    DeliveryOf = of => NodeName.AddressOf(Membership.Get(system), of) is { } address
                        ? system.ActorSelection(new RootActorPath(address) / "user" / LedgerActor.DeliveryName) : null,
                };
                var actor = system.ActorOf(DeliveryActor.Props(delivery), LedgerActor.DeliveryName);
                registry.Register<NodeDelivery>(actor);
                system.ActorOf(DeathWatch.Props(actor, parts.DownsRefusing), "death-watch");
                system.ActorOf(NodesWatch.Props(actor), "nodes-watch");
                system.ActorOf(DatabaseWatch.Props(parts.Database, async () =>
                    (await EveryNode.Ask<DatabaseReached>(system, DatabaseWatch.Name, AskDatabase.Instance, default))
                        .ByNode.Values.Select(d => d.For).DefaultIfEmpty().Max(), parts.Time), DatabaseWatch.Name);
            })
            .WithShardRegion<Governors>("governors", (system, registry, _) =>
            {
                var cluster = Membership.Get(system);
                var governor = new GovernorParts(
                    parts.Shaping.Terms, () => cluster.State.Members.Count(m => m.Status == MemberStatus.Up),
                    node => NodeName.AddressOf(cluster, node) is null, parts.Metrics, registry.Get<OpenAlertsOf>);
                return _ => GovernorsActor.Props(governor);
            }, new GovernorExtractor(),
                new ShardOptions
                {
                    StateStoreMode = StateStoreMode.DData,
                    PassivateIdleEntityAfter = GovernorsActor.RestAfter,
                    JournalPluginId = parts.Journal.Plugin,
                    SnapshotPluginId = parts.Journal.SnapshotPlugin,
                })
            .WithActors((system, registry) =>
            {
                var cluster = Membership.Get(system);
                var ledger = new LedgerParts(
                    parts.Ledger, NodeName.Of(cluster.SelfUniqueAddress), registry.Get<NodeDelivery>(), parts.Readers,
                    parts.Journal.Read, parts.Metrics, parts.Builds, node => NodeName.AddressOf(cluster, node))
                { Local = parts.Local, Here = parts.Here };
                var moves = new LedgerMoves(parts.Time);
                system.ActorOf(ClusterOrders.Props(moves, parts.Leave), ClusterOrders.Name);
                // Nobody remembers which there are: all of them, and the waker sees to it. Without memory sharding would stop
                // those that nobody speaks to, and they have timers.
                registry.Register<Ledgers>(ClusterSharding.Get(system).Start("ledgers",
                    id => LedgerActor.Props(int.Parse(id, CultureInfo.InvariantCulture), ledger),
                    ClusterShardingSettings.Create(system).WithStateStoreMode(StateStoreMode.DData).WithRememberEntities(false)
                        .WithPassivateIdleAfter(TimeSpan.Zero),
                    new LedgerExtractor(parts.LedgerCount), new LedgerAllocation(moves, () => cluster.SelfAddress), Rest.Instance));
            })
            .WithSingleton<OpenAlertsOf>("alerts",
                (_, registry, _) => AlertsActor.Props(registry.Get<Governors>(), parts.Metrics))
            .WithSingleton<Housekeeping>("housekeeper", (_, _, _) => HousekeeperActor.Props(parts.Duty))
            .WithSingleton<AccountOrders>("accounts", (_, _, _) => AccountsActor.Props())
            .WithActors((system, registry) => registry.Register<AccountsNews>(
                system.ActorOf(AccountsFollower.Props(parts.Accounts, parts.Journal.Read), "accounts-news")))
            .WithShardRegion<Quotas>("quotas", (_, _, _) => QuotaActor.Props, new QuotaExtractor(), new ShardOptions
            {
                StateStoreMode = StateStoreMode.DData,
                PassivateIdleEntityAfter = TimeSpan.FromMinutes(2),
                JournalPluginId = parts.Journal.Plugin,
                SnapshotPluginId = parts.Journal.SnapshotPlugin,
            })
            .WithActors((system, registry) =>
            {
                if (parts.Quotas is { } blocks)
                    registry.Register<QuotaReturning>(system.ActorOf(QuotaReturns.Props(blocks), "quota-returns"));
            })
            .WithDomainRounds(parts)
            .WithSingleton<Waker>("waker", (_, registry, _) =>
                WakerActor.Props(
                    registry.Get<Ledgers>(), parts.LedgerCount, parts.WakeEvery, parts.Metrics, registry.Get<OpenAlertsOf>(), parts.Time))
            .WithActors((system, registry) => registry.Register<Reach>(system.ActorOf(
                ReachActor.Props(registry.Get<Ledgers>(), parts.LedgerCount, parts.Local), "reach")));

    private static AkkaConfigurationBuilder WithDomainRounds(this AkkaConfigurationBuilder akka, EngineParts parts) =>
        parts.Domains is not { } domains ? akka : akka.WithSingleton<DomainChecks>("domains",
            (_, registry, _) => DomainRounds.Props(domains, parts.Accounts, registry.Get<AccountOrders>()));
}

/// <summary>A shard a ledger: they move between nodes one by one.</summary>
internal sealed class LedgerExtractor(int ledgers) : HashCodeMessageExtractor(ledgers)
{
    public override string? EntityId(object message) =>
        message is ToLedger m ? m.Partition.ToString(CultureInfo.InvariantCulture) : null;

    public override object EntityMessage(object message) => message is ToLedger m ? m.Message : message;

    public override string ShardId(string entityId, object? messageHint = null) => entityId;
}

/// <summary>One entity a shard, which has its governors: what a node tells all of them is one message.</summary>
internal sealed class GovernorExtractor() : HashCodeMessageExtractor(GovernorShards.Count)
{
    private static readonly string[] Ids =
        [.. Enumerable.Range(0, GovernorShards.Count).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public override string? EntityId(object message) => message switch
    {
        ToGovernors m => Ids[m.Shard],
        ToGovernor m => Ids[GovernorShards.Of(m.Limit)],
        _ => null,
    };

    public override object EntityMessage(object message) => message;

    public override string ShardId(string entityId, object? messageHint = null) => entityId;
}

/// <summary>An entity a tenant with a quota; its id is the tenant's name.</summary>
internal sealed class QuotaExtractor() : HashCodeMessageExtractor(Shards)
{
    /// <summary>As for governors.</summary>
    private const int Shards = GovernorShards.Count;

    public override string? EntityId(object message) => message is IToQuota m ? m.Tenant : null;

    public override object EntityMessage(object message) => message;
}
