using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Seals;

namespace AkkaMail.Core.Tests.Inbound;

public class InboundOutcomeTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly MessageId Message = new(SubmissionId.Create(3, DateTimeOffset.UnixEpoch.AddDays(1), 42), 7);
    private const string Ann = "ann@example.net";

    private static BounceResult Failed(string recipient, string reply) => new(recipient, BounceKind.Bounce, reply,
        new(5, 1, 1), new(BounceReason.UnknownUser, false, new(5, 1, 1), "unknown-user", "v1"), null, "rfc3464");

    private static BounceResult Feedback(string type) => new("", BounceKind.Feedback, "Dear ann@example.net", null, null, type, "rfc5965");

    private static Returning Judge(params BounceResult[] results) =>
        InboundJudge.Judge([.. results], Message, new("acme", "news", StreamKind.Broadcast, "acme.test"),
            new("example.net", "ip1", null), Ann, "mx.example.net", 9);

    [Fact]
    public void A_bounce_is_a_late_bounce_with_the_receivers_words_and_no_address()
    {
        var returning = Judge(Failed(Ann, "550 5.1.1 <Ann@example.net>: unknown; was forwarded to bob@else.test."));

        Assert.Equal(InboundOutcome.Recorded, returning.Outcome);
        Assert.Equal((AmendmentKind.LateBounce, "ip1", "example.net", BounceReason.UnknownUser, 9L),
            (returning.Amendment!.Kind, returning.Amendment.Source, returning.Amendment.Site,
                returning.Amendment.Verdict!.Reason, returning.Amendment.Mail));
        Assert.Equal(new(550, new(5, 1, 1), "<{recipient}>: unknown; was forwarded to {address}."), returning.Amendment.Reply);
    }

    [Fact]
    public void The_same_words_are_the_same_report_and_others_are_another()
    {
        var first = Judge(Failed(Ann, "550 5.1.1 unknown")).Amendment!.Report;

        Assert.Equal(first, Judge(Failed(Ann, " 550 5.1.1 unknown ")).Amendment!.Report);
        Assert.NotEqual(first, Judge(Failed(Ann, "550 5.1.1 gone")).Amendment!.Report);
        Assert.NotEqual(first, Judge(Feedback("abuse")).Amendment!.Report);
    }

    [Fact]
    public void Of_several_recipients_that_of_the_message_counts_and_else_the_one_that_failed()
    {
        var delivered = new BounceResult("x@example.net", BounceKind.Delivered, "250 ok", new(2, 0, 0), null, null, "rfc3464");

        var own = Judge(Failed("bob@example.net", "550 no bob"), Failed("ANN@example.net", "550 no ann"));
        var forwarded = Judge(delivered, Failed("bob@else.test", "550 no bob"));

        Assert.Equal("no ann", own.Amendment!.Reply.Text);
        Assert.Equal("no bob", forwarded.Amendment!.Reply.Text);
    }

    public static TheoryData<string, InboundOutcome, AmendmentKind?> Types => new()
    {
        { "abuse", InboundOutcome.Recorded, AmendmentKind.Complaint },
        { "fraud", InboundOutcome.Recorded, AmendmentKind.Complaint },
        { "virus", InboundOutcome.Recorded, AmendmentKind.Complaint },
        { "opt-out", InboundOutcome.Recorded, AmendmentKind.OptOut },
        { "not-spam", InboundOutcome.Noted, null },
        { "auth-failure", InboundOutcome.Noted, null },
        { "other", InboundOutcome.Noted, null },
    };

    [Theory, MemberData(nameof(Types))]
    public void Feedback_is_a_complaint_when_somebody_complains(string type, InboundOutcome outcome, AmendmentKind? kind)
    {
        var returning = Judge(Feedback(type));

        Assert.Equal((outcome, kind), (returning.Outcome, returning.Amendment?.Kind));
        if (kind is not null) Assert.Equal(SmtpReply.None(""), returning.Amendment!.Reply);   // The covering letter names people.
    }

    public static TheoryData<BounceKind, InboundOutcome> Kinds => new()
    {
        { BounceKind.Delayed, InboundOutcome.Noted },       // The other server still tries.
        { BounceKind.Delivered, InboundOutcome.Noted },
        { BounceKind.Vacation, InboundOutcome.AutoReply },
        { BounceKind.Other, InboundOutcome.Unclear },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void What_is_no_failure_changes_nothing(BounceKind kind, InboundOutcome outcome)
    {
        var returning = Judge(new BounceResult(Ann, kind, "", null, null, null, "x"));

        Assert.Equal((outcome, null), (returning.Outcome, returning.Amendment));
    }

    [Fact]
    public void A_mail_of_no_known_format_is_unclear() => Assert.Equal(new(InboundOutcome.Unclear, null, null), Judge());

    public static TheoryData<string, string> Places => new()
    {
        { "Original-Mail-From", $"<{VerpAddress.Of(Message, "bounce.example.com", Key)}>" },
        { "Return-Path", $"<{VerpAddress.Of(Message, "bounce.example.com", Key)}>" },
        { "CFBL-Feedback-ID", FeedbackToken.Of(Message, Key) },
        { "List-Unsubscribe", $"<https://mail.example.com/u/{UnsubscribeToken.Of(Message, Key)}>, <mailto:x@y.test>" },
    };

    [Theory, MemberData(nameof(Places))]
    public void A_report_names_its_message_by_whatever_its_reporter_has_left(string header, string value)
    {
        var returned = new ParsedMail([new("Subject", "Receipt"), new(header.ToUpperInvariant(), value)], [], null);
        var report = new ParsedMail([new("From", "fbl@isp.test")], [new("message/feedback-report", "Feedback-Type: abuse")], returned);
        var inPart = report with { Returned = null, Parts = [new("message/feedback-report", $"Feedback-Type: abuse\r\n{header}: {value}")] };
        var headersOnly = report with { Returned = null, Parts = [new("text/rfc822-headers", $"{header}: {value}")] };

        Assert.All([report, inPart, headersOnly], r => Assert.Equal(Message, MessageReference.Find(r, Key)));
    }

    [Fact]
    public void A_report_without_a_seal_of_ours_names_nothing()
    {
        byte[] theirs = [.. Key.Reverse()];
        ImmutableArray<MailField> fields =
        [
            new("Return-Path", $"<{VerpAddress.Of(Message, "bounce.example.com", theirs)}>"),
            new("CFBL-Feedback-ID", UnsubscribeToken.Of(Message, Key)),   // A seal for another purpose.
            new("List-Unsubscribe", "<https://mail.example.com/u/>"),
            new("Message-ID", $"<{Message}@example.com>"),                // Everybody can write that.
        ];

        Assert.Null(MessageReference.Find(new([], [], new(fields, [], null)), Key));
    }
}
