using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

public class LedgerTests
{
    private readonly Ledger _ledger = New();

    [Fact]
    public void A_submission_is_promised_with_an_id_that_leads_back_to_its_ledger()
    {
        var decided = _ledger.Decide([Accept("a.test", "b.test")], UsualRules, Noon);

        var accepted = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        Assert.Equal(7, accepted.Id.Partition);
        Assert.Equal(
            2, Assert.IsType<SubmissionsAccepted>(decided.Events.Single()).Submissions.Single().Recipients.Length);
        Assert.Equal(2, _ledger.Unfinished);
    }

    [Fact]
    public void One_commit_has_one_event_of_a_kind_whatever_it_carries()
    {
        var decided = _ledger.Decide(
            [Accept("a.test"), Take("a.test", 1), Accept("a.test"), Take("a.test", 1)], UsualRules, Noon);

        Assert.Equal([typeof(SubmissionsAccepted), typeof(AttemptsStarted)], decided.Events.Select(e => e.GetType()));
        Assert.Equal(2, Assert.IsType<AttemptsStarted>(decided.Events[1]).Attempts.Length);
    }

    [Fact]
    public void The_same_key_gets_the_same_answer_and_another_body_a_conflict()
    {
        var first = _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon).Replies[0];
        var repeats = _ledger.Decide(
            [Accept("a.test") with { Key = Key }, Accept("a.test") with { Key = Key, Request = new(9, 9) }],
            UsualRules, Noon);

