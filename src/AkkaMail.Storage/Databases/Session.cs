using System.Data;
using System.Data.Common;

namespace AkkaMail.Storage.Databases;

/// <summary>
/// The writer's statements, prepared once. After any failure it is thrown away and opened anew: what a failed statement
/// left behind need not be known. Where connections are pooled it has one for the length of a transaction.
/// </summary>
public abstract class Session : IDisposable
{
    private readonly List<DbCommand> _commands = [];
    private readonly DbCommand _begin, _commit;
    private DbCommand? _alone;
    private bool _isAlone;

    protected Session(Database database)
    {
        Database = database;
        Connection = database.OpenWriter();
        _begin = Prepare(database.Begin);
        _commit = Prepare("COMMIT");
    }

    protected Database Database { get; }
    protected DbConnection Connection { get; }

    /// <summary>A command with its parameters in the order of <paramref name="names"/>, compiled once.</summary>
    protected DbCommand Prepare(string sql, params ReadOnlySpan<string> names)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }
        _commands.Add(command);
        return command;
    }

    protected static DbCommand Bind(DbCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = Commands.Value(values[i]);
        return command;
    }

    /// <summary>
    /// From here to the end of the transaction no other node is behind this point: for what is written by what was read. One
    /// lock a store, or those who write the same rows in another order would lock each other out. A file has one writer.
    /// </summary>
    protected void BeAlone()
    {
        if (_isAlone || Database.BeAlone is not { } statement) return;
        _alone ??= Prepare(statement);
        _alone.ExecuteNonQuery();
        _isAlone = true;
    }

    public virtual void Begin()
    {
        _isAlone = false;
        if (Connection.State == ConnectionState.Closed) Connection.Open();
        _begin.ExecuteNonQuery();
    }

    public virtual void Commit()
    {
        _commit.ExecuteNonQuery();
        if (!Database.KeepsConnection) Connection.Close();
    }

    public void Dispose()
    {
        foreach (var command in _commands) command.Dispose();
        Connection.Dispose();   // Rolls back what was open.
        GC.SuppressFinalize(this);
    }
}
