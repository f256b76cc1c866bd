using System.Data.Common;
using AkkaMail.Rig;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaMail.Storage.Tests;

/// <summary>Real databases: what is tested is what they do. A store's tests run on each kind of place.</summary>
public abstract class StorePlace : IDisposable
{
    /// <summary>As the file is called; a schema is called so without its end.</summary>
    public abstract Database Database(string name);

    /// <summary>Another process that holds up all who write.</summary>
    public abstract DbConnection Lock(string name);

    public void Execute(string name, string sql)
    {
        using var connection = Open(name);
        connection.Run(sql);
    }

    public long Count(string name, string table)
    {
        using var connection = Open(name);
        return (long)connection.Scalar($"SELECT count(*) FROM {table}")!;
    }

    /// <summary>As a new generation is: nothing is there, and nothing has been read.</summary>
    public void EmptyReadModel() =>
        Execute("read.db", string.Concat(MessageSchema.Tables.Select(table => $"DELETE FROM {table};")));

    /// <summary>As somebody who looks at it from outside.</summary>
    public abstract DbConnection Open(string name);

    public abstract void Dispose();
}

/// <summary>Files in a directory.</summary>
public sealed class SqlitePlace : StorePlace
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public override SqliteDatabase Database(string name) => new(File(name));

    public override DbConnection Open(string name)
    {
        var connection = new SqliteConnection($"Data Source={File(name)};Pooling=False");
        connection.Open();
        return connection;
    }

    public override DbConnection Lock(string name)
    {
        var connection = Open(name);
        connection.Run("BEGIN IMMEDIATE");
        return connection;
    }

    public override void Dispose() => Directory.Delete(_path, recursive: true);
}

/// <summary>A database of its own on a server that all tests share.</summary>
public sealed class PostgresPlace : StorePlace
{
    private readonly string _text = PostgresCluster.Shared.NewDatabase();

    public PostgresPlace()
    {
        // A lock is waited for as long as SQLite waits for one.
        Server = new($"{_text};Command Timeout=3");
        Server.Prepare();
    }

    public PostgresServer Server { get; }

    private static string SchemaOf(string name) => Path.GetFileNameWithoutExtension(name).Replace('-', '_');

    public override PostgresDatabase Database(string name) => Server.Schema(SchemaOf(name));

    public override DbConnection Open(string name)
    {
        var connection = new NpgsqlConnection($"{_text};Pooling=false;Search Path={SchemaOf(name)}");
        connection.Open();
        return connection;
    }

    public override DbConnection Lock(string name)
    {
        var connection = Open(name);
        connection.Run("BEGIN");
        foreach (var table in connection.Read(row => row.GetString(0), """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = @a::regnamespace AND c.relkind IN ('r', 'p')
            """, SchemaOf(name)))
            connection.Run($"LOCK TABLE {table} IN EXCLUSIVE MODE");
        return connection;
    }

    public override void Dispose()
    {
        Server.Dispose();
        PostgresCluster.Shared.GiveBack(_text);
    }
}

/// <summary>Tests of a store that are the same on each kind of place.</summary>
public abstract class StoreTests(StorePlace place) : IDisposable
{
    protected StorePlace Place { get; } = place;

    public void Dispose()
    {
        Place.Dispose();
        GC.SuppressFinalize(this);
    }
}
