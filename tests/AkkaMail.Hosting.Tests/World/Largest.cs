using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Core.Tls;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Api.Lanes;
using AkkaMail.Server.Messages;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>The largest message of each kind, by the product's own bounds, with texts of one character alone.</summary>
internal sealed class Largest(char worst)
{
    private static readonly DateTimeOffset At = DateTimeOffset.MaxValue.AddDays(-1);
    private static readonly MessageId Id = new(new(ulong.MaxValue, ulong.MaxValue), int.MaxValue);
    private static readonly AttemptId Try = new(Id, int.MaxValue);
    private const long Most = long.MaxValue;

    /// <summary>An engine's own words (a rule's name, a version, a reason), with room to grow.</summary>
    private const int OwnWords = 500;

    /// <summary>More nodes than the design is made for.</summary>
    private const int Nodes = 200;

    private string Text(int length) => new(worst, length);

    private static string Ascii(int length) => new('n', length);

    private static readonly string Name = Ascii(RuleBounds.NameCharacters);
    private static readonly string Domain = Ascii(Mailbox.DomainMax);
    private static readonly string Site = Ascii(255);
    private static readonly string Node = Ascii(64 + Mailbox.DomainMax);   // akka.tcp://akkamail@host:port#number
    private static readonly QueueKey Queue = new(Domain, Name, Name, StreamKind.Broadcast);
    private static readonly LimitKey Lane = new LimitKey.Lane(new(Name, Site));

    private SmtpReply Reply(int text) =>
        new(int.MaxValue, new(int.MaxValue, int.MaxValue, int.MaxValue), Text(text)) { Origin = ReplyOrigin.Network };

    private Verdict Verdict => new(
        BounceReason.Greylisted, true, new(int.MaxValue, int.MaxValue, int.MaxValue), Ascii(OwnWords), Ascii(OwnWords));

    private Attempt Attempt => new(Try, Site, Reply(SmtpReply.TextMax), AttemptEnd.InDoubt,
        Ascii(2 * Mailbox.DomainMax), Name, SmtpStep.Dot, Name, At, TimeSpan.MaxValue)
    {
        Departure = new(Name, Name, Ascii(OwnWords), At, HeldBy.Breaker, int.MaxValue),
        Bytes = Most,
        LocalAddress = Name,
        Nth = int.MaxValue,
        Judged = new(ReplyClass.Greylisted, Verdict, TimeSpan.MaxValue),
    };

    private Cause Cause => new(At, At, ReplyClass.Greylisted, Reply(LaneReport.TextMax), Try, Name, Name);

    private LaneReport Report => new(
        new([.. Enumerable.Repeat(int.MaxValue, OutcomeCounts.Classes)]),
        [.. Enumerable.Repeat(new Said(Cause, int.MaxValue), LaneReport.SaidMax)], int.MaxValue)
    { MostInUse = int.MaxValue, Waiting = int.MaxValue };

    private Hold Hold => new(int.MaxValue, new Reaction.LimitRate(new(Rate.CountMax, TimeSpan.MaxValue)),
        new(ReactionScope.Stream, Name, Name), At, At, Ascii(OwnWords), Ascii(OwnWords), Cause, Text(LaneBounds.NoteMax))
    { By = Name };

    private static WarmUpPlan Plan => new(Name, TimeSpan.MaxValue, [.. Enumerable.Repeat(Most, ShapingBounds.Stages)]);

    private LaneState State => new(
        At, Ascii(OwnWords), double.MaxValue, int.MaxValue,
        new(double.MinValue, double.MinValue, int.MaxValue, int.MaxValue, At, At, Ascii(OwnWords), Ascii(OwnWords), Cause)
        { Window = new(int.MaxValue, TimeSpan.MaxValue, int.MaxValue), Cost = TimeSpan.MaxValue },
        [.. Enumerable.Repeat(Hold, Governor.HoldsMax)],
        new(Plan, int.MaxValue, DateOnly.MaxValue, At, Most, Most, Most, Most, true), double.MinValue, Standing.Poor,
        double.MinValue)
    { Nodes = [.. Enumerable.Repeat(Node, Nodes)], Newest = Most };

