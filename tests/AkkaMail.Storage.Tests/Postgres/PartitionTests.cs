using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Postgres;

/// <summary>What is over goes as a partition, and what lives is seen to first.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MessageId Id = new(Submission(1), 0), Alive = new(Submission(2), 0);
    private readonly PostgresPlace _place = new();
    private readonly FixedTime _time = new(Noon.AddHours(1));
    private ReadModel _model = null!;

    public Task InitializeAsync()
    {
        _model = new(_place.Database("read.db"), MessageRetention.Default, _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _model.DisposeAsync();
        _place.Dispose();
    }

    /// <summary>One message was delivered at noon, with a tag; another is still on its way.</summary>
    private static readonly ImmutableArray<NumberedEvent> Journal = Numbered(1,
        Accept(Accepted(1, tags: ["a"]), Accepted(2, tags: ["a"])), Started(Id, Alive),
        Concluded(MessageStatus.Delivered, Id), Concluded(MessageStatus.Deferred, Alive));

    private async Task<(long Lines, long Messages)> PruneOn(double day)
    {
        _time.Now = Noon.AddDays(day);
        return (await _model.PruneLines(_time.Now, None), await _model.PruneMessages(_time.Now, None));
    }

    [Fact]
    public async Task A_day_of_lines_goes_and_what_has_not_ended_keeps_its_story()
    {
        await _model.Project(0, Journal, None);

        Assert.Equal((0, 0), await PruneOn(30.4));
        Assert.Equal((1, 0), await PruneOn(31));

        Assert.Empty((await _model.Find(Id, None))!.Events);
        Assert.Equal(["accepted", "attempt", "deferred"], (await _model.Find(Alive, None))!.Events.Select(e => e.Type));
        Assert.Equal((0, 0), await PruneOn(32));   // They are of today's by now.
    }

    [Fact]
    public async Task A_week_of_messages_stays_until_its_last_one_has_ended()
    {
        await _model.Project(0, Journal, None);

        Assert.Equal(0, (await PruneOn(100)).Messages);
        Assert.NotNull(await _model.Find(Id, None));

        await _model.Project(0, Numbered(5, Ended(MessageStatus.Expired, Noon.AddDays(100), Alive)), None);
        Assert.Equal(0, (await PruneOn(101)).Messages);   // As long as the lines of its end would stay.
        Assert.Equal(2, (await PruneOn(131)).Messages);   // With the tags of that week.
        Assert.Null(await _model.Find(Id, None));
        Assert.Equal(2, (await _model.Counters(None)).Sum(c => c.Accepted));

        await _model.Project(0, Numbered(6, Amended(Amendment(Id))), None);   // What comes late finds nothing, and harms nobody.
        Assert.Equal(6, await _model.PlaceOf(0, None));
    }

    [Fact]
    public async Task What_lives_in_one_week_keeps_no_later_one()
    {
        var later = Accepted(8 * 86_400);
        await _model.Project(0, Numbered(1, Accept(Accepted(2)), Accept(later), Concluded(MessageStatus.Delivered, new MessageId(later.Id, 0))), None);

        Assert.Equal(1, (await PruneOn(110)).Messages);

        Assert.Null(await _model.Find(new(later.Id, 0), None));
        Assert.NotNull(await _model.Find(Alive, None));
    }

    [Fact]
    public async Task A_round_that_was_cut_off_behind_a_dump_is_ended_by_the_next_one()
    {
        await _model.Project(0, Journal, None);
        using var dump = _place.Open("read.db");
        dump.Run("BEGIN; LOCK TABLE lines IN ACCESS SHARE MODE");
        dump.Run("SELECT * FROM lines");

        var round = PruneOn(31);
        using (var operatorConnection = _place.Open("read.db"))
            for (var i = 0; i < 500 && operatorConnection.Run("""
                DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'ALTER TABLE lines DETACH%' AND wait_event_type = 'Lock'; END $$
                """) is -1 && !round.IsCompleted; i++)
                await Task.Delay(20);
        await Assert.ThrowsAsync<StoreException>(() => round);
        dump.Run("COMMIT");

        Assert.Equal((1, 0), await PruneOn(32));
        Assert.Equal(3, (await _model.Find(Alive, None))!.Events.Length);
        Assert.Equal(0, _place.Count("read.db", "pg_inherits WHERE inhdetachpending"));
    }

    [Fact]
    public async Task A_rebuild_after_weeks_have_gone_brings_back_what_lives_and_the_figures()
    {
        await _model.Project(0, Journal, None);
        await PruneOn(100);

        _place.EmptyReadModel();
        await _model.Project(0, Journal, None);

        Assert.Null(await _model.Find(Id, None));
        Assert.NotNull(await _model.Find(Alive, None));
        Assert.Equal(2, (await _model.Counters(None)).Sum(c => c.Accepted));
    }

    private static Task<long> Write(ContentStore store, string subject, DateTimeOffset keepUntil) => store.Write(
        "acme", Content.Mails.Saying(subject), Content.Mails.Envelope("a@b.test"), keepUntil, None);

    /// <summary>Each partition that a plan opens is locked, for each mail that is read.</summary>
    [Fact]
    public async Task A_mail_is_read_in_the_partition_of_its_day_and_no_other_is_opened()
    {
        await using var store = new ContentStore(_place.Database("content.db"));
        var ids = new List<long>();
        for (var day = 0; day < 8; day++) ids.Add(await Write(store, "a", Noon.AddDays(day)));

        var plan = string.Join('\n', await store.Explain(ids[3]));

        var name = $"bodies_{Noon.AddDays(3):yyyyMMdd}";
        Assert.Equal([name], BodiesOf(plan));
        Assert.Equal("a", (await store.Read(ids[3], 0, None))!.Content.Subject);
    }

    private static IEnumerable<string> BodiesOf(string plan) =>
        Regex.Matches(plan, @"\bon (bodies_\d+)").Select(m => m.Groups[1].Value).Distinct();

    [Fact]
    public async Task What_came_from_files_is_read_and_goes_row_by_row()
    {
        var database = _place.Database("content.db");
        await using var store = new ContentStore(database, new() { EnvelopeKeptLonger = TimeSpan.FromDays(83) });
        await Write(store, "a", Noon);
        KeptSchemas.PrepareMovedContent(database);
        _place.Execute("content.db", """
            INSERT INTO bodies SELECT 7, body FROM bodies;
            INSERT INTO envelopes SELECT n, 7, keep_until, body FROM envelopes, generate_series(8, 1008) n
            """);
        long Moved(string table) => _place.Count("content.db", $"{table}_20200101");

        Assert.Equal("a", (await store.Read(8, 0, None))!.Content.Subject);
        Assert.Equal(["bodies_20200101"], BodiesOf(string.Join('\n', await store.Explain(8))));
        await store.Prune(Noon.AddDays(1), None);

        Assert.Equal((0, 1_001), (Moved("bodies"), Moved("envelopes")));
        Assert.NotNull(await store.FindRecipient(1_008, 0, None));
        await store.Prune(Noon.AddDays(84), None);
        Assert.Equal(0, Moved("envelopes"));
    }

    [Fact]
    public async Task Of_contents_a_day_goes_after_it_and_ids_never_come_back()
    {
        await using var store = new ContentStore(_place.Database("content.db"), new() { EnvelopeKeptLonger = TimeSpan.FromDays(83) });
        var today = await Write(store, "a", Noon);
        var tomorrow = await Write(store, "b", Noon.AddDays(1));

        await store.Prune(Noon.AddHours(11), None);
        Assert.NotNull(await store.Read(today, 0, None));
        await store.Prune(Noon.AddDays(1), None);

        Assert.Null(await store.Read(today, 0, None));
        Assert.NotNull(await store.Read(tomorrow, 0, None));
        Assert.NotNull(await store.FindRecipient(today, 0, None));
        Assert.True(await Write(store, "c", Noon) > today);   // Its day is made again.
    }
}
