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
/// read model. Faults are <see cref="SqliteException"/>s.
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

    private readonly SqliteFile _file;
    private readonly DataOptions _readers;

    public KeyUses(string path)
    {
        _file = new(path, "FULL");
        _file.Migrate(Steps);
        _readers = _file.Readers();
    }

    /// <summary>All in one transaction. Once a minute: the connection need not wait for it open.</summary>
    public void Write(IReadOnlyCollection<KeyUse> uses)
    {
        using var connection = _file.OpenWriter();
        using var transaction = connection.BeginTransaction();
        using var command = new SqliteCommand(Upsert, connection, transaction);
        foreach (var use in uses)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$id", use.Id);
            command.Parameters.AddWithValue("$at", use.At.UtcTicks);
            command.Parameters.AddWithValue("$address", (object?)use.From ?? DBNull.Value);
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    /// <summary>Keys that have never been used are not there.</summary>
    public async Task<Dictionary<string, KeyUse>> Of(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        await using var db = new DataConnection(_readers);
        var rows = await db.GetTable<Row>().Where(r => ids.Contains(r.Id)).ToListAsync(cancel);
        return rows.ToDictionary(r => r.Id, r => new KeyUse(r.Id, new(r.At, TimeSpan.Zero), r.Address));
    }

    /// <summary>Takes out the keys that are no more; gives how many.</summary>
    public int Forget(Func<string, bool> isGone)
    {
        using var connection = _file.OpenWriter();
        var gone = new List<string>();
        using (var all = new SqliteCommand("SELECT id FROM key_uses", connection))
        using (var reader = all.ExecuteReader())
            while (reader.Read())
                if (isGone(reader.GetString(0))) gone.Add(reader.GetString(0));
        if (gone.Count == 0) return 0;
        using var transaction = connection.BeginTransaction();
        using var delete = new SqliteCommand("DELETE FROM key_uses WHERE id = $id", connection, transaction);
        foreach (var id in gone)
        {
            delete.Parameters.Clear();
            delete.Parameters.AddWithValue("$id", id);
            delete.ExecuteNonQuery();
        }
        transaction.Commit();
        return gone.Count;
    }

    [Table("key_uses")]
    private sealed class Row
    {
        [Column("id"), PrimaryKey] public string Id { get; set; } = "";
        [Column("at")] public long At { get; set; }
        [Column("address")] public string? Address { get; set; }
    }
}
