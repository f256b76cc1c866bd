using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Sqlite;

/// <summary>
/// The writer's connection with its prepared commands. After any failure it is thrown away and opened anew: what a
/// failed statement left behind need not be known.
/// </summary>
public abstract class SqliteSession : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin, _commit;

    protected SqliteSession(SqliteFile file)
    {
        _connection = file.OpenWriter();
        _begin = Prepare("BEGIN IMMEDIATE");   // At once: a reader that upgrades may not wait for a lock.
        _commit = Prepare("COMMIT");
    }

    /// <summary>A command with its parameters in the order of <paramref name="names"/>, compiled once.</summary>
    protected SqliteCommand Prepare(string sql, params ReadOnlySpan<string> names)
    {
        var command = new SqliteCommand(sql, _connection);
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        _commands.Add(command);
        return command;
    }

    protected static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    public virtual void Begin() => _begin.ExecuteNonQuery();

    public virtual void Commit() => _commit.ExecuteNonQuery();

    /// <summary>
    /// True when the store is at fault, so every write of the batch would meet the same; else one of them is.
    /// </summary>
    public static bool IsStoreFault(Exception e) => e is SqliteException
    {
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB (sqlite.org/rescode.html).
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26,
    };

    public void Dispose()
    {
        foreach (var command in _commands) command.Dispose();
        _connection.Dispose();   // Rolls back what was open.
        GC.SuppressFinalize(this);
    }
}