    private Lease Lease => new(
        Lane, Most, double.MinValue, int.MaxValue, int.MaxValue, At, Most, At, State with { Nodes = [] })
    {
        Shares = Enumerable.Range(0, Nodes).ToImmutableDictionary(
            n => $"{Node}{n}", _ => new NodeShare(double.MinValue, int.MaxValue, true)),
    };

    private static SubmissionFacts Facts(SendLimits limits, Func<int, string> text) => new()
    {
        Tenant = Name,
        Stream = Name,
        Kind = StreamKind.Broadcast,
        Sender = Domain,
        Tags = [.. Enumerable.Repeat(text(limits.TagLengthMax), limits.TagsMax)],
        SendAt = At,
        ExpiresAt = At,
        Envelope = Most,
        Door = Door.Smtp,
        By = Name,
        Bytes = int.MaxValue,
        Trace = Ascii(SubmissionFacts.TraceMax),
    };

    /// <summary>No two recipients in one domain.</summary>
    private static ImmutableArray<AcceptedRecipient> Recipients(SendLimits limits) =>
        [.. Enumerable.Range(0, limits.RecipientsMax).Select(n => new AcceptedRecipient(
            Domain[..^4] + n.ToString("D4", null), new(Most, Most), Most) { Engaged = DateOnly.MaxValue })];

    private Amendment Amendment => new(
        Id, AmendmentKind.LateBounce, new(Most, Most), Text(Mailbox.AddressMax), Text(OwnWords), Reply(SmtpReply.TextMax),
        Verdict, Name, Site, Most)
    { SentBy = new(Name, Name, StreamKind.Broadcast, Domain), Provider = Name };

    /// <summary>What is not projected of one message: its acceptance, then as many lines as are told.</summary>
    private ImmutableArray<NumberedEvent> Unprojected =>
    [
        new(1, new SubmissionsAccepted(At, [new(Id.Submission, Facts(SendLimits.Default, Text),
            new(new(Most, Most), new(Most, Most), int.MaxValue), Recipients(SendLimits.Default))])),
        .. Enumerable.Range(2, UnprojectedEvents.LinesMax - 1).Select(n => new NumberedEvent(n, new AttemptsConcluded(
            At, [new(Attempt, MessageStatus.Deferred, At, Ascii(OwnWords), Amendment.SentBy)]))),
    ];

    private Waiting Why => new(HeldBy.Breaker, At)
    {
        Site = Site,
        Lane = new(Name, Site),
        Why = new(Ascii(OwnWords), Ascii(OwnWords), Cause, Text(LaneBounds.NoteMax)),
        Eta = At,
        Ahead = Most,
        EngagedAhead = int.MaxValue,
        Detail = Ascii(OwnWords),
    };

    private static Quota Quota => new(Most, Most, Most, Most, QuotaMode.Schedule);

    private AlertSubject Subject => new(AlertKind.Lane, Name, Lane.ToString());

    private static T[] Times<T>(int count, T one) => [.. Enumerable.Repeat(one, count)];

