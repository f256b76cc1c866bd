using System.Globalization;
using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Data;

/// <summary>
/// Whether the files of a data directory are whole and belong together, before anything opens them. What can be made
/// again is put aside; anything else is a <see cref="StartException"/> that names the file and what to do, unless its
/// loss is accepted.
/// </summary>
internal sealed class DataCheck(string path, IReadOnlyCollection<string> acceptedLosses)
{
    /// <summary>Put aside, to be made again.</summary>
    public List<string> MadeAgain { get; } = [];

    /// <summary>Lost, and accepted to be.</summary>
    public List<string> Lost { get; } = [];

    /// <param name="known">What installation.json says; null: it is not there.</param>
    public void Run(Installation? known, int ledgers)
    {
        if (acceptedLosses.FirstOrDefault(name => DataFiles.All.All(f => f.Name != name || f.Keeping != Keeping.Copied)) is
            { } unknown)
            throw new StartException($"--accept-loss names {unknown}, which is no file that a backup has.");
        foreach (var file in DataFiles.All.Where(f => f.IsDatabase))
            if (new Database(PathOf(file)).Damage() is { } damage) Lose(file, damage);
            else if (!File.Exists(PathOf(file)))
            {
                if (known?.Files?.Contains(file.Name) == true) Lose(file, "is not there");
            }
            else if (known is not null && new Database(PathOf(file)).Owner() is not 0 and var owner && owner != known.Number)
                Lose(file, "is of another installation than the files beside it");
        if (known is null && DataFiles.All.FirstOrDefault(f => f.IsDatabase && f.Keeping == Keeping.Copied
            && File.Exists(PathOf(f))) is { } there)
            Lose(DataFiles.Installation, $"is not there, though {there.Name} is");
        if (File.Exists(PathOf(DataFiles.Journal)) || Lost.Contains(DataFiles.Journal.Name)) CheckPlaces(ledgers);
    }

    /// <summary>
    /// Who has read further than the journal goes has read another one: the journal is of a copy that is older.
    /// </summary>
    private void CheckPlaces(int ledgers)
    {
        for (var ledger = 0; ledger < ledgers; ledger++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"ledger-{ledger}");
            var end = Number(DataFiles.Journal, "SELECT max(sequence_number) FROM journal WHERE persistence_id = $a", name) ?? 0;
            if (Number(DataFiles.Read, "SELECT seq FROM offsets WHERE partition = $a", ledger) > end) PutAside(DataFiles.Read);
            Follow(DataFiles.Suppressions, "offsets", ledger, end);
            Follow(DataFiles.Sites, "places", ledger, end);
        }
        if (!SnapshotsFit()) PutAside(DataFiles.Snapshots);
        CheckContent();
    }

    /// <summary>
    /// A mail's content is stored before the journal has its message: the newest message without it is newer than the file.
    /// </summary>
    private void CheckContent()
    {
        const string newest = "SELECT max(envelope) FROM (SELECT envelope FROM messages ORDER BY submission DESC LIMIT $a)";
        const string isThere = "SELECT EXISTS (SELECT 1 FROM envelopes WHERE id = $a) "
            + "OR $a <= (SELECT value FROM marks WHERE name = 'gone')";
        if (Number(DataFiles.Read, newest, 1_000) is not { } envelope
            || Number(DataFiles.Content, isThere, envelope) is not 0) return;
        Lose(DataFiles.Content, "does not have the newest mail that was accepted: it is older than the files beside it",
            keep: true);
        new Database(PathOf(DataFiles.Content)).Write(connection =>
        {
            using var accept = new SqliteCommand("UPDATE marks SET value = $a WHERE name = 'gone'", connection);
            accept.Parameters.AddWithValue("$a", envelope);
            return accept.ExecuteNonQuery();
        });
    }

    /// <summary>
    /// Of ledgers, governors, accounts and quotas alike: who began with a snapshot of events that are not there would
    /// go on behind a gap.
    /// </summary>
    private bool SnapshotsFit()
    {
        if (!File.Exists(PathOf(DataFiles.Snapshots))) return true;
        if (!File.Exists(PathOf(DataFiles.Journal))) return false;
        try
        {
            using var connection = new Database(PathOf(DataFiles.Snapshots)).OpenWriter();
            using var command = new SqliteCommand("""
                ATTACH $journal AS j;
                SELECT EXISTS (SELECT 1 FROM (SELECT persistence_id AS id, max(sequence_number) AS newest FROM snapshot
                    GROUP BY persistence_id) WHERE newest > coalesce(
                        (SELECT max(sequence_number) FROM j.journal WHERE persistence_id = id), 0))
                """, connection);
            command.Parameters.AddWithValue("$journal", PathOf(DataFiles.Journal));
            return command.ExecuteScalar() is 0L;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1) { return true; }   // No such table: it is new.
    }

    private void Follow(DataFile file, string table, int ledger, long end)
    {
        if (Number(file, $"SELECT seq FROM {table} WHERE partition = $a", ledger) is not { } place || place <= end) return;
        if (!Lost.Contains(DataFiles.Journal.Name))
            Lose(DataFiles.Journal, $"ends at event {end} of ledger {ledger}, though {file.Name} has read {place}: "
                + "it is older than the files beside it", keep: true);
        using var connection = new Database(PathOf(file)).OpenWriter();
        using var cut = new SqliteCommand($"UPDATE {table} SET seq = $end WHERE partition = $a", connection);
        cut.Parameters.AddWithValue("$end", end);
        cut.Parameters.AddWithValue("$a", ledger);
        cut.ExecuteNonQuery();
    }

    /// <summary>Null: there is no such file, table or row.</summary>
    private long? Number(DataFile file, string sql, object argument)
    {
        if (!File.Exists(PathOf(file))) return null;
        try
        {
            using var connection = new Database(PathOf(file)).OpenWriter();
            using var command = new SqliteCommand(sql, connection);
            command.Parameters.AddWithValue("$a", argument);
            return command.ExecuteScalar() as long?;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1) { return null; }   // No such table: it is new.
        catch (SqliteException e)
        {
            Lose(file, $"cannot be read ({e.Message})");
            return null;
        }
    }

    /// <param name="keep">It is whole, and goes on as it is.</param>
    private void Lose(DataFile file, string why, bool keep = false)
    {
        if (file.Keeping == Keeping.MadeAgain)
        {
            PutAside(file);
            return;
        }
        if (!acceptedLosses.Contains(file.Name))
            throw new StartException($"{PathOf(file)} {why}. Restore it from a backup, or start once with "
                + $"--accept-loss {file.Name}: {file.Without}.");
        if (!keep && File.Exists(PathOf(file))) PutAside(file);
        if (!Lost.Contains(file.Name)) Lost.Add(file.Name);
    }

    /// <summary>Somebody may want to look at it; the next one that is put aside takes its place.</summary>
    private void PutAside(DataFile file)
    {
        if (!File.Exists(PathOf(file))) return;
        SqliteConnection.ClearAllPools();
        File.Move(PathOf(file), PathOf(file) + ".broken", overwrite: true);
        foreach (var log in (string[])["-wal", "-shm"]) File.Delete(PathOf(file) + log);
        if (file.Keeping == Keeping.MadeAgain) MadeAgain.Add(file.Name);
    }

    private string PathOf(DataFile file) => System.IO.Path.Combine(path, file.Name);
}
