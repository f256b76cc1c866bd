using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Akka.Actor;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Core.Tls;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;

namespace AkkaMail.Engine.Tests.Wire;

/// <summary>What nodes say to each other arrives as it was said.</summary>
public sealed class NodeMessageTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly MessageId Id = new(SubmissionId.Create(5, At, 77), 2);
    private static readonly QueueKey Queue = new("a.test", "default", "broadcast");
    private static readonly LimitKey Lane = new LimitKey.Lane(new("ip1", "google"));

    private static readonly Attempt Try = new(new(Id, 3), "google", new(451, new(4, 7, 1), "später ✉"),
        AttemptEnd.Answered, "mx", "ip1", SmtpStep.Dot, "TLSv1.3", At, TimeSpan.FromMilliseconds(12.5))
    {
        Departure = new("default", "google", "v1", At.AddSeconds(-3), HeldBy.Hold, 7),
        Bytes = 4_213,
        LocalAddress = "192.0.2.9",
        Nth = 2,
    };

    private static readonly Cause Said =
        new(At, At.AddSeconds(-1), ReplyClass.RateLimited, Try.Reply, Try.Id, "default", "broadcast");

    private static readonly Hold Held = new(1, new Reaction.LimitRate(new(10, TimeSpan.FromMinutes(1))),
        HoldTarget.Lane, At, At.AddHours(1), "rule", "v1", Said, null);

    private static readonly LaneState State = new(
        At, "v1", 47.5, 10, new(47.5, 50, 1, 2, At, At, "aimd/limited", "v1", Said), [Held],
        WarmUp.Begin(new("own", TimeSpan.FromDays(1), [200, 500])), 80, Standing.Fair, 0.001);

    private static readonly Lease Leased = new(Lane, 7, 15.5, 2, 3, At, 20, At, State)
    {
        Shares = ImmutableDictionary<string, NodeShare>.Empty
            .Add("n#1", new(15.5, 3, WantsMore: true)).Add("n#2", new(null, 4, WantsMore: false)),
    };

    private static readonly AlertReading Score = new(
        AlertRule.Reputation, new(AlertKind.Domain, "acme", "acme.test"), 20.5, 400, "blocked 9 %");

    private static readonly AlertChanged Alert = new(
        At, Score.Rule, Score.Subject, AlertLevel.None, AlertLevel.Critical, 20.5, 30, 400, null);

    private static readonly IPNetwork Net = IPNetwork.Parse("192.0.2.0/24");

    private static readonly WarmUpPlan Plan = new("own", TimeSpan.FromDays(1), [200, 500]);

    private static readonly SubmissionFacts Facts = new()
    {
        Tenant = "acme",
        Stream = "news",
        Kind = StreamKind.Broadcast,
        Sender = "acme.test",
        Tags = ["a"],
        SendAt = At,
        ExpiresAt = At.AddDays(3),
        Envelope = 1,
        Door = Door.Smtp,
        By = "k1",
        Bytes = 1_234,
        Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    private static readonly object[] Examples =
    [
        new ToLedger(5, new TakeDue(Queue, 10, "n#1")),
        new AcceptSubmissions(7, [new(Facts, [new("a.test", new(5, 6)) { Engaged = new(2026, 1, 1) }])], new(1, 2), new(3, 4), At),
        new TakeDue(Queue, 10, "n#1"), new ConcludeAttempts([Try]), new CancelMessage(Id, "acme", "k1"), PassTime.Instance,
        new SubmissionAccepted(Id.Submission, true, false), new KeyConflict(Id.Submission), new LedgerFull(3), new TooLate(),
        new HandedOut(5, Queue, [new(Id, 1, Queue, 1, At, At) { DueAt = At }], 3) { Head = new(At, 2) }, new AttemptsRecorded(5, [Try.Id]),
        new AmendMessages([new(Id, AmendmentKind.LateBounce, new(1, 2), "mx.a.test", null, Try.Reply,
            new(BounceReason.UnknownUser, false, new(5, 1, 1), "unknown-user", "v1"), "ip1", "a.test", 7)
            { SentBy = Facts.SentBy, Provider = "google" }]), new AmendmentsRecorded(5),
        new CancelReply(Id, CancelResult.AlreadyStarted), Wake.Instance, new Awake(5), new ReadUnprojected(Id),
        new UnprojectedEvents([new(3, new MessagesEnded(At, [new(Id, MessageStatus.Cancelled, Facts.SentBy) { By = "k1" }]))]),
        new AskWhyTheyWait([Id]),
        new WhyTheyWait([new(Id, new(HeldBy.Rate, At)
        {
            Site = "google",
            Lane = new("ip1", "google"),
            Why = new("aimd/limited", "v1", Said, "note"),
            Eta = At,
            Ahead = 7,
            EngagedAhead = 3,
        })]),
        new ExplainQueued(5, [new(Id, new(Queue, MessageStatus.Accepted, At, 3) { IsEngaged = true, EngagedBefore = 2 })], [new(Id, new(HeldBy.Due, At))]),
        new LedgerUnavailable(5, "why"),
        new LedgerBegan(5) { IsPassed = true }, SayWhatWaits.Instance, new GenerationsChanged("messages"), AskStand.Instance,
        new LedgerStand(5, "n#1", 3, 9, 7, [new(1, 9, null, 0, 0), new(2, 4, At, 0.5, 1.5)])
        { HeldBy = BuildHold.Commits, CommitP99 = TimeSpan.FromMilliseconds(7) },
        new QueueHasMail(5, Queue, 10) { Head = new(At, 0), Part = 4 }, new Moved(5), new LeaveCluster("admin", "new disk"),
        new MoveLedger(5, "akka.tcp://akkamail@10.0.0.1:4053"), AskDatabase.Instance, new DatabaseReached(TimeSpan.FromSeconds(7)),
        new WhatRuns(5, [Try.Id]), new Disowned([Try.Id]),
        new ToGovernor(Lane, new DescribeLane()),
        new RenewLease("n#1", new(10, 3), 5, 6, new(OutcomeCounts.Of((ReplyClass.Accepted, 7)), [new(Said, 2)], 9) { MostInUse = 4, Waiting = 7 }),
        new LeaveLane("n#1", LaneReport.Empty), new Leases([Leased]),
        new ToGovernors(7, [new(Lane, new LeaveLane("n#1", LaneReport.Empty))]), new DescribeLane(),
        State with { Nodes = ["n#1"], Newest = 12 },
        new CountFeedback(1, 2), FeedbackTaken.Instance,
        new LaneOrder.Suspend(new(ReactionScope.Tenant, "acme", null), TimeSpan.FromHours(1), "why"),
        new LaneOrder.Resume("why") { By = "k1" }, new LaneOrder.Limit(new(1, TimeSpan.FromMinutes(1)), 2, null, "why"),
        new LaneOrder.StartWarmUp(Plan, "why"), new LaneOrder.PauseWarmUp("why"), new LaneOrder.ResumeWarmUp("why"),
        new LaneOrder.CompleteWarmUp("why"), new OrderRefused("why"), new ListLanes(new("ip1", "google")),
        new ReadTlsDay(new(2026, 11, 24), new("a.test", true)),
        new TlsDayPage(new(new(2026, 11, 24), [new("a.test", new(StsMode.Enforce, ["*.a.test"], TimeSpan.FromDays(7)) { Id = "20261124" }, 3,
            [new(TlsResult.CertificateExpired, "mx.a.test", 2), new(TlsResult.StsPolicyInvalid, null, 1)])], 4), true),
        new NodeLanes([new(new("ip1", "google"), "n#1", Leased, 1, 2, 3, 4, 5, At, false)]),
        new AccountOrder.CreateTenant("admin", "acme", "Acme"),
        new AccountOrder.ChangeTenant("admin", "acme", null, true) { Quota = Quota, Clears = AccountFields.Title },
        new AccountOrder.CloseTenant("admin", "acme") { Note = "why" },
        new AccountOrder.AcceptLoss("admin", "content.db"),
        new AccountOrder.CreateKey("admin", "k1", "acme", "key", Scopes.Send | Scopes.Read, [Net], At, [1, 2, 3]),
        new AccountOrder.ChangeKey("k1", "acme", "k2", null, [Net], null),
        new AccountOrder.RevokeKey("k1", "acme", "k2") { Note = "why" },
        new StreamOrder.Create("k1", "acme", "news", "News", StreamKind.Broadcast, true) { EngagedFirst = false },
        new StreamOrder.Change("k1", "acme", "news", null, true, false) { EngagedFirst = true },
        new StreamOrder.Delete("k1", "acme", "news") { Note = "why" },
        new TakeQuota("acme", Quota, 3, At, At.AddHours(1), new(At, 7)), new ReturnQuota("acme", new(At, 7)),
        new ReadQuota("acme"), new QuotaGranted(At, At.AddMinutes(1), 3, true)
        {
            Left = new(QuotaWindow.Day, 8),
            Full = new(QuotaWindow.Hour, 0),
        },
        new QuotaRefused(QuotaWindow.Month, 100, At) { Left = 7 }, new QuotaUsed(At, 1, 2, 3, 4), new QuotaUnavailable("why"),
        new FindKey(new(1, 2), new(3, 4)), new KeyUnknown(),
        new AccountChanged(7), new AccountRefused(AccountRefusal.NameTaken),
        TellStanding.Instance, new ReadFigures([Score]), ListAlerts.Instance, new OpenAlerts([Alert], 7),
        new DomainOrder.Add("k1", "acme", "a.test", [new(DkimAlgorithm.Ed25519Sha256, "11=")]),
        new DomainOrder.Check("k1", null, "a.test",
            [new(new(RecordPurpose.Spf, "bounce.a.test", RecordType.Txt, "v=spf1", true), RecordState.Wrong, ["x"], "do")]),
        new DomainOrder.Rotate("k1", "acme", "a.test", [DkimAlgorithm.RsaSha256], [new(DkimAlgorithm.RsaSha256, "MI")], At),
        new DomainOrder.Retire("schedule", null, "a.test"), new DomainOrder.Remove("k1", "acme", "a.test") { Note = "why" },
    ];

    private static Quota Quota => new(1, 20, 300, null, QuotaMode.Schedule);

    private readonly ActorSystem _system = ActorSystem.Create("wire");

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Examples.Length)];

    [Fact]
    public void Everything_in_the_table_has_an_example() => Assert.Equal(
        NodeMessageSerializer.Types.Select(t => t.FullName).Order(), Examples.Select(e => e.GetType().FullName).Order());

    [Theory, MemberData(nameof(Numbers))]
    public void What_is_said_is_heard(int number)
    {
        var serializer = new NodeMessageSerializer((ExtendedActorSystem)_system);
        var said = Examples[number];

        var heard = serializer.FromBinary(serializer.ToBinary(said), serializer.Manifest(said));

        Assert.IsType(said.GetType(), heard);
        Assert.Equal(Text(said), Text(heard));
    }

    public void Dispose() => _system.Dispose();

    private static string Text(object o) => o switch
    {
        ToLedger m => $"{m.Partition} {Text(m.Message)}",
        ToGovernor m => $"{m.Limit} {Text(m.Message)}",
        ToGovernors m => $"{m.Shard} {string.Join(' ', m.Words.Select(Text))}",
        UnprojectedEvents u => string.Join(' ', u.Events.Select(e => $"{e.SequenceNr} {JsonSerializer.Serialize(e.Event, e.Event.GetType())}")),
        _ => JsonSerializer.Serialize(o, o.GetType(), Deep),
    };

    private static readonly JsonSerializerOptions Deep = new() { Converters = { new Whole(), new Limit(), new Network() } };

    private sealed class Limit : System.Text.Json.Serialization.JsonConverter<LimitKey>
    {
        public override LimitKey Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter w, LimitKey value, JsonSerializerOptions o) => w.WriteStringValue(value.ToString());
    }

    private sealed class Network : System.Text.Json.Serialization.JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter w, IPNetwork value, JsonSerializerOptions o) => w.WriteStringValue(value.ToString());
    }

    /// <summary>A reaction with all it has, whatever it is declared as.</summary>
    private sealed class Whole : System.Text.Json.Serialization.JsonConverter<Reaction>
    {
        public override Reaction Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter w, Reaction value, JsonSerializerOptions o) => w.WriteStringValue(value.ToString());
    }
}
