using Microsoft.Data.Sqlite;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>While it is held nothing can be written to the journal: another connection is its one writer.</summary>
public sealed class JournalLock : IAsyncDisposable
{
    private readonly SqliteConnection _connection;

    private JournalLock(SqliteConnection connection) => _connection = connection;

    public static async Task<JournalLock> Hold(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();
        return new(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();   // Closing rolls back.
}
