using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Messages;
using CsCheck;
using LinqToDB.Data;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>What is counted of attempts and of what came back later, on which day, and once.</summary>
public abstract class CountingTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ReadModel _model;

    protected CountingTests(StorePlace place) : base(place) => _model = new(Place.Database("read.db"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _model.DisposeAsync().AsTask();

    [Fact]
    public async Task A_late_bounce_changes_story_and_counters_once_and_the_status_never()
    {
        var id = new MessageId(Submission(1), 0);
        await _model.Project(0, Numbered(1, Accept(Accepted(1)), Started(id), Concluded(MessageStatus.Delivered, id),
            Amended(Amendment(id), Amendment(id))), None);
        await _model.Project(0, Numbered(5, Amended(Amendment(id))), None);
        await _model.Project(0, Numbered(6, Amended(Amendment(id, report: 1))), None);   // Another report about the same.

        var story = await _model.Find(id, None);
        Assert.Equal(["accepted", "attempt", "delivered", "bounced_late", "bounced_late"], story!.Events.Select(e => e.Type));
        Assert.Equal(MessageStatus.Delivered, story.Message.Status);
        Assert.Equal(Amendment(id), story.Events[3].Amended);
        var counters = Assert.Single(await _model.Counters(None));
        Assert.Equal((1, 1, true), (counters.ByStatus[MessageStatus.Delivered],
            counters.Amended[AmendmentKind.LateBounce], counters.IsComplete));
    }

    [Fact]
    public async Task Complaints_are_counted_on_the_day_they_come_and_make_no_outcome_of_an_attempt()
    {
        var id = new MessageId(Submission(1), 0);
        await _model.Project(0, Numbered(1, Accept(Accepted(1)), Started(id), Concluded(MessageStatus.Delivered, id),
            Amended(Amendment(id, AmendmentKind.Complaint), Amendment(id, AmendmentKind.Complaint, 1), Amendment(id, report: 2))),
            None);

        var day = Assert.Single(await _model.Outcomes(DateOnly.FromDateTime(Noon.UtcDateTime), "acme", None));
        Assert.Equal((1, 1), (day.Complaints, day.Counts.Total));
        Assert.Null(await _model.LastDelivered("acme", Hash("r1-0"), None));   // It came back.
    }

    [Fact]
    public async Task A_report_about_a_message_that_a_restored_backup_does_not_have_is_passed_over()
    {
        await _model.Project(0, Numbered(1, Amended(Amendment(new(Submission(9), 0))), Accept(Accepted(1))), None);

        Assert.Equal(2, await _model.PlaceOf(0, None));
        Assert.Single((await _model.List(new(Limit: 9), None)).Messages);
    }

    [Fact]
    public async Task Attempts_are_counted_by_day_sender_and_what_the_reply_told_and_a_rebuild_counts_the_same()
    {
        var (a, b) = (From("a.test", Accepted(1)), From("b.test", Accepted(2, recipients: 2)));
        AcceptedSubmission From(string sender, AcceptedSubmission s) =>
            s with { Facts = s.Facts with { Sender = sender } };
        AttemptsConcluded Said(int day, string text, int code, params MessageId[] ids) => new(Noon.AddDays(day),
            [.. ids.Select(id => Conclusion(id, MessageStatus.Deferred, by: Shop with
            {
                Sender = id.Submission == a.Id ? "a.test" : "b.test",
            })).Select(c => c with
            {
                Attempt = Attempt(c.Attempt.Id, SmtpReply.Parse(code, text)),
            })]);
        var events = Numbered(1, Accept(a, b), Said(0, "4.7.28 too fast", 421, new MessageId(a.Id, 0)),
            Said(1, "5.1.1 user unknown", 550, new(b.Id, 0), new(b.Id, 1)), Said(1, "2.0.0 ok", 250, new MessageId(a.Id, 0)));
        async Task<List<string>> Counts() => [.. (await _model.Outcomes(new(2026, 5, 1), "acme", default))
            .SelectMany(d => Enum.GetValues<ReplyClass>().Where(c => d.Counts[c] > 0)
                .Select(c => $"{d.Day:MM-dd} {d.Sender} {c} {d.Counts[c]}")).Order()];

        await _model.Project(0, [.. events.Take(2)], default);
        await _model.Project(0, events, default);   // a is known from the batch before.
        var counts = await Counts();
        Place.EmptyReadModel();
        await _model.Project(0, events, default);

        Assert.Equal(["05-01 a.test RateLimited 1", "05-02 a.test Accepted 1", "05-02 b.test UnknownUser 2"], counts);
        Assert.Equal(counts, await Counts());
        Assert.Empty(await _model.Outcomes(new(2026, 5, 1), "zeta", default));
        await _model.PruneOutcomes(new(2026, 5, 2), default);
        Assert.Equal(counts[1..], await Counts());
    }
}

public sealed class CountingOnSqlite() : CountingTests(new SqlitePlace());

public sealed class CountingOnPostgres() : CountingTests(new PostgresPlace());
