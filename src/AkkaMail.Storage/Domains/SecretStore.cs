using AkkaMail.Core.Mail;
using AkkaMail.Storage.Sqlite;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Domains;

/// <summary>A secret's name, and when it was written.</summary>
public sealed record SecretName(string Name, DateTimeOffset CreatedAt);

/// <summary>
/// Secrets as they are kept: what is given is encrypted already. A file of its own, since it cannot be rebuilt and the
/// read model may be dropped; FULL, since an event says that a key exists once its secret is here. Rare and small, so
/// each call opens the file. Faults are <see cref="StoreException"/>s.
/// </summary>
public sealed class SecretStore
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID
        """,
    ];

    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of secrets";

    private readonly Database _db;

    public SecretStore(Database database)
    {
        _db = database with { Store = Name };
        _db.Migrate(Steps);
    }

    public byte[]? Read(string name) => _db.QueryNow(db =>
        db.Query<byte[]>("SELECT secret FROM secrets WHERE name = $a", new DataParameter("a", name)).FirstOrDefault());

    /// <summary>All or none; a name that is there already keeps its secret.</summary>
    public void Add(
        IReadOnlyCollection<(string Name, byte[] Secret)> secrets, DateTimeOffset now) => _db.Write(connection =>
    {
        foreach (var (name, secret) in secrets)
        {
            using var command = Command(connection,
                "INSERT INTO secrets (name, secret, created_at) VALUES ($a, $b, $c) ON CONFLICT DO NOTHING",
                name, secret, now.UtcTicks);
            command.ExecuteNonQuery();
        }
        return secrets.Count;
    });

    public IReadOnlyList<SecretName> Names() => _db.QueryNow(db => db.Query(
        row => new SecretName(row.GetString(0), new(row.GetInt64(1), TimeSpan.Zero)),
        "SELECT name, created_at FROM secrets ORDER BY name").ToList());

    public void Delete(IReadOnlyCollection<string> names) => _db.Write(connection =>
    {
        // What is deleted must not stay in a free page.
        using (var secure = Command(connection, "PRAGMA secure_delete = ON")) secure.ExecuteNonQuery();
        foreach (var name in names)
        {
            using var command = Command(connection, "DELETE FROM secrets WHERE name = $a", name);
            command.ExecuteNonQuery();
        }
        return names.Count;
    });

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new SqliteCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
        return command;
    }
}
