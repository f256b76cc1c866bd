using AkkaMail.Core.Mail;
using AkkaMail.Storage.Sqlite;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Tenants;

/// <summary>When a key was used last, and from which address.</summary>
public sealed record KeyUse(string Id, DateTimeOffset At, string? From);

/// <summary>
/// keys.db: the last use of each key. No event says it, so it cannot be rebuilt and has a file of its own beside the
/// read model. Faults are <see cref="StoreException"/>s.
/// </summary>
public sealed class KeyUses
{
    private static readonly string[] Steps =
        ["CREATE TABLE key_uses (id TEXT PRIMARY KEY, at INTEGER NOT NULL, address TEXT) WITHOUT ROWID"];

    /// <summary>An older use, written late by another node, never replaces a newer one.</summary>
    private const string Upsert = """
        INSERT INTO key_uses (id, at, address) VALUES ($id, $at, $address)
        ON CONFLICT (id) DO UPDATE SET at = excluded.at, address = excluded.address WHERE excluded.at > at
        """;

    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of keys' uses";

    private readonly Database _db;

    public KeyUses(Database database)
    {
        _db = database with { Store = Name };
        _db.Migrate(Steps);
    }

    /// <summary>All in one transaction.</summary>
    public void Write(IReadOnlyCollection<KeyUse> uses) => _db.Write(connection =>
    {
        using var command = new SqliteCommand(Upsert, connection);
        foreach (var use in uses)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$id", use.Id);
            command.Parameters.AddWithValue("$at", use.At.UtcTicks);
            command.Parameters.AddWithValue("$address", (object?)use.From ?? DBNull.Value);
            command.ExecuteNonQuery();
        }
        return uses.Count;
    });

    /// <summary>Keys that have never been used are not there.</summary>
    public Task<Dictionary<string, KeyUse>> Of(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        _db.Query(async db => (await db.GetTable<Row>().Where(r => ids.Contains(r.Id)).ToListAsync(cancel))
            .ToDictionary(r => r.Id, r => new KeyUse(r.Id, new(r.At, TimeSpan.Zero), r.Address)));

    /// <summary>Takes out the keys that are no more; gives how many.</summary>
    public int Forget(Func<string, bool> isGone) => _db.Write(connection =>
    {
        var gone = new List<string>();
        using (var all = new SqliteCommand("SELECT id FROM key_uses", connection))
        using (var reader = all.ExecuteReader())
            while (reader.Read())
                if (isGone(reader.GetString(0))) gone.Add(reader.GetString(0));
        using var delete = new SqliteCommand("DELETE FROM key_uses WHERE id = $id", connection);
        foreach (var id in gone)
        {
            delete.Parameters.Clear();
            delete.Parameters.AddWithValue("$id", id);
            delete.ExecuteNonQuery();
        }
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
