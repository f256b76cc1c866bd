using AkkaMail.Core.Messages;
using AkkaMail.Storage.Idempotency;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Idempotency;

public abstract class IdempotencyTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Core.Ids.Hash128 Key = Hash("key");
    private readonly FixedTime _time = new(Noon.AddHours(1));
    private readonly IdempotencyStore _store;

    protected IdempotencyTests(StorePlace place) : base(place) => _store = new(Place.Database("idempotency.db"), _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.DisposeAsync().AsTask();

    [Fact]
    public async Task A_key_stands_for_all_that_came_with_it_and_says_when_the_first_was_to_go()
    {
        var first = Accepted(1, sendAt: Noon.AddMinutes(5)) with { Key = new(Key, Hash("request"), 2) };
        await _store.Follow(0, Numbered(1, Accept(first, Accepted(2))), None);

        Assert.Equal(
            new(Submission(1), Hash("request"), Noon.AddMinutes(5)) { Count = 2 }, await _store.Find(Key, None));
        Assert.Null(await _store.Find(Hash("another"), None));
    }

    [Fact]
    public async Task What_was_to_go_before_it_was_accepted_went_at_once()
    {
        await _store.Follow(0, Numbered(1, Accept(Accepted(1, key: Key, sendAt: Noon))), None);

        Assert.Null((await _store.Find(Key, None))!.SendAt);
    }

    [Fact]
    public async Task Keys_and_place_are_stored_together_and_an_event_that_comes_again_is_skipped()
    {
        await _store.Follow(0, Numbered(1, Accept(Accepted(1)), Accept(Accepted(2, key: Key))), None);
        Assert.Equal((2, 0), (await _store.PlaceOf(0, None), await _store.PlaceOf(1, None)));

        await _store.Follow(0, Numbered(2, Accept(Accepted(3, key: Key))), None);   // Another event 2 than it has had.

        Assert.Equal((2, Submission(2)), (await _store.PlaceOf(0, None), (await _store.Find(Key, None))!.Submission));
    }

    [Fact]
    public async Task An_older_use_never_replaces_a_newer_whichever_ledger_is_read_first()
    {
        await _store.Follow(1, Numbered(1, new SubmissionsAccepted(Noon.AddHours(1), [Accepted(2, key: Key)])), None);
        await _store.Follow(0, Numbered(1, Accept(Accepted(1, key: Key))), None);

        Assert.Equal(Submission(2), (await _store.Find(Key, None))!.Submission);
    }

    [Fact]
    public async Task It_is_known_for_24_hours()
    {
        await _store.Follow(0, Numbered(1, Accept(Accepted(1, key: Key))), None);

        Assert.Equal(0, await _store.Prune(Noon.AddHours(24), None));
        Assert.Equal(1, await _store.Prune(Noon.AddHours(24).AddTicks(1), None));
        Assert.Null(await _store.Find(Key, None));
    }

    [Fact]
    public async Task What_is_over_concerns_nobody_and_is_not_written()
    {
        var (reactor, used) = (_store.ToReactor(), Accept(Accepted(1, key: Key)));
        Assert.True(reactor.Concerns(used));
        Assert.False(reactor.Concerns(Accept(Accepted(1))));

        _time.Now = Noon.AddHours(24);

        Assert.False(reactor.Concerns(used));
        await _store.Follow(0, Numbered(1, used), None);   // As it is, in a batch with a newer one.
        Assert.Equal((1, null), (await _store.PlaceOf(0, None), await _store.Find(Key, None)));
    }
}

public sealed class IdempotencyOnSqlite() : IdempotencyTests(new SqlitePlace());

public sealed class IdempotencyOnPostgres() : IdempotencyTests(new PostgresPlace());
