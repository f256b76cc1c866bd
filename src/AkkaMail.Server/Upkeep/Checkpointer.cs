using AkkaMail.Server.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// Copies what lies in the write-ahead logs into the databases, beside the writers and without stopping them (SQLite's
/// PASSIVE checkpoint). Left to the writer, the copy of a full log holds up every commit behind it, and with it every
/// 202.
/// </summary>
internal sealed class Checkpointer(DataDirectory data, ILogger<Checkpointer> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (data.Stores is not FileStores stores) return;
        using var timer = new PeriodicTimer(Every);
        var files = stores.Busy.Select(Open).ToList();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var command in files)
                    Checkpoint(command);
        }
        finally
        {
            foreach (var command in files)
            {
                command.Connection?.Dispose();
                command.Dispose();
            }
        }
    }

    private void Checkpoint(SqliteCommand command)
    {
        try { command.ExecuteNonQuery(); }
        catch (SqliteException e) { log.LogDebug(e, "No checkpoint now; the next one takes the rest"); }
    }

    private static SqliteCommand Open(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        return new SqliteCommand("PRAGMA wal_checkpoint(PASSIVE)", connection);
    }
}
