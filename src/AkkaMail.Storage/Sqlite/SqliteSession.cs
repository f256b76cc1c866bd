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

    protected SqliteSession(Database database)
    {
        _connection = database.OpenWriter();
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

    public void Dispose()
    {
        foreach (var command in _commands) command.Dispose();
        _connection.Dispose();   // Rolls back what was open.
        GC.SuppressFinalize(this);
    }
}