    private static ImmutableArray<IPNetwork> Networks => [.. Times(
        ApiKey.NetworksMax, IPNetwork.Parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128"))];

    private ImmutableArray<RecordCheck> Records =>
    [
        .. Times(DomainRegister.KeysOfDomainMax, new RecordCheck(
            new(RecordPurpose.Dkim, Domain, RecordType.Txt, Ascii(2 * DnsRecord.StringMax), true), RecordState.Wrong,
            [.. Times(2 * RecordStanding.SeenMax, Text(2 * RecordStanding.SeenCharacters))], Text(64 * 1024))),
    ];

    private static ImmutableArray<NewDomainKey> Keys => [.. Times(
        SendingDomain.KeysPerAlgorithm * Enum.GetValues<DkimAlgorithm>().Length,
        new NewDomainKey(DkimAlgorithm.RsaSha256, Ascii(4 * 1024)))];

    private string Note => Text(OrderNotes.Max);

    public IReadOnlyDictionary<Type, object> Of() => All().ToDictionary(m => m.GetType());

    private IEnumerable<object> All() =>
    [
        .. OfLedgers(), .. OfLanes(), .. OfAccounts(),
        new ReadFigures([.. Times(ReadFigures.ReadingsMax, new AlertReading(
            AlertRule.Complaints, Subject, double.MinValue, double.MinValue, Text(OwnWords)))]),
        new ListAlerts(int.MaxValue),
        new OpenAlerts([.. Times(OpenAlerts.PageMax, new AlertChanged(At, AlertRule.Complaints, Subject, AlertLevel.Critical,
            AlertLevel.Critical, double.MinValue, double.MinValue, double.MinValue, Text(OwnWords)))], Most, true),
    ];

    private IEnumerable<object> OfLedgers() =>
    [
        // In letters is what has a row of its own.
        new ToLedger(int.MaxValue, Wake.Instance),
        new AcceptSubmissions(ulong.MaxValue, [new(Facts(SendLimits.Default, Text), Recipients(SendLimits.Default))],
            new(Most, Most), new(Most, Most), At),
        new TakeDue(Queue, int.MaxValue, Node),
        new HandedOut(int.MaxValue, Queue, [.. Times(TakeDue.CountMax,
            new DueMessage(Id, int.MaxValue, Queue, Most, At, At) { DueAt = At })], int.MaxValue)
        { Head = new(At, int.MaxValue) },
        // As the outbox cuts them.
        NodeBounds.Cut(Times(5_000, Attempt), NodeBytes.Of).Select(some => new ConcludeAttempts(some)).First(),
        new AttemptsRecorded(int.MaxValue, [.. Times(500, Try)]),
        new CancelMessage(Id, Name, Name, Note),
        new CancelReply(Id, CancelResult.AlreadyStarted),
        new AmendMessages([Amendment]), new AmendmentsRecorded(int.MaxValue), PassTime.Instance,
        new FindKey(new(Most, Most), new(Most, Most)), new KeyUnknown(), new KeyConflict(Id.Submission),
        new SubmissionAccepted(Id.Submission, true, true) { Count = int.MaxValue, SendAt = At },
        new LedgerFull(int.MaxValue), new TooLate(), Wake.Instance, new Awake(int.MaxValue),
        new ReadUnprojected(Id), new UnprojectedEvents(Unprojected),
        new AskWhyTheyWait([.. Times(AskWhyTheyWait.MessagesMax, Id)]),
        new WhyTheyWait([.. Times(AskWhyTheyWait.MessagesMax, new WaitingMessage(Id, Why))]),
        new ExplainQueued(int.MaxValue, [.. Times(AskWhyTheyWait.MessagesMax, new QueuedMessage(
            Id, new(Queue, MessageStatus.Deferred, At, int.MaxValue) { EngagedBefore = int.MaxValue }))],
            [.. Times(AskWhyTheyWait.MessagesMax, new WaitingMessage(Id, Why))])
        { Asked = [.. Times(Nodes, Node)] },
        new LedgerUnavailable(int.MaxValue, Text(OwnWords)), new Moved(int.MaxValue),
        new LeaveCluster(Name, Text(LeaveCluster.ReasonMax)), new MoveLedger(int.MaxValue, Node),
        AskDatabase.Instance, new DatabaseReached(TimeSpan.MaxValue),
        new LedgerBegan(int.MaxValue) { IsPassed = true }, SayWhatWaits.Instance,
        new GenerationsChanged(Name), new QueueHasMail(int.MaxValue, Queue, int.MaxValue)
        { Head = new(At, int.MaxValue), Part = int.MaxValue },
        AskStand.Instance, new LedgerStand(int.MaxValue, Node, Most, Most, Most, [.. Times(LedgerStand.GenerationsMax,
            new GenerationPlace(int.MaxValue, Most, At, double.MinValue, double.MinValue))])
        { HeldBy = BuildHold.Commits, CommitP99 = TimeSpan.MaxValue },
        new WhatRuns(int.MaxValue, [.. Times(WhatRuns.AttemptsMax, Try)]),
        new Disowned([.. Times(WhatRuns.AttemptsMax, Try)]),
    ];

    /// <summary>
    /// The host of a session is the receiver's to name; 50 kinds of failure are counted by host, and the rest by result.
    /// </summary>
    private TlsDomain TlsOfDomain => new(
        Domain, new(StsMode.Testing, [.. Times(StsPolicy.MxMax, Domain)], TimeSpan.MaxValue) { Id = Ascii(32) }, Most,
        [.. Times(50 + Enum.GetValues<TlsResult>().Length, new TlsFailure(TlsResult.CertificateNotTrusted, Text(Mailbox.DomainMax), Most))]);

    private IEnumerable<object> OfLanes()
    {
        var renewal = new RenewLease(
            Node, new(int.MaxValue, int.MaxValue), Most, Most, Report, new(double.MinValue, int.MaxValue));
        return
        [
            new ToGovernor(Lane, new DescribeLane()), renewal, new LeaveLane(Node, Report),
            // Of what is cut, a piece: one that is larger than what it is cut at is alone.
            GovernorShards.Letters(Times(2_000, new ToGovernor(Lane, renewal))).First(),
            LeaseLetters.Of(Times(2_000, Lease)).First(),
            new NodeLanes(NodeBounds.Cut(Times(2_000, new NodeLane(new(Name, Site), Node, Lease, int.MaxValue,
                int.MaxValue, int.MaxValue, Most, Most, At, true)), NodeBytes.Of, ListLanes.PageBytes).First(), true),
            new ReadTlsDay(DateOnly.MaxValue, new(Domain, true)),
            TlsDays.Page(new(DateOnly.MaxValue, [.. Times(2_000, TlsOfDomain)], Most), null),
            new ListLanes(new(Name, Site)), new DescribeLane(), State, TellStanding.Instance,
            new CountFeedback(int.MaxValue, int.MaxValue), FeedbackTaken.Instance, new OrderRefused(Text(OwnWords)),
            new LaneOrder.Suspend(new(ReactionScope.Stream, Name, Name), TimeSpan.MaxValue, Text(LaneBounds.NoteMax)),
            new LaneOrder.Resume(Text(LaneBounds.NoteMax)) { By = Name },
            new LaneOrder.Limit(new(Rate.CountMax, TimeSpan.MaxValue), int.MaxValue, TimeSpan.MaxValue, Text(LaneBounds.NoteMax)),
            new LaneOrder.StartWarmUp(Plan, Text(LaneBounds.NoteMax)),
            new LaneOrder.PauseWarmUp(Text(LaneBounds.NoteMax)), new LaneOrder.ResumeWarmUp(Text(LaneBounds.NoteMax)),
            new LaneOrder.CompleteWarmUp(Text(LaneBounds.NoteMax)),
        ];
    }

    private IEnumerable<object> OfAccounts() =>
    [
        new AccountOrder.CreateTenant(Name, Name, Text(Tenant.TitleCharacters)) { Quota = Quota },
        new AccountOrder.ChangeTenant(Name, Name, Text(Tenant.TitleCharacters), true) { Quota = Quota },
        new AccountOrder.CloseTenant(Name, Name) { Note = Note }, new AccountOrder.AcceptLoss(Name, Ascii(255)),
        new AccountOrder.CreateKey(
            Name, Name, Name, Text(ApiKey.NameCharacters), Scopes.Send, Networks, At, [.. Times(32, byte.MaxValue)]),
        new AccountOrder.ChangeKey(Name, Name, Name, Text(ApiKey.NameCharacters), Networks, At),
        new AccountOrder.RevokeKey(Name, Name, Name) { Note = Note },
        new StreamOrder.Create(Name, Name, Name, Text(MailStream.TitleCharacters), StreamKind.Broadcast, true),
        new StreamOrder.Change(Name, Name, Name, Text(MailStream.TitleCharacters), true, true),
        new StreamOrder.Delete(Name, Name, Name) { Note = Note },
        new AccountChanged(Most), new AccountRefused(AccountRefusal.NameTaken),
        new TakeQuota(Name, Quota, Most, At, At, new(At, Most)), new ReturnQuota(Name, new(At, Most)), new ReadQuota(Name),
        new QuotaGranted(At, At, Most, true) { Left = new(QuotaWindow.Month, Most), Full = new(QuotaWindow.Month, Most) },
        new QuotaRefused(QuotaWindow.Month, Most, At) { Left = Most }, new QuotaUsed(At, Most, Most, Most, Most),
        new QuotaUnavailable(Text(OwnWords)),
        new DomainOrder.Add(Name, Name, Domain, Keys), new DomainOrder.Check(Name, Name, Domain, Records),
        new DomainOrder.Rotate(Name, Name, Domain, [.. Enum.GetValues<DkimAlgorithm>()], Keys, At),
        new DomainOrder.Retire(Name, Name, Domain), new DomainOrder.Remove(Name, Name, Domain) { Note = Note },
    ];
}
