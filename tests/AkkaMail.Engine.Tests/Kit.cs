using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.TestKit;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests;

/// <summary>
/// Ledger and delivery actors on Akka's test journal, which fails or rejects on demand. Time is the TestScheduler's
/// where a test asks for it.
/// </summary>
public abstract class Kit(bool movesTime = false) : TestKit(Config(movesTime))
{
    protected const string Node = "akka://test#1";
    protected EngineMetrics Metrics { get; } = new();
    protected ReadSide Read { get; } = new();
    protected ReadSide Keys { get; } = new();
    protected TestScheduler Clock => (TestScheduler)Sys.Scheduler;
    protected new DateTimeOffset Now => Sys.Scheduler.Now;

    protected ITestJournal Journal =>
        TestJournal.FromRef(Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor(null));

    private static string Config(bool movesTime) => $$"""
        akka.loglevel = WARNING
        akka.actor.ask-timeout = 10s
        akka.persistence.journal.plugin = "akka.persistence.journal.test"
        akka.persistence.journal.test.class = "Akka.Persistence.TestKit.TestJournal, Akka.Persistence.TestKit"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        akka.actor.serializers.akkamail = "AkkaMail.Engine.Wire.AkkaMailSerializer, AkkaMail.Engine"
        akka.actor.serialization-bindings {
          "AkkaMail.Core.Messages.ILedgerEvent, AkkaMail.Core" = akkamail
          "AkkaMail.Core.Tenants.IQuotaEvent, AkkaMail.Core" = akkamail
          "AkkaMail.Core.Tenants.QuotaSnapshot, AkkaMail.Core" = akkamail
          "AkkaMail.Engine.Wire.LedgerMemory, AkkaMail.Engine" = akkamail
        }
        {{(movesTime ? "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"" : "")}}
        """;

    protected LedgerParts Parts(IActorRef delivery, LedgerSettings? settings = null) => new(
        settings ?? new(LedgerRules.Default) { Patience = TimeSpan.Zero }, Node, delivery,
        new(() => Generations, Keys.ToReactor("keys"), Others),
        _ => throw new InvalidOperationException("these tests do not read the journal back"), Metrics,
        new(Metrics, TimeProvider.System), _ => null);

    /// <summary>Who else reads the ledger.</summary>
    protected ImmutableArray<Reactor> Others { get; set; } = [];

    /// <summary>The one that is read comes first.</summary>
    protected ImmutableArray<Projection> Generations
    {
        get => field.IsDefault ? [Read.ToProjection()] : field;
        set;
    }

    protected static QueueKey Queue(string domain) => new(domain, "default", Streams.Transactional);

    /// <summary>Connections of each lane, by its rules and by <see cref="Governors"/>.</summary>
    protected int ConnectionsPerLane { get; init; } = 2;

    /// <summary>Every domain its own site, one source, no rate.</summary>
    protected ShapingParts Shaping => new(
        () => new("v1") { Defaults = new() { Connections = ConnectionsPerLane } },
        (domain, _) => new(new SiteAnswer(domain, domain, null, "test", [], DateTimeOffset.MaxValue)),
        _ => false);

    private IActorRef? _governors;

    /// <summary>Plays the governors: everybody gets a lease without a rate.</summary>
    protected IActorRef Governors => _governors ??= Sys.ActorOf(Akka.Actor.Props.Create(() => new GrantAll(ConnectionsPerLane)));

    private sealed class GrantAll : ReceiveActor
    {
        public GrantAll(int connections) => Receive<ToGovernors>(m =>
        {
            if (m.Words.Any(w => w.Message is RenewLease))
                Sender.Tell(new Leases([.. m.Words.Where(w => w.Message is RenewLease).Select(w => new Lease(
                    w.Limit, 1, null, 1, connections, DateTimeOffset.MaxValue, null, default,
                    new(default, "v1", null, connections, Pace.Free, [], null, 80, Standing.Good, null)))]));
        });
    }

    /// <summary>Starts the ledger; a second start under the same partition is a restart.</summary>
    protected IActorRef Ledger(IActorRef delivery, LedgerSettings? settings = null) =>
        Sys.ActorOf(LedgerActor.Props(0, Parts(delivery, settings)));

    protected async Task Stop(IActorRef actor)
    {
        var watcher = CreateTestProbe();
        watcher.Watch(actor);
        Sys.Stop(actor);
        await watcher.ExpectTerminatedAsync(actor);
    }

    protected AcceptSubmissions Accept(params string[] sites) => new(
        (ulong)Random.Shared.NextInt64(), [new(Facts, [.. sites.Select(s => new AcceptedRecipient(s, default))])], null,
        new(1, 1), DateTimeOffset.MaxValue);

    protected SubmissionFacts Facts => new()
    {
        Tenant = "default",
        Stream = Streams.Transactional,
        Kind = StreamKind.Transactional,
        ExpiresAt = Now.AddHours(72),
        Envelope = 1,
    };

    protected static Attempt Answer(DueMessage m, int code, string text = "") => new(
        m.Attempt, m.Domain, SmtpReply.Parse(code, text), AttemptEnd.Answered, "mx", null, SmtpStep.Dot, null, default,
        default);
}

/// <summary>A read model that keeps events in order and can be told to wait.</summary>
public sealed class ReadSide
{
    private readonly ConcurrentDictionary<int, long> _offsets = new();
    private int _tried;

    public ConcurrentQueue<NumberedEvent> Events { get; } = new();

    /// <summary>Until this completes nothing is projected.</summary>
    public Task Open { get; set; } = Task.CompletedTask;

    /// <summary>Writes begun so far.</summary>
    public int Tried => Volatile.Read(ref _tried);

    /// <summary>A reactor that takes all, and looks at no message.</summary>
    public Reactor ToReactor(string name) => new(name, _ => true, Project, PlaceOf) { LooksAtMessages = false };

    public Projection ToProjection(int generation = 1, double? throttle = null) =>
        new("messages", 1, generation, Project, PlaceOf) { Throttle = throttle };

    public async Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        Interlocked.Increment(ref _tried);
        await Open.WaitAsync(cancel);
        foreach (var e in events) Events.Enqueue(e);
        _offsets[partition] = events[^1].SequenceNr;
    }

    /// <summary>As after a restore.</summary>
    public void Lose(int partition, long downTo) => _offsets[partition] = downTo;

    public Task<long> PlaceOf(int partition, CancellationToken cancel) =>
        Task.FromResult(_offsets.GetValueOrDefault(partition));
}
