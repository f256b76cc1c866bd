using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using Google.Protobuf;

namespace AkkaMail.Engine.Tests.Wire;

/// <summary>One of each kind that is stored, by its manifest.</summary>
internal static class WireExamples
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    public static readonly MessageId Id = new(SubmissionId.Create(5, At, 42), 1);

    public static readonly SubmissionFacts Facts = new()
    {
        Tenant = "acme",
        Stream = "news",
        Kind = StreamKind.Broadcast,
        Sender = "sender.test",
        Tags = ["a", "ü"],
        SendAt = At.AddHours(1),
        ExpiresAt = At.AddHours(72),
        Envelope = 7,
        Door = Door.Smtp,
        By = "k1",
        Bytes = 1_234,
        Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    /// <summary>One full example of each event, with every optional field set; and one of a snapshot.</summary>
    public static readonly Dictionary<string, object> All = new()
    {
        ["SA1"] = new SubmissionsAccepted(At,
            [new(Id.Submission, Facts, new(new(1, 2), new(3, 4), 2),
                [new("a.test", new(5, 6)), new("b.test", new(7, 8), 7)]),
                new(Id.Submission.Next(1), Facts with { Tags = [], SendAt = null }, null, [])]),
        ["AS1"] = new AttemptsStarted(At, "akka.tcp://akkamail@127.0.0.1:1#9", [new(Id, 3)]),
        ["AC1"] = new AttemptsConcluded(At,
        [
            new(new(new(Id, 3), "a.test", new(451, new(4, 7, 1), "später ✉"), AttemptEnd.InDoubt,
                "mx.a.test[192.0.2.1]:25", "192.0.2.9", SmtpStep.Dot, "TLSv1.3", At.AddSeconds(-1),
                TimeSpan.FromMilliseconds(12.5))
            { Judged = new(ReplyClass.Greylisted, new(BounceReason.Greylisted, true, new(4, 7, 1), "g", "v1"), Minute) },
                MessageStatus.Deferred, At.AddMinutes(15), "retry/default", Facts.SentBy),
            Ok(1, "v1", Facts.SentBy), Ok(2, "v2", Facts.SentBy), Ok(3, "v1", Facts.SentBy with { Tenant = "zeta" }),
        ]),
        ["ME1"] = new MessagesEnded(At,
        [
            new(Id, MessageStatus.Cancelled, Facts.SentBy) { By = "k1", Asked = "message" },
            new(Id, MessageStatus.Expired, Facts.SentBy) { Last = new("google", "ip1", "google") },
        ]),
        ["MA1"] = new MessagesAmended(At,
        [
            new(Id, AmendmentKind.LateBounce, new(1, 2), "mx.a.test", null, new(550, new(5, 1, 1), "kein Nutzer ✉"),
                new(BounceReason.UnknownUser, false, new(5, 1, 1), "unknown-user-by-status", "v1"), "ip1", "a.test", 7)
            { SentBy = Facts.SentBy, Provider = "google" },
            new(Id, AmendmentKind.Complaint, new(3, 4), "yahoo", "abuse", SmtpReply.None(""), null, null, null, 8)
            { SentBy = Facts.SentBy with { Tenant = "zeta" } },
        ]),
        ["LS1"] = new LedgerMemory(new(5, [new(Id.Submission, Facts, At,
            [new("a.test", MessageStatus.Sending, 1, At, "n#1"), new("b.test", MessageStatus.Deferred, 2, At, null, new("google", "ip1", "google"))])],
            [new(new(1, 2), Id.Submission, 2, new(3, 4), At, At.AddHours(1))]), 11,
            [new NumberedEvent(12, new MessagesEnded(At, [new(Id, MessageStatus.Expired, Facts.SentBy)]))]),
        ["OC1"] = new OutcomesCounted(At, At.AddMinutes(-1), OutcomeCounts.Of((ReplyClass.Accepted, 7), (ReplyClass.Own, 1)))
        { Began = 9, MostInUse = 4, Allowed = 47.5, Waiting = 1_000, Version = "v1" },
        ["RC1"] = new RateChanged(At, null, 47.5, 50, 1, 2, "aimd/limited", "v1", Said)
        {
            Inputs = new()
            {
                Allowed = 100,
                Used = 60,
                Seen = 60,
                Answers = 120,
                Accepted = 90,
                Objections = 20,
                Seconds = 2,
                Ceiling = 50,
                Misses = 1,
                Probes = 2,
                SinceCut = 61.5,
                Factor = 0.5,
                Bound = 10,
            },
        },
        ["CC1"] = new ConnectionsChanged(At, 10, 5, "aimd/limited", "v1", Said) { Inputs = new(10, 20, 3, 40, 5) },
        ["HB1"] = new HoldBegan(At, Held(new Reaction.LimitRate(new(10, TimeSpan.FromMinutes(1), 5))), new(12, 60, 10, 20, 2)),
        ["HL1"] = new HoldLifted(At, 3, "by hand", "k1"),
        ["FC1"] = new FeedbackCounted(At, 2, 30),
        ["RS1"] = new StandingChanged(At, Standing.Good, Standing.Poor, 12.5, 800, "unknown_user", 0.2),
        ["WB1"] = new WarmUpBegan(At, Plan, "k1"),
        ["WG1"] = new WarmUpGranted(At, At.AddHours(1), 20),
        ["WD1"] = new WarmUpDayEnded(At, new(2026, 11, 23), 1, 500, 480, 499, 2),
        ["WP1"] = new WarmUpPaused(At, "a", "k1"),
        ["WR1"] = new WarmUpResumed(At, "b", "k1"),
        ["WC1"] = new WarmUpCompleted(At, "c", null),
        ["TC1"] = new TenantCreated(At, "admin", "acme", "Acmé"),
        ["TX1"] = new TenantChanged(At, "k1", "acme", "Acme", true),
        ["TE1"] = new TenantClosed(At, "admin", "acme"),
        ["KC1"] = new KeyCreated(At, "admin", "k1", "acme", "key", Scopes.Send | Scopes.Read,
            [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32")], At.AddDays(1), [1, 2, 3]),
        ["KX1"] = new KeyChanged(At, "k1", "k2", "other", [IPNetwork.Parse("192.0.2.7/32")], At.AddDays(2)),
        ["KE1"] = new KeyRevoked(At, "k1", "k2"),
        ["LA1"] = new LossAccepted(At, "admin", "content.db"),
        ["AL1"] = Alert,
        ["AN1"] = new AlertsSnapshot([Alert]),
        ["SC1"] = new StreamCreated(At, "k1", "acme", "news", "Acmé news", StreamKind.Broadcast, true),
        ["SX1"] = new StreamChanged(At, "admin", "acme", "news", "News", false),
        ["SE1"] = new StreamDeleted(At, "k1", "acme", "news"),
        ["QT1"] = new QuotaTaken(At, At.AddHours(1), 1_000),
        ["QR1"] = new QuotaReturned(At, At.AddHours(1), 937),
        ["QS1"] = new QuotaSnapshot([new(QuotaWindow.Minute, At, 7), new(QuotaWindow.Month, At, 3_000_000_000)]),
        ["DA1"] = new DomainAdded(At, "k1", "example.test", "acme",
            [new KeyAdded(At, "akkamail-r1", DkimAlgorithm.RsaSha256, "MII="), new KeyAdded(At, "akkamail-e1", DkimAlgorithm.Ed25519Sha256, "11=")]),
        ["DC1"] = new DomainChecked(At, "schedule", "example.test", DomainStanding.Failing,
            [new("_dmarc.example.test", RecordType.Txt, RecordState.Wrong, ["v=DMARC1; p=ü", "b"])],
            [new KeySeen(At, "akkamail-r1"), new KeyActivated(At, "akkamail-r1")]),
        ["DK1"] = new DomainKeysChanged(At, "k1", "example.test",
            [new KeyFollowed(At, "akkamail-r1", At.AddDays(37)), new KeyRetired(At, "akkamail-r0")]),
        ["DE1"] = new DomainRemoved(At, "admin", "example.test"),
        ["GS1"] = new GovernorSnapshot
        {
            Pace = new(47.5, null, 1, 2, At, At.AddSeconds(-1), "aimd/limited", "v1", Said),
            Connections = 5,
            ConnectionsAt = At,
            ConnectionsCause = Said,
            ConnectionsRefused = null,
            ConnectionMisses = 0,
            WarmUp = new(Plan, 1, new(2026, 11, 24), At, 10, 20, 18, 19, true),
            WarmedUpBy = "sparkpost",
            Holds = [Held(new Reaction.Suspend()), Held(new Reaction.LimitConnections(2)), Held(new Reaction.BackOff(0.5))],
            LastHold = 7,
            Trips = 2,
            TrippedUntil = At,
            ComplaintsToday = 4,
            Reputation = new(At, [1.5, 2.5], 0.5, 0.25),
            Standing = Standing.Good,
        },
    };

    public static Conclusion Ok(int index, string shaping, SentBy by) => new(
        new(new(Id with { Index = index }, 1), "google", new(250, null, "ok"), AttemptEnd.Answered, "mx", "ip1",
            SmtpStep.Dot, "TLSv1.3", At, Minute)
        {
            Departure = new("own", "google", shaping, At.AddSeconds(-3), HeldBy.Hold, 7),
            Bytes = 4_213,
            LocalAddress = "192.0.2.9",
            Nth = 2,
        }, MessageStatus.Delivered, null, "accepted", by);

    private static Cause Said => new(At, At.AddSeconds(-1), ReplyClass.RateLimited, new(421, new(4, 7, 28), "zu schnell ✉"),
        new(Id, 3), "default", "broadcast");

    private static AlertChanged Alert => new(
        At, "complaints", new(AlertKind.Domain, "acme", "acme.test"), AlertLevel.Warning, AlertLevel.Critical,
        0.004, 0.003, 12_000, "ü");

    private static WarmUpPlan Plan => new("own", TimeSpan.FromDays(1), [200, 500, 1000]);

    private static Hold Held(Reaction reaction) =>
        new(3, reaction, new(ReactionScope.Stream, "default", "broadcast"), At, At.AddHours(1), "yahoo/ts04", "v1", Said, "why")
        { By = "k1" };
}