        var id = Assert.IsType<SubmissionAccepted>(first).Id;
        Assert.Equal(new SubmissionAccepted(id, false, IsRepeat: true), repeats.Replies[0]);
        Assert.Equal(new KeyConflict(id), repeats.Replies[1]);
        Assert.Empty(repeats.Events);
    }

    [Fact]
    public void A_key_can_be_asked_for_and_has_the_answer_of_the_first()
    {
        var at = Noon.AddHours(1);
        var accept = Accept(Submit(Facts with { SendAt = at }, "a.test")) with { Key = Key };
        var first = Assert.IsType<SubmissionAccepted>(_ledger.Decide([accept], UsualRules, Noon).Replies[0]);

        var asked = Ledger.From(_ledger.ToSnapshot()).Decide(
            [new FindKey(Key, accept.Request), new FindKey(Key, new(9, 9)), new FindKey(new(5, 5), new(1, 1))],
            UsualRules, Noon.AddHours(2));

        Assert.Equal(
            [first with { IsRepeat = true }, new KeyConflict(first.Id), new KeyUnknown()], asked.Replies);
        Assert.Equal(at, first.SendAt);
        Assert.Empty(asked.Events);
    }

    [Theory]
    [InlineData("codes", StreamKind.Transactional, true)]
    [InlineData("codes", StreamKind.Broadcast, false)]
    [InlineData(Streams.Broadcast, StreamKind.Broadcast, false)]
    [InlineData(Streams.Transactional, StreamKind.Transactional, true)]
    public void Mail_waits_by_the_kind_its_stream_had_also_after_a_replay_or_a_snapshot(
        string stream, StreamKind kind, bool isTransactional)
    {
        var mail = Submit(Facts with { Stream = stream, Kind = kind }, "a.test");
        var events = _ledger.Decide([Accept(mail)], UsualRules, Noon).Events;
        var replayed = new Ledger(7);
        foreach (var e in events) replayed.Apply(e);
        replayed.Recovered(Noon);
        var restored = Ledger.From(_ledger.ToSnapshot());
        restored.Recovered(Noon);

        foreach (var ledger in new[] { _ledger, replayed, restored })
            Assert.Equal((stream, isTransactional),
                ledger.Waiting.Select(w => (w.Queue.Stream, w.Queue.IsTransactional)).Single());
    }

    [Fact]
    public void The_queues_that_every_tenant_has_are_named_as_an_earlier_version_names_them() => Assert.Equal(
        new QueueKey("a.test", "default", Streams.Broadcast),
        QueueKey.Of("a.test", "default", Streams.Broadcast, StreamKind.Broadcast));

    [Fact]
    public void A_key_is_remembered_until_the_read_model_has_it_and_older_look_ups_are_over()
    {
        _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon);

        _ledger.Projected(Noon, Noon + UsualRules.KeyMemory, UsualRules);
        Assert.True(Repeat().IsRepeat);
        _ledger.Projected(Noon.AddTicks(-1), Noon.AddHours(1), UsualRules);
        Assert.True(Repeat().IsRepeat);
        _ledger.Projected(Noon, Noon + UsualRules.KeyMemory + TimeSpan.FromTicks(1), UsualRules);
        Assert.False(Repeat().IsRepeat);

        SubmissionAccepted Repeat() =>
            Assert.IsType<SubmissionAccepted>(
                _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon).Replies[0]);
    }

    [Fact]
    public void At_the_bound_a_submission_is_refused_as_a_whole()
    {
        var rules = UsualRules with { UnfinishedMax = 3 };
        _ledger.Decide([Accept("a.test", "a.test")], rules, Noon);

        var decided = _ledger.Decide([Accept("a.test", "a.test"), Accept("a.test")], rules, Noon);

        Assert.Equal(new LedgerFull(2), decided.Replies[0]);
        Assert.IsType<SubmissionAccepted>(decided.Replies[1]);
    }

    [Fact]
    public void Submissions_that_come_together_are_taken_together_or_not_at_all()
    {
        var rules = UsualRules with { UnfinishedMax = 3 };
        var two = Accept(Submit(Facts, "a.test"), Submit(Facts with { Tags = ["b"] }, "b.test")) with { Key = Key };

        var decided = _ledger.Decide([two, Accept(Submit(Facts, "a.test"), Submit(Facts, "a.test"))], rules, Noon);

        var first = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        Assert.Equal(new LedgerFull(2), decided.Replies[1]);
        var accepted = Assert.IsType<SubmissionsAccepted>(decided.Events.Single()).Submissions;
        Assert.Equal(2, first.Count);
        Assert.Equal([first.Id, new(first.Id.High, first.Id.Low + 1)], accepted.Select(s => s.Id));
        Assert.Equal([new(Key, two.Request, 2), null], accepted.Select(s => s.Key));
        Assert.Equal([[], ["b"]], accepted.Select(s => s.Facts.Tags.ToArray()));
    }

    [Fact]
    public void A_key_stands_for_all_that_came_with_it_also_after_a_replay_or_a_snapshot()
    {
        var two = Accept(Submit(Facts, "a.test"), Submit(Facts, "b.test")) with { Key = Key };
        var decided = _ledger.Decide([two], UsualRules, Noon);
        var first = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        var replayed = new Ledger(7);
        foreach (var e in decided.Events) replayed.Apply(e);

        foreach (var ledger in new[] { _ledger, replayed, Ledger.From(_ledger.ToSnapshot()) })
            Assert.Equal(first with { IsRepeat = true }, ledger.Decide([two], UsualRules, Noon).Replies[0]);
    }

    [Fact]
    public void A_command_nobody_waits_for_any_more_does_nothing()
    {
        var decided = _ledger.Decide([Accept("a.test") with { AnswerBy = Noon.AddTicks(-1) }], UsualRules, Noon);

        Assert.IsType<TooLate>(decided.Replies[0]);
        Assert.Empty(decided.Events);
    }

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

        var conclusion = Concluded(Answer(due, reply, end), Noon);

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

        var conclusion = Concluded(Answer(due, new(554, new(5, 7, 1), "blocked")) with { Step = step }, Noon);

        Assert.Equal(status, conclusion!.Status);
    }

    [Fact]
    public void A_deferral_past_the_end_of_its_time_is_an_expiry()
    {
        var due = Started("a.test");

        var conclusion = Concluded(Answer(due, new(451, null, "later")), due.ExpiresAt.AddMinutes(-5));

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
        Concluded(Answer(first, SmtpReply.None("in doubt"), AttemptEnd.InDoubt), Noon);

        var late = Concluded(Answer(first, new(250, null, "taken after all")), Noon.AddSeconds(1));
        var handed = HandOut("a.test", 10, Noon.AddMinutes(1));

        Assert.Equal(MessageStatus.Delivered, late!.Status);
        Assert.Empty(handed.Messages);
    }

    [Fact]
    public void A_repeated_result_changes_nothing()
    {
        var due = Started("a.test");
        Concluded(Answer(due, new(451, null, "later")), Noon);

        Assert.Null(Concluded(Answer(due, new(451, null, "later")), Noon.AddMinutes(1)));
        Assert.Null(Concluded(Answer(due, new(550, null, "no")), Noon.AddMinutes(1)));
    }

    [Fact]
    public void Only_what_has_not_started_can_be_cancelled()
    {
        var id = Assert.IsType<SubmissionAccepted>(
            _ledger.Decide([Accept("a.test", "a.test")], UsualRules, Noon).Replies[0]).Id;
        HandOut("a.test", 1, Noon);

        var decided = _ledger.Decide(
            [new CancelMessage(new(id, 0)), new CancelMessage(new(id, 1), By: "k1"), new CancelMessage(new(id, 2))],
            UsualRules, Noon);

        Assert.Equal([CancelResult.AlreadyStarted, CancelResult.Cancelled, CancelResult.Unknown],
            decided.Replies.Select(r => Assert.IsType<CancelReply>(r).Result));
        Assert.Equal(new(new(id, 1), MessageStatus.Cancelled) { By = "k1" },
            Assert.Single(Assert.IsType<MessagesEnded>(decided.Events.Single()).Ends));
    }

    [Fact]
    public void A_scheduled_message_waits_for_its_time()
    {
        _ledger.Decide([Accept(Submit(Facts with { SendAt = Noon.AddHours(1) }, "a.test"))], UsualRules, Noon);

        Assert.Empty(HandOut("a.test", 1, Noon.AddMinutes(59)).Messages);
        _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(1));
        Assert.Single(HandOut("a.test", 1, Noon.AddHours(1)).Messages);
    }

    [Fact]
    public void Fresh_mail_does_not_wait_behind_retries_and_they_do_not_starve()
    {
        for (var i = 0; i < 100; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);
        foreach (var due in HandOut("a.test", 100, Noon).Messages)
            Concluded(Answer(due, new(451, null, "later")), Noon);
        _ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(1));
        for (var i = 0; i < 100; i++) _ledger.Decide([Accept("a.test")], UsualRules, Noon);

        var handed = HandOut("a.test", 100, Noon.AddHours(1)).Messages;

        Assert.Equal((80, 20), (handed.Count(m => m.Number == 1), handed.Count(m => m.Number == 2)));
    }

    [Fact]
    public void Each_stream_of_a_tenant_is_a_queue_of_its_own()
    {
        var news = Facts with { Stream = Streams.Broadcast, Kind = StreamKind.Broadcast };
        _ledger.Decide([Accept("a.test"), Accept(Submit(news, "a.test"))], UsualRules, Noon);
        Assert.Equal([("transactional", 1), ("broadcast", 1)],
            _ledger.DrainNewlyWaiting().Select(q => (q.Queue.Stream, q.Count)));

        var handed = HandOut("a.test", 100, Noon);

        Assert.Equal((1, 0), (handed.Messages.Length, handed.Left));
        Assert.Equal("broadcast", Assert.Single(_ledger.Waiting).Queue.Stream);
    }

    private DueMessage Started(string site)
    {
        _ledger.Decide([Accept(site)], UsualRules, Noon);
        return HandOut(site, 1, Noon).Messages.Single();
    }

    private HandedOut HandOut(string site, int count, DateTimeOffset now) =>
        Assert.IsType<HandedOut>(_ledger.Decide([Take(site, count)], UsualRules, now).Replies[0]);

    private Conclusion? Concluded(Attempt attempt, DateTimeOffset now) =>
        _ledger.Decide([new ConcludeAttempts([attempt])], UsualRules, now).Events
            .OfType<AttemptsConcluded>().SingleOrDefault()?.Conclusions.Single();
}
