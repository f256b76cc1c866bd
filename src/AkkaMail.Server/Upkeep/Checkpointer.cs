using AkkaMail.Server.Data;
using AkkaMail.Storage.Messages;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// Copies what lies in the write-ahead logs into the databases, beside the writers and without stopping them (SQLite's
/// PASSIVE checkpoint). Left to the writer, the copy of a full log holds up every commit behind it, and with it every
/// 202.
/// </summary>
internal sealed class Checkpointer(DataDirectory data, MessageGenerations read, ILogger<Checkpointer> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, SqliteCommand> _open = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (data.Stores is not FileStores stores) return;
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var busy = stores.Busy(read.Row.Current);
                foreach (var file in _open.Keys.Except(busy).ToList()) Close(file);
                foreach (var file in busy) Checkpoint(file);
            }
        }
        finally
        {
            foreach (var file in _open.Keys.ToList()) Close(file);
        }
    }

    private void Checkpoint(string file)
    {
        try
        {
            if (!_open.TryGetValue(file, out var command)) command = _open[file] = Open(file);
            command.ExecuteNonQuery();
        }
        catch (SqliteException e) { log.LogDebug(e, "No checkpoint now; the next one takes the rest"); }
    }

    private void Close(string file)
    {
        if (!_open.Remove(file, out var command)) return;
        command.Connection?.Dispose();
        command.Dispose();
    }

    /// <summary>One that is gone is not made.</summary>
    private static SqliteCommand Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return new SqliteCommand("PRAGMA wal_checkpoint(PASSIVE)", connection);
    }
}
