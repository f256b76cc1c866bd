using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>What becomes of a message: its answers, its time, a cancel.</summary>
public sealed class LedgerConcludeTests
{
    private readonly Ledger _ledger = New();

    public static TheoryData<SmtpReply, AttemptEnd, MessageStatus, int> Replies => new()
    {
        { new(250, new(2, 0, 0), "ok"),            AttemptEnd.Answered,   MessageStatus.Delivered, 0 },
        { new(421, new(4, 3, 2), "closing"),       AttemptEnd.Answered,   MessageStatus.Deferred,  15 },
        // No answer is not a refusal.
        { SmtpReply.None("connection reset"),      AttemptEnd.Answered,   MessageStatus.Deferred,  15 },
        { new(550, new(5, 1, 1), "no such user"),  AttemptEnd.Answered,   MessageStatus.Bounced,   0 },
        { SmtpReply.None("bad header"),            AttemptEnd.Unsendable, MessageStatus.Failed,    0 },
        // Again at once.
        { SmtpReply.None("the server stopped"),    AttemptEnd.InDoubt,    MessageStatus.Deferred,  -1 },
        { SmtpReply.None("no room"),               AttemptEnd.NotStarted, MessageStatus.Deferred,  0 },
    };

    [Theory, MemberData(nameof(Replies))]
    public void An_answer_decides_what_becomes_of_the_message(
        SmtpReply reply, AttemptEnd end, MessageStatus status, int minutes)
    {
        var due = Started("a.test");

        var conclusion = _ledger.Concluded(Answer(due, reply, end), Noon);

        Assert.Equal(status, conclusion!.Status);
        var wait = (conclusion.DueAt - Noon)?.TotalMinutes ?? 0;
        if (end == AttemptEnd.NotStarted) Assert.Equal(TimeSpan.FromSeconds(5).TotalMinutes, wait, 3);
        else if (minutes <= 0) Assert.Equal(0, wait);
        else Assert.InRange(wait, minutes * 0.9, minutes * 1.1);
        Assert.Equal(status.IsTerminal() ? 0 : 1, _ledger.Unfinished);
    }

    [Theory]
    [InlineData(SmtpStep.Banner, MessageStatus.Deferred)]
    [InlineData(SmtpStep.Ehlo, MessageStatus.Deferred)]
    [InlineData(SmtpStep.Dns, MessageStatus.Bounced)]
    [InlineData(SmtpStep.RcptTo, MessageStatus.Bounced)]
    [InlineData(SmtpStep.Dot, MessageStatus.Bounced)]
    public void A_host_that_refuses_us_has_not_refused_the_message(SmtpStep step, MessageStatus status)
    {
        var due = Started("a.test");

        var conclusion = _ledger.Concluded(Answer(due, new(554, new(5, 7, 1), "blocked")) with { Step = step }, Noon);

        Assert.Equal(status, conclusion!.Status);
    }

    [Theory]
    [InlineData(6, "content/composition")]
    [InlineData(0, "unsendable")]
    public void A_mail_that_cannot_be_made_has_failed_by_a_rule_of_its_own(int subject, string rule)
    {
        var due = Started("a.test");
        var reply = SmtpReply.Ours(0, subject == 0 ? null : new(5, subject, 0), "This content cannot be composed");

        var conclusion = _ledger.Concluded(Answer(due, reply, AttemptEnd.Unsendable), Noon);

        Assert.Equal((MessageStatus.Failed, rule), (conclusion!.Status, conclusion.Rule));
        Assert.Equal(0, _ledger.Unfinished);
    }

    [Fact]
    public void A_deferral_past_the_end_of_its_time_is_an_expiry()
    {
        var due = Started("a.test");

        var conclusion = _ledger.Concluded(Answer(due, new(451, null, "later")), due.ExpiresAt.AddMinutes(-5));

        Assert.Equal((MessageStatus.Expired, "expiry"), (conclusion!.Status, conclusion.Rule));
    }

    [Fact]
    public void A_message_whose_time_is_over_expires_while_it_waits()
    {
        _ledger.Decide([Accept("a.test")], UsualRules, Noon);

        var decided = _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(72));

        var end = Assert.Single(Assert.IsType<MessagesEnded>(decided.Events.Single()).Ends);
        Assert.Equal((MessageStatus.Expired, null), (end.Status, end.By));
        Assert.Equal(0, _ledger.Unfinished);
    }

    [Fact]
    public void A_late_250_of_an_earlier_attempt_ends_the_message_and_withdraws_the_retry()
    {
        var first = Started("a.test");
        _ledger.Concluded(Answer(first, SmtpReply.None("in doubt"), AttemptEnd.InDoubt), Noon);

        var late = _ledger.Concluded(Answer(first, new(250, null, "taken after all")), Noon.AddSeconds(1));
        var handed = _ledger.HandOut("a.test", 10, Noon.AddMinutes(1));

        Assert.Equal(MessageStatus.Delivered, late!.Status);
        Assert.Empty(handed.Messages);
    }

    [Fact]
    public void A_repeated_result_changes_nothing()
    {
        var due = Started("a.test");
        _ledger.Concluded(Answer(due, new(451, null, "later")), Noon);

        Assert.Null(_ledger.Concluded(Answer(due, new(451, null, "later")), Noon.AddMinutes(1)));
        Assert.Null(_ledger.Concluded(Answer(due, new(550, null, "no")), Noon.AddMinutes(1)));
    }

    [Fact]
    public void Only_what_has_not_started_can_be_cancelled()
    {
        var id = Assert.IsType<SubmissionAccepted>(
            _ledger.Decide([Accept("a.test", "a.test")], UsualRules, Noon).Replies[0]).Id;
        _ledger.HandOut("a.test", 1, Noon);

        var decided = _ledger.Decide(
            [new CancelMessage(new(id, 0)), new CancelMessage(new(id, 1), By: "k1"), new CancelMessage(new(id, 2))],
            UsualRules, Noon);

        Assert.Equal([CancelResult.AlreadyStarted, CancelResult.Cancelled, CancelResult.Unknown],
            decided.Replies.Select(r => Assert.IsType<CancelReply>(r).Result));
        Assert.Equal(new(new(id, 1), MessageStatus.Cancelled, Facts.SentBy) { By = "k1", Asked = MessageEnd.OneMessage },
            Assert.Single(Assert.IsType<MessagesEnded>(decided.Events.Single()).Ends));
    }

    private DueMessage Started(string site)
    {
        _ledger.Decide([Accept(site)], UsualRules, Noon);
        return _ledger.HandOut(site, 1, Noon).Messages.Single();
    }
}
