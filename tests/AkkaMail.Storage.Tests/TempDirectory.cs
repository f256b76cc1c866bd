using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Tests;

/// <summary>Real files: what is tested is what SQLite does with them.</summary>
public sealed class TempDirectory : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public Database Database(string name) => new(File(name));

    /// <summary>Another process that holds the write lock.</summary>
    public SqliteConnection Lock(string name)
    {
        var connection = new SqliteConnection($"Data Source={File(name)};Pooling=False");
        connection.Open();
        Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Execute(string name, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File(name)};Pooling=False");
        connection.Open();
        Execute(connection, sql);
    }

    public long Count(string name, string table)
    {
        using var connection = new SqliteConnection($"Data Source={File(name)};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand($"SELECT count(*) FROM {table}", connection);
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
