using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Suppression;

namespace AkkaMail.Core.Tests.Suppression;

/// <summary>What an event of a ledger says of later mail to the same address.</summary>
public class SuppressionSignTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MessageId Message = new(SubmissionId.Create(3, Noon, 42), 7);
    private static readonly SmtpReply NoSuchUser = SmtpReply.Parse(550, "5.1.1 no such user");

    private static readonly SentBy By = new("acme", "news", StreamKind.Broadcast, "acme.test");

    private static Verdict Meaning(BounceReason reason, bool isTemporary = false) =>
        new(reason, isTemporary, null, "rule", "v1");

    private static AttemptsConcluded Concluded(MessageStatus status, SmtpReply reply) => new(Noon,
    [
        new(new Attempt(new(Message, 1), "a.test", reply, AttemptEnd.Answered, "mx.a.test", "192.0.2.1", SmtpStep.RcptTo, null,
            Noon, TimeSpan.FromSeconds(1)) { Source = "ip1" }.JudgedBy(BounceRulesReader.Shipped), status, null, "rule", By),
    ]);

    private static MessagesAmended Amended(AmendmentKind kind, Verdict? verdict = null, bool isOfAnother = false) => new(Noon,
        [new(Message, kind, default, "mx.a.test", null, NoSuchUser, verdict, "ip1", "a.test", 9)
            { SentBy = By, IsOfAnother = isOfAnother }]);

    [Fact]
    public void An_unknown_user_is_suppressed_with_all_that_is_known_of_the_refusal()
    {
        var sign = Assert.Single(SuppressionSign.Of(Concluded(MessageStatus.Bounced, NoSuchUser)));

        Assert.Equal((SuppressionStep.Suppress, SuppressionOrigin.HardBounce, Message, Noon),
            (sign.Step, sign.Origin, sign.Message, sign.At));
        Assert.Equal(("unknown_user", "ip1", "a.test", "550 5.1.1 no such user", Message.ToString()),
            (sign.Why.Reason, sign.Why.Source, sign.Why.Site, sign.Why.Reply, sign.Why.Cause));
    }

    public static TheoryData<MessageStatus, string, SuppressionStep> Ends => new()
    {
        { MessageStatus.Bounced,   "550 5.1.1 no such user",       SuppressionStep.Suppress },
        { MessageStatus.Expired,   "550 5.1.1 no such user",       SuppressionStep.Suppress },   // Refused, and then no more.
        { MessageStatus.Expired,   "452 4.2.2 mailbox is full",    SuppressionStep.Count },
        { MessageStatus.Bounced,   "552 5.2.2 mailbox is full",    SuppressionStep.Count },
        { MessageStatus.Bounced,   "550 5.1.2 no such domain",     SuppressionStep.Count },      // DNS may be wrong for an hour.
        { MessageStatus.Bounced,   "556 5.1.10 it has a null MX",  SuppressionStep.Count },
        { MessageStatus.Deferred,  "452 4.2.2 mailbox is full",    SuppressionStep.None },       // It is not over yet.
        { MessageStatus.Delivered, "250 2.0.0 ok",                 SuppressionStep.None },
        { MessageStatus.Bounced,   "550 5.7.1 message is spam",    SuppressionStep.None },       // Our fault, not the address's.
        { MessageStatus.Expired,   "421 4.3.2 we are closing now", SuppressionStep.None },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Only_a_fault_of_the_recipient_counts_once_the_message_is_over(
        MessageStatus status, string reply, SuppressionStep step)
    {
        var e = Concluded(status, SmtpReply.Parse(int.Parse(reply[..3], null), reply[4..]));

        Assert.Equal(step, SuppressionSign.Of(e).Select(s => s.Step).SingleOrDefault());
        Assert.Equal(step != SuppressionStep.None, SuppressionSign.IsIn(e));
    }

    public static TheoryData<MessagesAmended, SuppressionStep, SuppressionOrigin, SuppressionScope> Told => new()
    {
        { Amended(AmendmentKind.LateBounce, Meaning(BounceReason.UnknownUser)),
            SuppressionStep.Suppress, SuppressionOrigin.HardBounce, SuppressionScope.Tenant },
        { Amended(AmendmentKind.LateBounce, Meaning(BounceReason.UnknownUser), isOfAnother: true),
            SuppressionStep.Count, SuppressionOrigin.SoftBounces, SuppressionScope.Tenant },   // A dead member of a list.
        { Amended(AmendmentKind.Complaint), SuppressionStep.Suppress, SuppressionOrigin.Complaint, SuppressionScope.Tenant },
        { Amended(AmendmentKind.OptOut), SuppressionStep.Suppress, SuppressionOrigin.Unsubscribe, SuppressionScope.Stream },
    };

    [Theory]
    [MemberData(nameof(Told))]
    public void What_is_told_later_says_for_whom_the_address_is_closed(
        MessagesAmended e, SuppressionStep step, SuppressionOrigin origin, SuppressionScope scope)
    {
        var sign = Assert.Single(SuppressionSign.Of(e));
        var entry = sign.ToEntry("acme", "news", new(1, 2), "ann@a.test");

        Assert.True(SuppressionSign.IsIn(e));
        Assert.Equal((step, origin, SuppressionSign.Engine), (sign.Step, entry.Origin, entry.By));
        Assert.Equal(SuppressionKey.Of(scope, "acme", "news", new(1, 2)), entry.Key);
    }

    [Fact]
    public void What_says_nothing_about_a_recipient_has_no_sign()
    {
        Assert.False(SuppressionSign.IsIn(new MessagesEnded(Noon, [new(Message, MessageStatus.Cancelled, By)])));
        Assert.False(SuppressionSign.IsIn(Amended(AmendmentKind.LateBounce, Meaning(BounceReason.Spam))));
    }

    [Theory]
    [InlineData(2, 100, false)]   // Often enough means three messages,
    [InlineData(3, 71, false)]    // over three days: a mailbox may be full for a weekend.
    [InlineData(3, 72, true)]
    public void Soft_failures_are_enough_when_they_are_three_over_three_days(int messages, int hours, bool isEnough) =>
        Assert.Equal(isEnough, SuppressionPolicy.IsEnough(messages, Noon, Noon.AddHours(hours)));
}
