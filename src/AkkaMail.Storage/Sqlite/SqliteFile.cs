using System.Globalization;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Sqlite;

/// <summary>
/// One embedded database: WAL, so readers never block the writer, one writing connection, a pool of reading ones.
/// <paramref name="Synchronous"/> is <c>FULL</c> where a commit is a promise, <c>NORMAL</c> where it can be rebuilt.
/// </summary>
public sealed record SqliteFile(string Path, string Synchronous)
{
    /// <summary>How long a statement waits for another process's lock. Default 3 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes of a page, for a new file. Each page of a commit is two writes to the log.</summary>
    public int PageBytes { get; init; } = 4096;

    private string ConnectionString(SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = Path,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = Math.Max(1, (int)BusyTimeout.TotalSeconds),
    }.ToString();

    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate, pooling: false));
        try
        {
            connection.Open();
            // A WAL of 16 MB between checkpoints: hot index pages are copied back once, not at every thousandth page.
            Execute(connection, $"""
                PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {Synchronous};
                PRAGMA wal_autocheckpoint = {(16 << 20) / PageBytes};
                PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public DataOptions Readers() =>
        new DataOptions().UseSQLite(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true), SQLiteProvider.Microsoft);

    /// <summary>Pooled readers keep the file open; after this it can be moved or deleted.</summary>
    public void CloseReaders()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true));
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>
    /// Creates or brings up to date. The immediate transaction is the lock; step n leads to version n + 1.
    /// </summary>
    public void Migrate(IReadOnlyList<string> steps)
    {
        using var connection = OpenWriter();
        Execute(connection, "BEGIN IMMEDIATE");
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > steps.Count)
            throw new InvalidOperationException($"{Path} has version {version}; this program knows {steps.Count}.");
        foreach (var step in steps.Skip(version)) Execute(connection, step);
        Execute(connection, $"PRAGMA user_version = {steps.Count}; COMMIT");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
