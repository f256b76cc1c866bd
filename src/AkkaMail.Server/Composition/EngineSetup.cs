using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Event;
using Akka.Hosting;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Domains;
using AkkaMail.Engine.Hosting;
using AkkaMail.Engine.Links;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Data;
using AkkaMail.Server.History;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Options;
using AkkaMail.Server.Reputation;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tls;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;
using Microsoft.Extensions.Options;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Composition;

/// <summary>The actor system: cluster, journal, engine, and a farewell that stores what is on its way.</summary>
internal static class EngineSetup
{
    public const string SystemName = "akkamail";

    /// <summary>Nobody goes on with the mail of a node that is alone: it is back the sooner.</summary>
    private static readonly TimeSpan DrainAlone = TimeSpan.FromSeconds(4), DrainBesideOthers = TimeSpan.FromSeconds(30);

    /// <summary>For what comes behind the drain.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2), EndTime = TimeSpan.FromSeconds(30);

    public static TimeSpan DrainTime(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<DeliveryOptions>>().Value.DrainTime
        ?? (provider.GetRequiredService<IOptions<StorageOptions>>().Value.IsPostgres ? DrainBesideOthers : DrainAlone);

    /// <summary>A snapshot of so many is some 20 MB.</summary>
    private const int UnfinishedOnServer = 200_000;

    public static void AddEngine(this IServiceCollection services) => services
        .AddSingleton(provider => new Extensions(provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value.Extensions))
        .AddAkka(SystemName, (akka, provider) =>
        {
            var data = provider.GetRequiredService<DataDirectory>();
            var cluster = provider.GetRequiredService<IOptions<Options.ClusterOptions>>().Value;
            var options = provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            var retry = provider.GetRequiredService<IOptions<RetryOptions>>().Value;
            var delivery = provider.GetRequiredService<IOptions<DeliveryOptions>>().Value;
            var smtp = provider.GetRequiredService<SmtpDelivery>();
            var shaping = provider.GetRequiredService<ShapingFile>();
            var accounts = provider.GetRequiredService<AccountsView>();
            var history = provider.GetRequiredService<NodeHistory>();
            var gate = provider.GetRequiredService<ClusterGate>();
            var key = cluster.Tls && data.Stores is PostgresStores { Server: var server }
                ? ClusterKey.Take(server, provider.GetRequiredService<SecretKey>().Text) : null;
            var usual = retry.ToSchedule();
            var rules = LedgerRules.Default with
            {
                Retry = usual,
                UnfinishedMax = options.UnfinishedPerLedger
                    ?? (data.Stores is PostgresStores ? UnfinishedOnServer : LedgerRules.Default.UnfinishedMax),
                RetryOf = (tenant, stream, site) =>
                    shaping.Current.RetryFor(tenant, stream, site)?.Over(usual),
            };
            provider.GetRequiredService<Extensions>().AddTo(akka, provider);
            akka
                .ConfigureLoggers(log =>
                {
                    log.ClearLoggers();
                    log.AddLoggerFactory();
                    log.LogLevel = Akka.Event.LogLevel.WarningLevel;
                })
                // Before the first of the engine: what it journals names this node and the version of its rules.
                .WithActors((system, _) => history.Begin(NodeName.Of(Membership.Get(system).SelfUniqueAddress)))
                .WithNode(data, cluster, new(
                    data.Installation.Ledgers, new LedgerSettings(rules, CommitMax: options.GroupCommit),
                    delivery.ToSettings(), DeliverSigned(smtp, accounts), ReadersOf(provider),
                    Persistence.Parts, provider.GetRequiredService<EngineMetrics>(),
                    provider.GetRequiredService<ShapingParts>(), provider.GetRequiredService<TimeProvider>())
                {
                    Builds = provider.GetRequiredService<Builds>(),
                    Local = provider.GetRequiredService<LocalLedgers>(),
                    Here = provider.GetRequiredService<ClusterStanding>().Here,
                    Accounts = accounts,
                    Duty = provider.GetRequiredService<Duty>(),
                    ReputationOf = tenant => provider.GetRequiredService<Reputations>().ScoreOf(tenant),
                    Quotas = provider.GetRequiredService<QuotaBlocks>(),
                    Domains = provider.GetRequiredService<DomainParts>(),
                    DownsRefusing = cluster.DownRefusing,
                    Leave = gate.Leave,
                    Database = gate.Database,
                }, gate.Begin, key, DrainTime(provider))
                .WithActors((system, _) => system.ActorOf(
                    TlsDays.Props(provider.GetRequiredService<TlsReports>().Snapshot), TlsDays.Name))
                .AddStartup((_, registry) =>
                {
                    var node = registry.Get<NodeDelivery>();
                    shaping.Subscribe(_ => node.Tell(ShapingChanged.Instance));
                });
        });

    private static JournalReaders ReadersOf(IServiceProvider provider) => new(
        provider.GetRequiredService<MessageGenerations>().ToProjections,
        provider.GetRequiredService<IdempotencyStore>().ToReactor(),
        provider.GetRequiredService<SuppressionReactor>().ToReactor(),
        provider.GetRequiredService<LaneComplaints>().ToReactor());

    /// <summary>What was waiting when the server started is not sent before it is known which keys sign it.</summary>
    private static Deliver DeliverSigned(SmtpDelivery smtp, AccountsView accounts) => async (message, route, cancel) =>
    {
        if (accounts.Current is null) await accounts.Reached(0, cancel);
        return await smtp.DeliverAsync(message, route, cancel);
    };

    /// <summary>
    /// All of it but where its parts come from: the hosting tests run this with a delivery of their own.
    /// </summary>
    public static AkkaConfigurationBuilder WithNode(
        this AkkaConfigurationBuilder akka, DataDirectory data, Options.ClusterOptions cluster, EngineParts parts,
        Action<ActorSystem> join, X509Certificate2? key = null, TimeSpan? drain = null) =>
        akka
            // The host closes the doors first, and then stops the engine. At SIGTERM Akka would begin at once by itself:
            // what still comes in would wait 10 s for a ledger that has been handed over.
            .AddHocon("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off", HoconAddMode.Prepend)
            .AddHocon(NodeTransport.Configuration(
                cluster.ListenAddress, cluster.Host, cluster.Port, NodeBounds.FrameBytes), HoconAddMode.Prepend)
            .AddHocon(string.Create(CultureInfo.InvariantCulture, $"akka.coordinated-shutdown.phases.before-service-unbind.timeout "
                + $"= {((drain ?? DrainAlone) + StopTime).TotalSeconds}s"), HoconAddMode.Prepend)
            .AddHocon(Role(cluster.Node), HoconAddMode.Prepend)
            .KnowingFellowsBy(key)
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                AppVersion = typeof(EngineSetup).Assembly.GetName().Version!.ToString(3),
                // The side with fewer nodes ends itself: two sides that both send would send everything twice.
                SplitBrainResolver = new KeepMajorityOption(),
            })
            .WithJournal(data)
            .WithAkkaMailEngine(parts)
            .AddStartup((system, registry) =>
            {
                join(system);
                ReturnQuotasAtShutdown(system, parts.Quotas);
                DrainAtShutdown(system, registry, drain ?? DrainAlone);
            });

    /// <summary>
    /// Its name in the shaping rules, for the others. Quoted here: as it is, its colon would be the grammar's.
    /// </summary>
    private static string Role(string? name) => name is null ? ""
        : $"akka.cluster.roles = [{JsonSerializer.Serialize(NodeNames.RoleOf(name))}]";

    private static AkkaConfigurationBuilder KnowingFellowsBy(this AkkaConfigurationBuilder akka, X509Certificate2? key) =>
        key is null ? akka : akka.AddSetup(new NodeKey(key));

    /// <summary>What this node has in hand of quotas goes back: a restart should not cost the tenant any.</summary>
    private static void ReturnQuotasAtShutdown(ActorSystem system, QuotaBlocks? blocks) =>
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "return-quotas", () =>
        {
            blocks?.ReturnIdle(all: true);
            return Task.FromResult(Akka.Done.Instance);
        });

    /// <summary>
    /// Attempts under way end and are stored before the ledgers stop; what takes longer is in doubt later.
    /// </summary>
    private static void DrainAtShutdown(ActorSystem system, IActorRegistry registry, TimeSpan drain)
    {
        var delivery = registry.Get<NodeDelivery>();
        CoordinatedShutdown.Get(system)
            .AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain-delivery", async () =>
        {
            // Who was taken for dead has no time: its successor has begun already.
            var isDowned = CoordinatedShutdown.Get(system).ShutdownReason is CoordinatedShutdown.ClusterDowningReason;
            try { if (!isDowned) await delivery.Ask<Akka.Done>(Drain.Instance, drain); }
            catch (AskTimeoutException) { system.Log.Warning("some attempts were still under way at shutdown"); }
            // What it would still tell ledgers and governors that have been handed over would hold their regions up.
            try { await delivery.GracefulStop(TimeSpan.FromSeconds(1)); }
            catch (TaskCanceledException) { system.Log.Warning("the delivery has not stopped yet"); }
            return Akka.Done.Instance;
        });
    }
}
