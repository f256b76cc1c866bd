using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Inbound;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Inbound;

public abstract class InboundStoreTests(StorePlace place) : StoreTests(place), IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MessageId Message = new(Submission(1), 2);
    private InboundStore _store = null!;

    private InboundStore Open() => new(Place.Database("returned.db"), 1_000_000);

    public Task InitializeAsync()
    {
        _store = Open();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    private static NewInboundMail Came(string text, int minute = 0, ReturnDoor door = ReturnDoor.ReturnPath) => new(
        Noon.AddMinutes(minute), door, new("b+x@bounce.test", "", "mx.test", "192.0.2.1"),
        door == ReturnDoor.ReturnPath ? Message : null, door == ReturnDoor.Feedback ? "yahoo" : null,
        Encoding.UTF8.GetBytes(text));

    private static InboundReading Read(
        InboundOutcome outcome, BounceReason? reason = null, string version = "v1", string? type = null) => new(
        outcome, Message, "acme",
        new(type is null ? BounceKind.Bounce : BounceKind.Feedback, type, reason, "rule", version),
        "mx.test", false, "spf=pass", null);

    private static readonly ReturnDoor[] All = Enum.GetValues<ReturnDoor>();

    private async Task<long[]> Add(params NewInboundMail[] mails)
    {
        var ids = new List<long>();
        foreach (var mail in mails) ids.AddRange(await _store.Add([mail], None));
        return [.. ids];
    }

    [Fact]
    public async Task A_mail_whose_sender_has_gone_is_counted_as_it_is_stored()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.Add([Came("one")], new(canceled: true)));

        for (var i = 0; i < 250 && _store.Waiting == 0; i++) await Task.Delay(20);

        Assert.Equal(1, _store.Waiting);
    }

    private async Task Conclude(params (long Id, InboundReading Reading)[] readings)
    {
        foreach (var (id, reading) in readings) await _store.Conclude((await _store.Find(id, None))!, reading, None);
    }

    [Fact]
    public async Task A_mail_is_kept_octet_for_octet_and_waits_through_a_restart_until_it_is_read()
    {
        var text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"Zeile {i} ✉\r\n"));
        var id = (await Add(Came(text)))[0];
        await _store.DisposeAsync();
        _store = Open();

        var due = Assert.Single(await _store.Due(All, Noon, 10, None));
        Assert.Equal((id, Message, 1L), (due.Id, due.Reading.Message, _store.Waiting));
        Assert.Equal(text, Encoding.UTF8.GetString((await _store.Body(id, None))!));

        await Conclude((id, Read(InboundOutcome.Recorded, BounceReason.UnknownUser)));
        Assert.Empty(await _store.Due(All, Noon, 10, None));
        Assert.Equal(0, _store.Waiting);
        Assert.Equal(Read(InboundOutcome.Recorded, BounceReason.UnknownUser), (await _store.Find(id, None))!.Reading);
    }

    [Fact]
    public async Task One_that_is_put_off_comes_again_at_its_time()
    {
        var id = (await Add(Came("x")))[0];

        await _store.Postpone(id, Noon.AddMinutes(5), "the journal does not answer", None);

        Assert.Empty(await _store.Due(All, Noon.AddMinutes(4), 10, None));
        var due = Assert.Single(await _store.Due(All, Noon.AddMinutes(5), 10, None));
        Assert.Equal((1, "the journal does not answer"), (due.Tries, due.Reading.Detail));
    }

    [Fact]
    public async Task Other_rules_read_again_what_was_not_understood_and_only_that()
    {
        var ids = await Add(Came("a"), Came("b"), Came("c"), Came("d"));
        await Conclude(
            (ids[0], Read(InboundOutcome.Unclear)),
            (ids[1], Read(InboundOutcome.Recorded, BounceReason.Unclear)),   // A bounce whose words say nothing.
            (ids[2], Read(InboundOutcome.Recorded, BounceReason.UnknownUser)),
            (ids[3], Read(InboundOutcome.Unclear, version: "v2")));

        Assert.Equal(2, await _store.RereadUnclear("v2", 10, Noon, None));

        Assert.Equal([ids[0], ids[1]], (await _store.Due(All, Noon, 10, None)).Select(m => m.Id).Order());
        Assert.Equal(2, _store.Waiting);
        Assert.False(await _store.Reread((await _store.Find(ids[0], None))!, Noon, None));   // It waits already.
        Assert.True(await _store.Reread((await _store.Find(ids[2], None))!, Noon, None));
    }

    [Theory]
    [InlineData(ReturnDoor.People)]   // Or it would be passed on a second time.
    [InlineData(ReturnDoor.Dmarc)]
    [InlineData(ReturnDoor.Tls)]
    public async Task What_no_rule_is_about_is_not_read_again(ReturnDoor door)
    {
        var id = (await Add(Came("m", 0, door)))[0];
        await Conclude((id, Read(InboundOutcome.PassedOn)));

        Assert.False(await _store.Reread((await _store.Find(id, None))!, Noon, None));
        Assert.Equal(InboundOutcome.PassedOn, (await _store.Find(id, None))!.Reading.Outcome);
    }

    [Fact]
    public async Task Lists_narrow_and_have_pages_newest_first()
    {
        var ids = await Add([.. Enumerable.Range(0, 5).Select(i => Came($"m{i}", i))]);
        await Conclude((ids[1], Read(InboundOutcome.Unclear)), (ids[3], Read(InboundOutcome.Unclear)));

        var unclear = await _store.List(new() { Outcome = InboundOutcome.Unclear, Tenant = "acme" }, null, 10, None);
        var page = await _store.List(new() { Message = Message }, ids[3], 2, None);

        Assert.Equal([ids[3], ids[1]], unclear.Select(m => m.Id));
        Assert.Equal([ids[2], ids[1]], page.Select(m => m.Id));
        Assert.Empty(await _store.List(new() { Tenant = "zeta" }, null, 10, None));
        Assert.Equal([ids[2]], (await _store.List(
            new() { From = Noon.AddMinutes(2), To = Noon.AddMinutes(3) }, null, 10, None)).Select(m => m.Id));
    }

    [Fact]
    public async Task A_loop_is_what_its_reports_were()
    {
        var ids = await Add([.. Enumerable.Range(0, 4).Select(i => Came("r", i, ReturnDoor.Feedback))]);
        await Conclude(
            (ids[0], Read(InboundOutcome.Recorded, type: "abuse")), (ids[1], Read(InboundOutcome.Recorded, type: "opt-out")),
            (ids[2], Read(InboundOutcome.Unattributed, type: "abuse")), (ids[3], Read(InboundOutcome.Repeat, type: "abuse")));

        var loop = Assert.Single(await _store.Loops(Noon, null, None));
        Assert.Equal(new("yahoo", 4, 1, 1, 1, Noon.AddMinutes(3)), loop);
        Assert.Empty(await _store.Loops(Noon.AddMinutes(4), null, None));
    }

    [Fact]
    public async Task Old_mails_go_with_their_octets_but_not_what_waits()
    {
        var ids = await Add([.. Enumerable.Range(0, 700).Select(i => Came("old", i % 60))]);
        await Conclude([.. ids.Skip(1).Select(id => (id, Read(InboundOutcome.Noted)))]);

        Assert.Equal(699, await _store.Prune(Noon.AddDays(1), None));

        Assert.Null(await _store.Body(ids[1], None));
        Assert.NotNull(await _store.Body(ids[0], None));
        Assert.Equal(1, Place.Count("returned.db", "bodies"));
    }

    [Fact]
    public async Task One_mail_to_several_addresses_is_stored_once_and_goes_with_the_last_of_them()
    {
        var ids = await _store.Add([Came("x", 0, ReturnDoor.Feedback), Came("x", 5)], None);
        Assert.Equal(1, Place.Count("returned.db", "bodies"));
        await Conclude((ids[0], Read(InboundOutcome.Noted)), (ids[1], Read(InboundOutcome.Noted)));

        Assert.Equal(1, await _store.Prune(Noon.AddMinutes(5), None));
        Assert.NotNull(await _store.Body(ids[1], None));
        Assert.Equal(1, await _store.Prune(Noon.AddMinutes(6), None));
        Assert.Equal(0, Place.Count("returned.db", "bodies"));
    }

    [Fact]
    public async Task What_waits_is_counted_once_and_as_it_is_after_a_start()
    {
        var ids = await Add(Came("a"), Came("b", 1), Came("c", 2, ReturnDoor.People));
        await Conclude((ids[0], Read(InboundOutcome.Unclear)), (ids[2], Read(InboundOutcome.Noted)));
        await Conclude((ids[0], Read(InboundOutcome.Recorded)));   // Nobody waits for that any more.
        Assert.Equal(1, _store.Waiting);
        Assert.Equal(InboundOutcome.Unclear, (await _store.Find(ids[0], None))!.Reading.Outcome);
        Assert.Equal(1, await _store.RereadUnclear("v2", 9, Noon, None));

        await _store.DisposeAsync();
        _store = Open();

        Assert.Equal(2, _store.Waiting);
    }

    [Fact]
    public async Task Where_nothing_has_been_summed_up_yet_it_is_counted_at_the_start()
    {
        var ids = await Add(Came("a"), Came("b", 1));
        await Conclude((ids[0], Read(InboundOutcome.Noted)));
        await _store.DisposeAsync();
        using (var before = Place.Open("returned.db"))
        {
            var bytes = before.Scalar("SELECT bytes FROM sums");
            before.Run("DELETE FROM sums");

            _store = Open();

            Assert.Equal((1L, bytes), (_store.Waiting, before.Scalar("SELECT bytes FROM sums")));
        }
    }

    [Fact]
    public async Task Over_half_of_its_octets_only_return_paths_take_more_and_over_all_of_them_nobody()
    {
        var chance = new byte[450_000];
        new Random(7).NextBytes(chance);   // Nothing to compress.
        Assert.True(_store.HasRoom(ReturnDoor.Feedback));

        var id = (await Add(Came("") with { Bytes = chance }, Came("") with { Bytes = chance }))[0];
        Assert.Equal((false, true), (_store.HasRoom(ReturnDoor.People), _store.HasRoom(ReturnDoor.ReturnPath)));
        await Add(Came("") with { Bytes = chance });
        Assert.False(_store.HasRoom(ReturnDoor.ReturnPath));

        await _store.DisposeAsync();
        _store = Open();
        Assert.False(_store.HasRoom(ReturnDoor.ReturnPath));
        await Conclude((id, Read(InboundOutcome.Noted)));
        await _store.Prune(Noon.AddDays(1), None);
        Assert.True(_store.HasRoom(ReturnDoor.ReturnPath));
    }
}

public sealed class InboundStoreOnSqlite() : InboundStoreTests(new SqlitePlace());

public sealed class InboundStoreOnPostgres() : InboundStoreTests(new PostgresPlace());
