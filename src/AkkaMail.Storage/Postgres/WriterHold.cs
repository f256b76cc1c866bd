using System.Data.Common;
using System.Globalization;
using AkkaMail.Storage.Databases;
using Npgsql;

namespace AkkaMail.Storage.Postgres;

/// <summary>How it stands with the database.</summary>
public enum Holding
{
    /// <summary>This process is the one that writes.</summary>
    Held,

    /// <summary>It does not answer. Nobody else writes either.</summary>
    Unreachable,

    /// <summary>Another process has taken it meanwhile.</summary>
    Taken,
}

/// <summary>
/// A lock on a database that goes with its connection, so that a second server does not begin to write there: what the
/// lock file is to a data directory. It is no fence: that is the journal's key, which takes an event once.
/// </summary>
public sealed class WriterHold : IDisposable
{
    private const long Key = PostgresServer.MigrationLock + 1;

    private readonly PostgresServer _server;
    private NpgsqlConnection? _connection;

    private WriterHold(PostgresServer server) => _server = server;

    /// <summary>Null: another process has it; <paramref name="holder"/> says which.</summary>
    public static WriterHold? TryTake(PostgresServer server, out string holder)
    {
        var hold = new WriterHold(server);
        if (hold.TryOpen(out holder)) return hold;
        hold.Dispose();
        return null;
    }

    /// <summary>Looks whether it still has it, and takes it again after the database was away.</summary>
    public (Holding State, string Detail) Look()
    {
        try
        {
            if (_connection is { } connection)
                try
                {
                    connection.Scalar("SELECT 1");
                    return (Holding.Held, "");
                }
                catch (DbException)
                {
                    connection.Dispose();
                    _connection = null;
                }
            return TryOpen(out var holder) ? (Holding.Held, "") : (Holding.Taken, holder);
        }
        catch (DbException e) { return (Holding.Unreachable, PostgresServer.Said(e)); }
    }

    private bool TryOpen(out string holder)
    {
        holder = "";
        // Whoever is gone without a word, with the machine, must not hold it for hours.
        var text = new NpgsqlConnectionStringBuilder(_server.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            CommandTimeout = 2,
            ApplicationName = string.Create(
                CultureInfo.InvariantCulture, $"AkkaMail {Environment.MachineName}/{Environment.ProcessId}"),
            Options = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3",
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            connection.Open();
            if (connection.Scalar("SELECT pg_try_advisory_lock(@a)", Key) is true)
            {
                _connection = connection;
                return true;
            }
            holder = connection.Scalar("""
                SELECT a.application_name || coalesce(' from ' || host(a.client_addr), '')
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database
                    WHERE datname = current_database()) AND (l.classid::bigint << 32) | l.objid::bigint = @a
                """, Key) as string ?? "another server";
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return false;
    }

    public void Dispose() => _connection?.Dispose();
}
