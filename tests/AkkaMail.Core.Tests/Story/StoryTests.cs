using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using Told = AkkaMail.Core.Story.Story;

namespace AkkaMail.Core.Tests.Story;

/// <summary>What each event makes of a message, and of its story.</summary>
public class StoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SubmissionId Submission = SubmissionId.Create(7, Noon, 1);
    private static readonly MessageId Id = new(Submission, 0);
    private static readonly MessageId Other = new(Submission, 1);

    private static readonly SubmissionFacts Facts = new()
    {
        Tenant = "acme",
        Stream = Streams.Transactional,
        Kind = StreamKind.Transactional,
        Sender = "acme.test",
        ExpiresAt = Noon.AddDays(3),
        Envelope = 1,
    };

    private static StoryEvent Line(int sequence, MessageStatus state, StoryEvent line) =>
        line with { Sequence = sequence, State = state };

    [Fact]
    public void Whose_site_it_came_to_is_told_by_the_last_attempt_that_came_to_one()
    {
        Attempt Through(string? provider) => Answer(1, 451) with { Departure = new("default", provider, "v1", Noon, default, null) };
        string After(params ILedgerEvent[] events) => Tell(Id, [Accepted(), .. events]).Message.Provider;
        AttemptsConcluded Deferred(Attempt attempt) => Concluded(attempt, MessageStatus.Deferred, Noon.AddHours(1));
        var lost = Answer(1, 0) with { End = AttemptEnd.NotStarted, Step = SmtpStep.None };

        Assert.Equal(Via.Waiting, After(Started(1), Deferred(lost)));
        Assert.Equal(Via.None, After(Started(1), Deferred(lost), Ended(MessageStatus.Cancelled)));
        Assert.Equal(Via.None, Tell(Id, Accepted(suppressed: 9)).Message.Provider);
        Assert.Equal("google", After(Started(1), Deferred(Through("google")), Ended(MessageStatus.Expired)));
        Assert.Equal(Via.Other, After(Started(1), Deferred(Through("google")), Deferred(Through(null))));
        Assert.Equal(Via.Unknown, After(Started(1), Deferred(Answer(1, 451))));
    }

    [Fact]
    public void Each_recipient_of_a_submission_begins_a_story()
    {
        var first = Tell(Id, Accepted());
        var second = Tell(Other, Accepted());

        Assert.Equal((MessageStatus.Accepted, "a.test", null),
            (first.Message.Status, first.Message.Domain, first.Message.Site));
        Assert.Equal(("b.test", "acme.test"), (second.Message.Domain, second.Message.Facts.Sender));
        Assert.Equal([Line(1, MessageStatus.Accepted, new(1, "accepted", Noon))], first.Events.AsEnumerable());
    }

    [Fact]
    public void What_is_to_be_sent_later_is_scheduled()
    {
        var story = Tell(Id, Accepted(sendAt: Noon.AddHours(1)));

        Assert.Equal((MessageStatus.Scheduled, Noon.AddHours(1)), (story.Message.Status, story.Message.DueAt));
        Assert.Equal([Line(1, MessageStatus.Scheduled, new(1, "scheduled", Noon, DueAt: Noon.AddHours(1)))], story.Events.AsEnumerable());
    }

    [Fact]
    public void What_nobody_wants_has_ended_as_it_begins()
    {
        var story = Tell(Id, Accepted(suppressed: 9, sendAt: Noon.AddHours(1)));

        Assert.Equal((MessageStatus.Suppressed, null), (story.Message.Status, story.Message.DueAt));
        Assert.Equal([Line(1, MessageStatus.Suppressed, new(1, "suppressed", Noon, Rule: "suppression/9"))], story.Events.AsEnumerable());
    }

    [Fact]
    public void An_attempt_is_a_line_and_how_it_went_another()
    {
        var deferral = Answer(1, 451);

        var story = Tell(Id, Accepted(), Started(1), Concluded(deferral, MessageStatus.Deferred, Noon.AddHours(1)));

        Assert.Equal(
            (MessageStatus.Deferred, 1, Noon.AddMinutes(3), Noon.AddHours(1)),
            (story.Message.Status, story.Message.Attempts, story.Message.UpdatedAt, story.Message.DueAt));
        Assert.Equal("google", story.Message.Site);
        Assert.Equal(
        [
            Line(1, MessageStatus.Accepted, new(1, "accepted", Noon)),
            Line(2, MessageStatus.Sending, new(2, "attempt", Noon.AddMinutes(2), 1, Node: "node#1")),
            Line(3, MessageStatus.Deferred, new(3, "deferred", Noon.AddMinutes(3), 1, deferral, Noon.AddHours(1), "rule")),
        ], story.Events.AsEnumerable());
    }

    [Fact]
    public void The_site_is_not_known_before_an_attempt_reached_it_and_not_forgotten_by_one_that_did_not()
    {
        Attempt Lost(AttemptEnd end) =>
            Answer(1, 0) with { Site = "a.test", End = end, Step = SmtpStep.None, Reply = SmtpReply.Ours("why") };
        ILedgerEvent[] before =
        [
            Accepted(), Started(1), Concluded(Lost(AttemptEnd.NotStarted), MessageStatus.Deferred, Noon.AddHours(1)),
            Started(2), Concluded(Lost(AttemptEnd.InDoubt), MessageStatus.Deferred, Noon.AddHours(1)),
        ];
        ILedgerEvent[] after =
        [
            .. before, Started(3), Concluded(Answer(3, 451), MessageStatus.Deferred, Noon.AddHours(1)), .. before[3..],
        ];

        Assert.Equal(("a.test", null), (Tell(Id, before).Message.Domain, Tell(Id, before).Message.Site));
        Assert.Equal(("a.test", "google"), (Tell(Id, after).Message.Domain, Tell(Id, after).Message.Site));
    }

    [Theory]
    [InlineData(MessageStatus.Cancelled, "cancelled")]
    [InlineData(MessageStatus.Expired, "expired")]
    [InlineData(MessageStatus.Failed, "failed")]
    public void An_end_without_an_attempt_is_told_by_its_word(MessageStatus status, string word)
    {
        var story = Tell(Id, Accepted(), Ended(status));

        Assert.Equal((status, null), (story.Message.Status, story.Message.DueAt));
        Assert.Equal(Line(2, status, new(2, word, Noon.AddMinutes(2)) { End = End(status) }), story.Events[^1]);
    }

    [Fact]
    public void A_late_250_ends_what_waited_for_its_next_attempt()
    {
        var story = Tell(Id, Accepted(), Started(1),
            Concluded(Answer(1, 451), MessageStatus.Deferred, Noon.AddHours(1)), Concluded(Answer(1, 250), MessageStatus.Delivered));

        Assert.Equal((MessageStatus.Delivered, null), (story.Message.Status, story.Message.DueAt));
        Assert.Equal(["accepted", "attempt", "deferred", "delivered"], story.Events.Select(e => e.Type));
    }

    [Fact]
    public void An_attempt_that_begins_after_the_end_is_told_and_changes_no_end()
    {
        var story = Tell(Id, Accepted(), Ended(MessageStatus.Expired), Started(1));

        Assert.Equal((MessageStatus.Expired, 1), (story.Message.Status, story.Message.Attempts));
        Assert.Equal("attempt", story.Events[^1].Type);
    }

    [Fact]
    public void A_report_is_told_once_and_leaves_the_status()
    {
        var complaint = Report(1, AmendmentKind.Complaint);

        var story = Tell(Id, Accepted(), Started(1), Concluded(Answer(1, 250), MessageStatus.Delivered),
            Amended(complaint, complaint), Amended(complaint with { Mail = 8 }),
            Amended(Report(2, AmendmentKind.LateBounce)));

        Assert.Equal((MessageStatus.Delivered, Noon.AddMinutes(3)), (story.Message.Status, story.Message.UpdatedAt));
        Assert.Equal(
            ["accepted", "attempt", "delivered", "complained", "bounced_late"], story.Events.Select(e => e.Type));
        Assert.Equal(complaint, story.Events[3].Amended);
    }

    [Fact]
    public void A_row_goes_on_with_what_it_has_not_seen()
    {
        NumberedEvent[] journal =
        [
            .. Numbered(Accepted(), Started(1), Concluded(Answer(1, 451), MessageStatus.Deferred, Noon.AddHours(1)),
                Amended(Report(1, AmendmentKind.LateBounce)), Amended(Report(1, AmendmentKind.LateBounce)), Started(2)),
        ];
        var whole = Told.Continue(null, Id, journal);

        for (var seen = 0; seen <= journal.Length; seen++)
        {
            var row = Told.Continue(null, Id, journal.Take(seen));
            // The ledger may still hold some of what the row has.
            var story = Told.Continue(row, Id, journal.Skip(Math.Max(0, seen - 2)));
            Assert.Equal(whole, story, Same);
        }
    }

    [Fact]
    public void What_happens_to_others_is_no_part_of_it()
    {
        var story = Tell(Id, Accepted(), Started(1, Other), Ended(MessageStatus.Cancelled, Other),
            Amended(Report(1, AmendmentKind.Complaint) with { Message = Other }));

        Assert.Equal((MessageStatus.Accepted, 1), (story.Message.Status, story.Events.Length));
        Assert.Null(Told.Continue(null, new(Submission, 2), Numbered(Accepted(), Started(1))));
    }

    [Fact]
    public void An_event_without_a_place_in_a_story_is_not_passed_over() => Assert.Throws<InvalidOperationException>(
        () => Tell(Id, Accepted(), new NotYetInvented()));

    private static MessageStory Tell(MessageId id, params ILedgerEvent[] events) =>
        Told.Continue(null, id, Numbered(events))!;

    private static IEnumerable<NumberedEvent> Numbered(params ILedgerEvent[] events) =>
        events.Select((e, i) => new NumberedEvent(i + 1, e));

    private static bool Same(MessageStory? a, MessageStory? b) =>
        a!.Message == b!.Message && a.Events.SequenceEqual(b.Events);

    private static SubmissionsAccepted Accepted(DateTimeOffset? sendAt = null, long? suppressed = null) => new(Noon,
        [new(Submission, Facts with { SendAt = sendAt }, null,
            [new("a.test", default, suppressed), new("b.test", default)])]);

    private static AttemptsStarted Started(int number, MessageId? id = null) =>
        new(Noon.AddMinutes(2), "node#1", [new(id ?? Id, number)]);

    private static Attempt Answer(int number, int code) => new(new(Id, number), "google", new(code, null, "said"),
        AttemptEnd.Answered, "mx", "ip1", SmtpStep.Dot, null, Noon, TimeSpan.FromSeconds(1));

    private static AttemptsConcluded Concluded(Attempt attempt, MessageStatus status, DateTimeOffset? due = null) =>
        new(Noon.AddMinutes(3), [new(attempt, status, due, "rule", Facts.SentBy)]);

    private static MessagesEnded Ended(MessageStatus status, MessageId? id = null) =>
        new(Noon.AddMinutes(2), [End(status, id)]);

    private static MessageEnd End(MessageStatus status, MessageId? id = null) => new(id ?? Id, status, Facts.SentBy)
    {
        By = "k1",
        Asked = MessageEnd.OneMessage,
    };

    private static MessagesAmended Amended(params Amendment[] amendments) => new(Noon.AddHours(2), [.. amendments]);

    private static Amendment Report(ulong hash, AmendmentKind kind) =>
        new(Id, kind, new(hash, 0), "reporter", null, SmtpReply.None(""), null, "ip1", "google", 7)
        { SentBy = Facts.SentBy };

    private sealed record NotYetInvented : ILedgerEvent
    {
        public DateTimeOffset At => Noon;
        public IEnumerable<MessageId> Touched() => [Id];
        public ILedgerEvent Of(MessageId id) => this;
    }
}
