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

    public virtual void Begin()
    {
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
