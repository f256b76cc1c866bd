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

public abstract class ProjectionTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ReadModel _model;

    protected ProjectionTests(StorePlace place) : base(place) => _model = new(Place.Database("read.db"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _model.DisposeAsync().AsTask();

    [Fact]
    public async Task A_story_is_what_Core_tells_however_the_history_is_cut()
    {
        await Gen.Select(Histories.Random, Gen.Int[1, 7]).SampleAsync(async (events, size) =>
        {
            Place.EmptyReadModel();
            var numbered = Numbered(1, events);
            foreach (var batch in numbered.Chunk(size)) await _model.Project(0, [.. batch], None);

            foreach (var id in Ids(events))
                Assert.Equal(Text(Story.Continue(null, id, numbered)), Text(await _model.Find(id, None)));
            var counters = await _model.Counters(None);
            Assert.All(counters, stream => Assert.True(stream.IsComplete));
            Assert.Equal(Ids(events).Count(), counters.Sum(c => c.Accepted));
        }, iter: 60, threads: 1);
    }

    [Fact]
    public async Task Each_line_has_a_number_without_gaps_its_place_and_its_state_the_same_however_the_history_is_cut()
    {
        await Gen.Select(Histories.Random, Gen.Int[1, 7]).SampleAsync(async (events, size) =>
        {
            Place.EmptyReadModel();
            await _model.Project(0, Numbered(1, events), None);
            var whole = Rows();

            foreach (var story in await Stories(events))
            {
                Assert.Equal(Enumerable.Range(1, story.Events.Length), story.Events.Select(e => e.Sequence));
                Assert.Equal((story.Events.Length, story.Message.Status), (story.Message.Sequence, story.Events[^1].State));
                Assert.Distinct(story.Events.Select(e => e.IdIn(story.Message.Id)));
            }
            Place.EmptyReadModel();
            foreach (var batch in Numbered(1, events).Chunk(size)) await _model.Project(0, [.. batch], None);

            Assert.Equal(whole, Rows());
        }, iter: 60, threads: 1);
    }

    /// <summary>The feed: every line in the order of its recording, with all its columns.</summary>
    private List<string> Rows() => Place.Database("read.db") is var db ? db.QueryNow(query => query.Query<string>($"""
        SELECT tenant || ' ' || partition || ':' || seq || '.' || place || ' '
            || {db.Text(new("hex(submission)", "encode(submission, 'hex')"))} || '-' || idx || '.' || ordinal
            || ' ' || sequence || ' ' || type || ' ' || state || ' ' || day
        FROM {db.Table("lines")} ORDER BY tenant, partition, seq, place
        """).ToList()) : [];

    private async Task<List<MessageStory>> Stories(IEnumerable<ILedgerEvent> events)
    {
        var stories = new List<MessageStory>();
        foreach (var id in Ids(events)) stories.Add((await _model.Find(id, None))!);
        return stories;
    }

    [Fact]
    public async Task A_place_is_of_the_event_and_the_day_that_of_the_recording()
    {
        var (a, b) = (new MessageId(Submission(1), 0), new MessageId(Submission(1), 1));
        await _model.Project(3, Numbered(1, Accept(Accepted(1, 2)), Started(a, b),
            new MessagesAmended(Noon.AddDays(40), [Amendment(a), Amendment(a), Amendment(b), Amendment(a, report: 1)])), None);

        var feed = Rows().Select(row => string.Join(' ', row.Split(' ').Where((_, i) => i is 1 or 3 or 4 or 5)));
        Assert.Equal(
        [
            "3:1.0 1 accepted 1", "3:1.1 1 accepted 1", "3:2.0 2 attempt 3", "3:2.1 2 attempt 3", "3:3.0 3 bounced_late 3",
            "3:3.2 3 bounced_late 3", "3:3.3 4 bounced_late 3",   // What was told has its place, and no line.
        ], feed);
        var day = DateOnly.FromDateTime(Noon.UtcDateTime).DayNumber;
        Assert.Equal([day, day, day, day, day + 40, day + 40, day + 40], Rows().Select(row => int.Parse(row.Split(' ')[^1],
            System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal([$"{a}.1", $"{a}.2", $"{a}.3", $"{a}.3.1"], (await _model.Find(a, None))!.Events.Select(e => e.IdIn(a)));
    }

    [Fact]
    public async Task A_message_tells_how_its_last_attempt_went_and_what_came_back()
    {
        var id = new MessageId(Submission(1), 0);
        await _model.Project(0, Numbered(1, Accept(Accepted(1)), Started(id)), None);
        var before = (await _model.Find(id, None))!.Message;
        var refused = Attempt(new(id, 1), SmtpReply.Parse(550, "5.1.1 user unknown"));
        await _model.Project(0, Numbered(3,
            new AttemptsConcluded(Noon, [new(refused, MessageStatus.Bounced, null, "permanent", Shop)])), None);
        await _model.Project(0, Numbered(4, Amended(Amendment(id, AmendmentKind.Complaint), Amendment(id, report: 1))), None);
        var after = (await _model.Find(id, None))!.Message;

        Assert.Equal((Via.Waiting, null, null, MessageFlags.None), (before.Provider, before.Source, before.Reason, before.Flags));
        Assert.Equal(("google", "192.0.2.9", BounceReason.UnknownUser, MessageFlags.Complained | MessageFlags.BouncedLate),
            (after.Provider, after.Source, after.Reason, after.Flags));
        Assert.Equal(5, after.Sequence);
    }

    [Fact]
    public async Task The_same_batch_twice_changes_nothing()
    {
        var id = new MessageId(Submission(1), 0);
        var batch = Numbered(1, Accept(Accepted(1)), Started(id), Concluded(MessageStatus.Delivered, id));
        await _model.Project(0, batch, None);
        var before = await Everything(_model);

        await _model.Project(0, batch, None);

        Assert.Equal(before, await Everything(_model));
        Assert.Equal(3, await _model.PlaceOf(0, None));
        Assert.Equal(0, await _model.PlaceOf(1, None));
    }

    [Fact]
    public async Task A_batch_that_overlaps_goes_on_from_the_offset()
    {
        var id = new MessageId(Submission(1), 0);
        var all = Numbered(1, Accept(Accepted(1)), Started(id), Concluded(MessageStatus.Delivered, id));

        await _model.Project(0, all[..2], None);
        await _model.Project(0, all, None);

        var story = await _model.Find(id, None);
        Assert.Equal(["accepted", "attempt", "delivered"], story!.Events.Select(e => e.Type));
    }

    [Fact]
    public async Task A_gap_throws_and_stores_nothing()
    {
        await Assert.ThrowsAsync<StoreException>(() => _model.Project(0, Numbered(2, Accept(Accepted(1))), None));

        Assert.Equal(0, Place.Count("read.db", "messages"));
        Assert.Empty(await _model.Offsets(None));
    }

    [Fact]
    public async Task An_event_of_an_unknown_message_throws_and_harms_no_other_partition()
    {
        var lost = new MessageId(Submission(9), 0);

        var bad = _model.Project(0, Numbered(1, Started(lost)), None);
        var good = _model.Project(1, Numbered(1, Accept(Accepted(1, partition: 1))), None);

        var failure = await Assert.ThrowsAsync<StoreException>(() => bad);
        await good;
        Assert.Contains(lost.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _model.PlaceOf(0, None));
        Assert.Equal(1, await _model.PlaceOf(1, None));
    }

    [Fact]
    public async Task Partitions_share_commits()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(p =>
            _model.Project(p, Numbered(1, Accept(Accepted(p, partition: p))), None)));

        Assert.InRange(_model.Commits, 1, 32);
        Assert.Equal(64, (await _model.Offsets(None)).Count);
    }

    [Fact]
    public async Task A_message_has_its_recipients_domain_and_no_site_before_an_attempt_has_told_it()
    {
        var id = new MessageId(Submission(1), 0);
        var news = Accepted(1, tags: ["a"], sendAt: Noon.AddHours(1));
        news = news with { Facts = news.Facts with { Kind = StreamKind.Broadcast, Sender = "acme.test" } };
        await _model.Project(0, Numbered(1, Accept(news), Started(id)), None);
        var before = (await _model.Find(id, None))!.Message;
        var told = Attempt(new(id, 1), SmtpReply.Parse(451, "later")) with { Site = "mx.site0" };
        var lost = told with { Site = "site0", End = AttemptEnd.NotStarted, Step = SmtpStep.None };
        ILedgerEvent Deferred(Attempt attempt) =>
            new AttemptsConcluded(Noon.AddMinutes(1), [new(attempt, MessageStatus.Deferred, Noon.AddMinutes(5), "rule", Shop)]);
        await _model.Project(0, Numbered(3, Deferred(told), Started(id)), None);
        await _model.Project(0, Numbered(5, Deferred(lost)), None);
        var after = (await _model.Find(id, None))!.Message;

        Assert.Equal(("site0", null), (before.Domain, before.Site));
        Assert.Equal(("site0", "mx.site0"), (after.Domain, after.Site));
        Assert.Equal(news.Facts with { Tags = after.Facts.Tags }, after.Facts);
        Assert.Equal(["a"], after.Facts.Tags.ToArray());
    }

    [Fact]
    public async Task Words_in_any_script_come_back()
    {
        var id = new MessageId(Submission(1), 0);
        var accepted = Accepted(1, tenant: "фирма", stream: "новости", tags: ["日本", "a\"b"]);
        var reply = new AttemptsConcluded(Noon, [Conclusion(id, MessageStatus.Bounced, text: "5.1.1 почты нет 🎉")]);

        await _model.Project(0, Numbered(1, Accept(accepted), reply), None);

        var story = (await _model.Find(id, None))!;
        Assert.Equal(("фирма", "новости"), (story.Message.Facts.Tenant, story.Message.Facts.Stream));
        Assert.Equal(["日本", "a\"b"], story.Message.Facts.Tags.ToArray());
        Assert.Equal("5.1.1 почты нет 🎉", story.Events[1].Outcome!.Reply.Text);
    }

    [Fact]
    public async Task A_locked_model_fails_clearly_and_recovers_by_itself()
    {
        var batch = Numbered(1, Accept(Accepted(1)));
        using (Place.Lock("read.db"))
            await Assert.ThrowsAsync<StoreException>(() => _model.Project(0, batch, None));

        await _model.Project(0, batch, None);

        Assert.Equal(1, await _model.PlaceOf(0, None));
    }
}

public sealed class ProjectionOnSqlite() : ProjectionTests(new SqlitePlace());

public sealed class ProjectionOnPostgres() : ProjectionTests(new PostgresPlace());
