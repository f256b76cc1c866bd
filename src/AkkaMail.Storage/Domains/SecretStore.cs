using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Domains;

/// <summary>A secret's name, and when it was written.</summary>
public sealed record SecretName(string Name, DateTimeOffset CreatedAt);

/// <summary>
/// Secrets as they are kept: what is given is encrypted already. A file of its own, since it cannot be rebuilt and the
/// read model may be dropped; FULL, since an event says that a key exists once its secret is here. Rare and small, so
/// each call opens the file.
/// </summary>
public sealed class SecretStore
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID
        """,
    ];

    private readonly SqliteFile _file;

    public SecretStore(string path)
    {
        _file = new(path, "FULL");
        _file.Migrate(Steps);
    }

    public byte[]? Read(string name)
    {
        using var connection = _file.OpenWriter();
        using var command = Command(connection, "SELECT secret FROM secrets WHERE name = $a", name);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>All or none; a name that is there already keeps its secret.</summary>
    public void Add(IReadOnlyCollection<(string Name, byte[] Secret)> secrets, DateTimeOffset now)
    {
        using var connection = _file.OpenWriter();
        using var transaction = connection.BeginTransaction();
        foreach (var (name, secret) in secrets)
        {
            using var command = Command(connection,
                "INSERT INTO secrets (name, secret, created_at) VALUES ($a, $b, $c) ON CONFLICT DO NOTHING",
                name, secret, now.UtcTicks);
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public IReadOnlyList<SecretName> Names()
    {
        using var connection = _file.OpenWriter();
        using var command = Command(connection, "SELECT name, created_at FROM secrets ORDER BY name");
        using var rows = command.ExecuteReader();
        var names = new List<SecretName>();
        while (rows.Read()) names.Add(new(rows.GetString(0), new(rows.GetInt64(1), TimeSpan.Zero)));
        return names;
    }

    public void Delete(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return;
        using var connection = _file.OpenWriter();
        // What is deleted must not stay in a free page.
        using (var secure = Command(connection, "PRAGMA secure_delete = ON")) secure.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction();
        foreach (var name in names)
        {
            using var command = Command(connection, "DELETE FROM secrets WHERE name = $a", name);
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new SqliteCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
        return command;
    }
}
