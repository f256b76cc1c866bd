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

    /// <summary>The server's process behind our connection: where that was lost, it may have the lock for a while yet.</summary>
    private readonly HashSet<int> _own = [];

    private WriterHold(PostgresServer server) => _server = server;

    /// <summary>Null: another process has it; <paramref name="holder"/> says which.</summary>
    public static WriterHold? TryTake(PostgresServer server, out string holder)
    {
        var hold = new WriterHold(server);
        if (hold.TryOpen(out holder, out _)) return hold;
        hold.Dispose();
        return null;
    }

    /// <summary>
    /// Looks whether it still has it, and takes it again after the database was away. Looks by a commit: one that is full,
    /// or only reads, is as good as away.
    /// </summary>
    public (Holding State, string Detail) Look()
    {
        for (var isAgain = false; ; isAgain = true)
            try
            {
                if (_connection is null && !TryOpen(out var holder, out var process))
                    return _own.Contains(process) ? (Holding.Unreachable, "it has not let go of the connection that was lost")
                        : (Holding.Taken, holder);
                _connection!.Run("UPDATE akkamail.sign_of_life SET at = clock_timestamp()");
                return (Holding.Held, "");
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DiskFull)
            {
                return (Holding.Unreachable, PostgresServer.Said(e));   // The connection, and the lock, are as they were.
            }
            catch (DbException e)
            {
                _connection?.Dispose();
                _connection = null;
                if (isAgain) return (Holding.Unreachable, PostgresServer.Said(e));
            }
    }

    private bool TryOpen(out string holder, out int process)
    {
        (holder, process) = ("", 0);
        var text = new NpgsqlConnectionStringBuilder(_server.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            CommandTimeout = 2,
            ApplicationName = string.Create(
                CultureInfo.InvariantCulture, $"AkkaMail {Environment.MachineName}/{Environment.ProcessId}"),
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            connection.Open();
            // Whoever is gone without a word, with the machine, must not hold it for hours.
            connection.Run("SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; "
                + "SET tcp_user_timeout = 11000");
            if (connection.Scalar("SELECT pg_try_advisory_lock(@a)", Key) is true)
            {
                // Told now: a connection that is broken no longer says it. Of those before none has it any more.
                _own.Clear();
                _own.Add(connection.ProcessID);
                _connection = connection;
                return true;
            }
            var found = connection.Read(row => (row.GetInt32(0), row.GetString(1)), """
                SELECT a.pid, a.application_name || coalesce(' from ' || host(a.client_addr), '')
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database
                    WHERE datname = current_database()) AND (l.classid::bigint << 32) | l.objid::bigint = @a
                """, Key);
            (process, holder) = found is [var one, ..] ? one : (0, "another server");
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
