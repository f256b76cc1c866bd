using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Tenants;

/// <summary>When a key was used last, and from which address.</summary>
public sealed record KeyUse(string Id, DateTimeOffset At, string? From);

/// <summary>
/// The last use of each key. No event says it, so it cannot be rebuilt and stands alone beside the read model. Faults are
/// <see cref="StoreException"/>s.
/// </summary>
public sealed class KeyUses
{
    internal static readonly Schema Schema = new(new Dialects(
        "CREATE TABLE key_uses (id TEXT PRIMARY KEY, at INTEGER NOT NULL, address TEXT) WITHOUT ROWID",
        "CREATE TABLE key_uses (id TEXT PRIMARY KEY, at BIGINT NOT NULL, address TEXT)"));

    /// <summary>An older use, written late by another node, never replaces a newer one.</summary>
    private const string Upsert = """
        INSERT INTO key_uses (id, at, address) VALUES (@a, @b, @c)
        ON CONFLICT (id) DO UPDATE SET at = excluded.at, address = excluded.address WHERE excluded.at > key_uses.at
        """;

    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of keys' uses";

    private readonly Database _db;

    public KeyUses(Database database)
    {
        _db = database with { Store = Name };
        _db.Migrate(Schema);
    }

    /// <summary>All in one transaction.</summary>
    public void Write(IReadOnlyCollection<KeyUse> uses) => _db.Write(connection =>
    {
        foreach (var use in uses) connection.Run(Upsert, use.Id, use.At.UtcTicks, use.From);
        return uses.Count;
    });

    /// <summary>Keys that have never been used are not there.</summary>
    public Task<Dictionary<string, KeyUse>> Of(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        _db.Query(async db => (await db.GetTable<Row>().Where(r => ids.Contains(r.Id)).ToListAsync(cancel))
            .ToDictionary(r => r.Id, r => new KeyUse(r.Id, new(r.At, TimeSpan.Zero), r.Address)));

    /// <summary>All that have a use.</summary>
    public IReadOnlyList<string> Ids() =>
        _db.Write(connection => connection.Read(row => row.GetString(0), "SELECT id FROM key_uses"));

    /// <summary>Takes out keys that are no more; gives how many.</summary>
    public int Forget(IReadOnlyCollection<string> gone) => _db.Write(connection =>
    {
        foreach (var id in gone) connection.Run("DELETE FROM key_uses WHERE id = @a", id);
        return gone.Count;
    });

    [Table("key_uses")]
    private sealed class Row
    {
        [Column("id"), PrimaryKey] public string Id { get; set; } = "";
        [Column("at")] public long At { get; set; }
        [Column("address")] public string? Address { get; set; }
    }
}
