using System.Collections.Concurrent;
using System.Data.Common;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Engagement;

/// <summary>
/// A tenant's recipient has shown life: opened, clicked, answered, bought, whatever the tenant counts as such; by
/// <paramref name="Message"/>, where it is known which mail it was.
/// </summary>
public readonly record struct Engaged(string Tenant, Hash128 Address, DateTimeOffset At, MessageId? Message = null);

/// <summary>
/// When each recipient showed life last, by keyed hash. Tenants tell it, no event of ours says it: so it cannot be
/// rebuilt and has a file of its own beside the read model. A write completes after the sync.
/// </summary>
public sealed class EngagementStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of engagement";

    /// <summary>So many addresses are looked up in one query, which takes about 10 µs for each.</summary>
    public const int LookUpMax = 1_000;

    internal static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE engaged (
            tenant TEXT NOT NULL, address BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tenant, address)) WITHOUT ROWID;
        CREATE INDEX engaged_at ON engaged (at);
        CREATE TABLE messages (message TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX messages_at ON messages (at);
        """,
        """
        CREATE TABLE engaged (
            tenant TEXT NOT NULL, address BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (tenant, address));
        CREATE INDEX engaged_at ON engaged (at);
        CREATE TABLE messages (message TEXT PRIMARY KEY, at BIGINT NOT NULL);
        CREATE INDEX messages_at ON messages (at);
        """));

    private static readonly WriterBounds Bounds = new(64, 10_000, long.MaxValue, long.MaxValue);
    private readonly Database _db;
    private readonly WriterLoop<EngagementSession> _writer;
    private readonly ConcurrentDictionary<string, bool> _knows = new();

    public EngagementStore(Database database)
    {
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(Schema);
        _writer = new("engagement-writer", _db, db => new(db), Bounds);
    }

    /// <summary>
    /// Of an address the latest counts: what is told late changes nothing. The messages of which nothing was told
    /// before.
    /// </summary>
    public async Task<HashSet<MessageId>> Note(IReadOnlyCollection<Engaged> all, CancellationToken cancel)
    {
        var news = await _writer.Run(
            session => all.Where(session.Note).Select(one => one.Message!.Value).ToHashSet()).WaitAsync(cancel);
        foreach (var one in all) _knows[one.Tenant] = true;
        return news;
    }

    /// <summary>
    /// Whether anything was ever told of a tenant's recipients: asked of the file once, for who tells nothing sends as
    /// much as others. What has been pruned since may still be told.
    /// </summary>
    public ValueTask<bool> Knows(string tenant, CancellationToken cancel)
    {
        return _knows.TryGetValue(tenant, out var known) ? new(known) : new(Ask());

        // What was noted while it was asked stays so.
        async Task<bool> Ask() => _knows.GetOrAdd(tenant,
            await _db.Query(db => db.GetTable<Row>().AnyAsync(r => r.Tenant == tenant, cancel)));
    }

    /// <summary>It was asked, and nothing was told since: no look-up will find anything.</summary>
    public bool KnowsNothing(string tenant) => _knows.TryGetValue(tenant, out var known) && !known;

    /// <summary>
    /// Those of <paramref name="addresses"/> that have ever shown life, and when last: one query, of
    /// <see cref="LookUpMax"/> at most.
    /// </summary>
    public Task<Dictionary<Hash128, DateTimeOffset>> Last(
        string tenant, IReadOnlyCollection<Hash128> addresses, CancellationToken cancel) => _db.Query(async db =>
    {
        // One text for any number of them: an expression with a list is built anew each time, at 0.3 ms for one.
        await using var rows = await db.ExecuteReaderAsync($"""
            SELECT address, at FROM {_db.Table("engaged")}
            WHERE tenant = @tenant AND {_db.IsOneOf("address", "@asked")}
            """, cancel, new DataParameter("tenant", tenant),
            _db.ManyOf("asked", addresses.Select(a => a.ToBytes())));
        var last = new Dictionary<Hash128, DateTimeOffset>();
        while (rows.Reader!.Read())
            last.Add(Hash128.Read(rows.Reader.GetFieldValue<byte[]>(0)), new(rows.Reader.GetInt64(1), TimeSpan.Zero));
        return last;
    });

    /// <summary>Of how many recipients of a tenant anything is known.</summary>
    public Task<long> Known(string tenant, CancellationToken cancel) =>
        _db.Query(db => db.GetTable<Row>().LongCountAsync(r => r.Tenant == tenant, cancel));

    public async Task<int> Prune(DateTimeOffset before, CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            var some = await _writer.Run(session => session.Prune(before, PruneMax)).WaitAsync(cancel);
            all += some;
            if (some == 0) return all;
        }
    }

    /// <summary>At once, or others would wait for it.</summary>
    private const int PruneMax = 1_000;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }

    [Table("engaged")]
    private sealed class Row
    {
        [Column("tenant"), PrimaryKey(0)] public string Tenant { get; set; } = "";
        [Column("address"), PrimaryKey(1)] public byte[] Address { get; set; } = [];
        [Column("at")] public long At { get; set; }
    }

    private sealed class EngagementSession : Session
    {
        private readonly DbCommand _note, _message, _prune, _pruneMessages;

        public EngagementSession(Database database) : base(database)
        {
            _note = Prepare("""
                INSERT INTO engaged VALUES (@t, @a, @at) ON CONFLICT (tenant, address) DO UPDATE SET at = excluded.at
                    WHERE excluded.at > engaged.at
                """, "@t", "@a", "@at");
            _message = Prepare("INSERT INTO messages VALUES (@m, @at) ON CONFLICT DO NOTHING", "@m", "@at");
            _prune = Prepare("""
                DELETE FROM engaged WHERE (tenant, address) IN (SELECT tenant, address FROM engaged WHERE at < @at LIMIT @n)
                """, "@at", "@n");
            _pruneMessages = Prepare("""
                DELETE FROM messages WHERE message IN (SELECT message FROM messages WHERE at < @at LIMIT @n)
                """, "@at", "@n");
        }

        /// <summary>Whether it names a message of which nothing was told before.</summary>
        public bool Note(Engaged one)
        {
            Bind(_note, one.Tenant, one.Address.ToBytes(), one.At.UtcTicks).ExecuteNonQuery();
            return one.Message is { } message
                && Bind(_message, message.ToString(), one.At.UtcTicks).ExecuteNonQuery() > 0;
        }

        public int Prune(DateTimeOffset before, int max) =>
            Bind(_prune, before.UtcTicks, max).ExecuteNonQuery()
            + Bind(_pruneMessages, before.UtcTicks, max).ExecuteNonQuery();
    }
}
