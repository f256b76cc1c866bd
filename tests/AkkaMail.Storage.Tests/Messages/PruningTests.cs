using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Messages;
using CsCheck;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>What goes by time: messages after 90 days, lines after 30, and never what has not ended.</summary>
public abstract class PruningTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MessageId Id = new(Submission(1), 0), Alive = new(Submission(2), 0);
    private readonly FixedTime _time = new(Noon.AddHours(1));
    private readonly ReadModel _model;

    protected PruningTests(StorePlace place) : base(place) => _model = new(Place.Database("read.db"), MessageRetention.Default, _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _model.DisposeAsync().AsTask();

    /// <summary>One message was delivered at noon, with a tag; another is still on its way.</summary>
    private static readonly ImmutableArray<NumberedEvent> Journal = Numbered(1,
        Accept(Accepted(1, tags: ["a"]), Accepted(2, tags: ["a"])), Started(Id, Alive),
        Concluded(MessageStatus.Delivered, Id), Concluded(MessageStatus.Deferred, Alive));

    /// <summary>As the hourly round does it, on that day.</summary>
    private async Task<(long Lines, long Messages, long Told)> PruneOn(double day)
    {
        _time.Now = Noon.AddDays(day);
        return (await _model.PruneLines(_time.Now, None), await _model.PruneMessages(_time.Now, None),
            await _model.PruneTold(_time.Now, None));
    }

    private static MessagesAmended Complaint(double day, int report = 0) => new(
        Noon.AddDays(day), [Amendment(Id, AmendmentKind.Complaint, report)]);

    private async Task<(long Complained, int OnTheirDay)> Complaints() => (
        (await _model.Counters(None)).Sum(c => c.Amended.GetValueOrDefault(AmendmentKind.Complaint)),
        (await _model.Outcomes(DateOnly.FromDateTime(Noon.UtcDateTime), null, None)).Sum(o => o.Complaints));

    [Fact]
    public async Task Lines_go_with_the_day_of_their_recording_and_the_story_says_that_it_is_not_whole()
    {
        await _model.Project(0, Journal, None);
        await _model.Project(0, Numbered(5, Complaint(2)), None);

        Assert.Equal((0, 0, 0), await PruneOn(30.4));   // Of that day the last line would be a minute short.
        Assert.True((await _model.Find(Id, None))!.IsWhole);
        Assert.Equal((3, 0, 0), await PruneOn(31));

        var story = (await _model.Find(Id, None))!;
        Assert.Equal((false, MessageStatus.Delivered, 4), (story.IsWhole, story.Message.Status, story.Message.Sequence));
        Assert.Equal([("complained", 4)], story.Events.Select(e => (e.Type, e.Sequence)));
        Assert.Equal((1, 0, 0), await PruneOn(33));
        Assert.Empty((await _model.Find(Id, None))!.Events);
    }

    [Fact]
    public async Task What_has_not_ended_keeps_its_whole_story_and_once_it_has_ended_the_days_of_its_end()
    {
        await _model.Project(0, Journal, None);

        Assert.Equal((3, 1, 0), await PruneOn(100));
        Assert.True((await _model.Find(Alive, None))!.IsWhole);
        Assert.Equal(1, Place.Count("read.db", "tags"));

        await _model.Project(0, Numbered(5, Ended(MessageStatus.Expired, _time.Now, Alive)), None);
        Assert.Equal([("expired", 4)], (await _model.Find(Alive, None))!.Events.Select(e => (e.Type, e.Sequence)));
        Assert.Equal((0, 0, 0), await PruneOn(129));
        Assert.Equal((1, 1, 0), await PruneOn(131));
        Assert.Null(await _model.Find(Alive, None));
        Assert.Equal((0, 0), (Place.Count("read.db", "tags"), Place.Count("read.db", "lines")));
    }

    [Fact]
    public async Task A_message_goes_with_lines_and_tags_and_the_counters_stay()
    {
        await _model.Project(0, Journal, None);
        var before = await _model.Counters(None);

        await PruneOn(89.9);
        Assert.NotNull(await _model.Find(Id, None));
        Assert.Equal(1, (await PruneOn(90.1)).Messages);

        Assert.Null(await _model.Find(Id, None));
        Assert.Equal([Alive], (await _model.List(new("acme", Tag: "a"), None)).Messages.Select(m => m.Id));
        Assert.Equal(Text(before), Text(await _model.Counters(None)));
    }

    [Fact]
    public async Task Many_go_in_steps_past_what_has_to_stay()
    {
        AcceptedSubmission[] all = [.. Enumerable.Range(0, 700).Select(n => Accepted(n))];
        MessageId[] ended = [.. all.Where((_, i) => i % 7 != 0).Select(s => new MessageId(s.Id, 0))];
        await _model.Project(0, Numbered(1, Accept(all), Concluded(MessageStatus.Delivered, ended)), None);

        Assert.Equal((1_200, 600, 0), await PruneOn(91));

        Assert.Equal(100, (await _model.List(new(Limit: 500), None)).Messages.Count);
        Assert.Equal(100, Place.Count("read.db", "lines"));
    }

    [Fact]
    public async Task A_report_about_a_message_that_is_gone_harms_nobody_and_counts_nowhere_after_its_time()
    {
        await _model.Project(0, Journal, None);
        await PruneOn(95);

        await _model.Project(0, Numbered(5, Complaint(95), Concluded(MessageStatus.Deferred, Alive)), None);

        Assert.Equal(6, await _model.PlaceOf(0, None));
        Assert.Null(await _model.Find(Id, None));
        Assert.Equal((0, 0), await Complaints());
    }

    [Fact]
    public async Task A_report_is_told_once_also_after_its_message_has_gone_and_that_is_known_for_30_days()
    {
        await _model.Project(0, Journal, None);
        await _model.Project(0, Numbered(5, Complaint(80)), None);
        await PruneOn(91);

        await _model.Project(0, Numbered(6, Complaint(89), Complaint(89.5, report: 1)), None);   // The journal came late.

        Assert.Equal((1, 1), await Complaints());
        Assert.Equal(0, (await PruneOn(119)).Told);
        Assert.Equal(2, (await PruneOn(121)).Told);
    }

    [Fact]
    public async Task A_rebuild_of_an_old_journal_brings_back_figures_and_what_lives_and_nothing_that_was_over()
    {
        await _model.Project(0, Journal, None);
        await _model.Project(0, Numbered(5, Complaint(2), Complaint(2), Complaint(95, report: 1)), None);
        await PruneOn(100);
        var (kept, figures) = (await Everything(_model), await Complaints());

        foreach (var size in new[] { 1, 3, 9 })
        {
            Place.EmptyReadModel();
            foreach (var batch in Journal.AddRange(Numbered(5, Complaint(2), Complaint(2), Complaint(95, report: 1))).Chunk(size))
                await _model.Project(0, [.. batch], None);

            Assert.Equal(kept, await Everything(_model));
            Assert.Equal(figures, await Complaints());
            Assert.Equal((1, 3, 1), (Place.Count("read.db", "messages"), Place.Count("read.db", "lines"),
                Place.Count("read.db", "tags")));
        }
        Assert.Equal((1, 1), figures);
    }

    [Fact]
    public async Task An_event_of_what_a_rebuild_has_passed_over_is_passed_over_and_of_what_never_was_it_is_a_fault()
    {
        _time.Now = Noon.AddDays(100);
        await _model.Project(0, Journal, None);

        await _model.Project(0, Numbered(5, Started(Id)), None);   // No ledger does that.

        Assert.Equal(5, await _model.PlaceOf(0, None));
        _time.Now = Noon.AddDays(80);
        await Assert.ThrowsAsync<Core.Mail.StoreException>(() => _model.Project(0, Numbered(6, Started(Id)), None));
    }

    [Fact]
    public async Task However_an_old_history_is_cut_a_rebuild_has_what_is_left_of_it()
    {
        await Gen.Select(Histories.Random, Gen.Int[1, 7], Gen.Int[20, 130]).SampleAsync(async (random, size, day) =>
        {
            var events = WithoutLateComers(random);
            _time.Now = Noon;
            Place.EmptyReadModel();
            await _model.Project(0, Numbered(1, events), None);
            await PruneOn(day);
            var kept = await Everything(_model);

            Place.EmptyReadModel();
            foreach (var batch in Numbered(1, events).Chunk(size)) await _model.Project(0, [.. batch], None);

            Assert.Equal(kept, await Everything(_model));
            Assert.Equal((0, 0), ((await PruneOn(day)).Lines, (await PruneOn(day)).Messages));
        }, iter: 60, threads: 1);
    }
}

public sealed class PruningOnSqlite() : PruningTests(new SqlitePlace());

