using System.Data.Common;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using static AkkaMail.Storage.Tests.Content.Mails;

namespace AkkaMail.Storage.Tests.Content;

public abstract class FaultTests(StorePlace place) : StoreTests(place)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_locked_store_fails_clearly_and_recovers_by_itself()
    {
        await using var store = new ContentStore(Place.Database("content.db"));
        await store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, None);

        using (Place.Lock("content.db"))
            await Assert.ThrowsAsync<StoreException>(() =>
                store.Write(Tenant, Saying("b"), Envelope("b@example.com"), Later, None));
        var id = await store.Write(Tenant, Saying("c"), Envelope("c@example.com"), Later, None);

        Assert.Equal("c@example.com", Address(await store.Read(id, 0, None)));
        Assert.Equal(2, Place.Count("content.db", "envelopes"));
    }

    [Fact]
    public async Task A_write_beyond_the_waiting_ones_fails_at_once()
    {
        await using var store = new ContentStore(Place.Database("content.db"), new() { WaitingMax = 1, BatchMax = 1 });
        Task[] writes;

        using (Place.Lock("content.db"))
        {
            writes = [.. Enumerable.Range(0, 5).Select(i =>
                (Task)store.Write(Tenant, Saying($"{i}"), Envelope("a@example.com"), Later, None))];
            // One is tried, one waits; the others have failed before the first could.
            Assert.InRange(writes.Count(write => write.IsFaulted), 3, 4);
        }
        await Task.WhenAny(Task.WhenAll(writes));

        var id = await store.Write(Tenant, Saying("c"), Envelope("c@example.com"), Later, None);
        Assert.NotNull(await store.Read(id, 0, None));
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused_at_once()
    {
        await using var store = new ContentStore(Place.Database("content.db"), new() { WaitingBytesMax = 1_000 });
        var chance = new byte[2_000];
        new Random(7).NextBytes(chance);   // Nothing to pack.

        await Assert.ThrowsAsync<StoreException>(() =>
            store.Write(Tenant, Saying(Convert.ToHexString(chance)), Envelope("a@example.com"), Later, None));

        await store.Write(Tenant, Saying("x"), Envelope("a@example.com"), Later, None);
    }

    [Fact]
    public async Task A_poisoned_write_fails_alone()
    {
        var file = Place.Database("loop.db");
        file.Migrate(Steps("CREATE TABLE t (a INTEGER PRIMARY KEY)"));
        await using var loop = new WriterLoop<LoopSession>(
            "test", file, db => new(db), new(100, 100, long.MaxValue, long.MaxValue));
        using var gate = new ManualResetEventSlim();

        var first = loop.Run(_ => gate.Wait(TimeSpan.FromSeconds(10)));
        var writes = new[] { 1, 2, 2, 3 }.Select(a => loop.Run(session => session.Add(a))).ToArray();
        gate.Set();

        await first;
        var failure = await Assert.ThrowsAsync<StoreException>(() => Task.WhenAll(writes));
        Assert.Contains("unique", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([false, false, true, false], writes.Select(write => write.IsFaulted));
        Assert.Equal(3, Place.Count("loop.db", "t"));
    }

    [Fact]
    public async Task A_closed_store_refuses()
    {
        var store = new ContentStore(Place.Database("content.db"));
        await store.DisposeAsync();

        await Assert.ThrowsAsync<StoreException>(() =>
            store.Write(Tenant, Saying("a"), Envelope("a@example.com"), Later, None));
    }

    [Fact]
    public void A_file_of_a_later_version_is_not_touched()
    {
        var file = Place.Database("v.db");
        file.Migrate(Steps("CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER)"));

        file.Migrate(Steps("CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER)", "CREATE TABLE c (x INTEGER)"));

        Assert.Equal(0, Place.Count("v.db", "c"));
        Assert.Throws<InvalidDataException>(() => file.Migrate(Steps("CREATE TABLE a (x INTEGER)")));
    }

    private static Schema Steps(params IEnumerable<string> steps) => new([.. steps.Select(s => new Dialects(s, s))]);

    private sealed class LoopSession : Session
    {
        private readonly DbCommand _add;

        public LoopSession(Database database) : base(database) => _add = Prepare("INSERT INTO t VALUES (@a)", "@a");

        public int Add(int a) => Bind(_add, a).ExecuteNonQuery();
    }
}

public sealed class FaultOnSqlite() : FaultTests(new SqlitePlace());

public sealed class FaultOnPostgres() : FaultTests(new PostgresPlace());
