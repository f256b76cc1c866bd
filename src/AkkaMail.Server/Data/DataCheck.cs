using System.Globalization;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Storage.Databases;
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

    /// <summary>What installation.json says; null: it is not there, or its loss is accepted.</summary>
    public Installation? ReadInstallation()
    {
        var file = PathOf(DataFiles.Installation);
        if (!File.Exists(file)) return null;
        Installation? known = null;
        string? problem = null;
        try
        {
            known = JsonSerializer.Deserialize<Installation>(File.ReadAllBytes(file));
            if (known is { DataVersion: not Installation.CurrentData }) return known;   // What it holds that program knows.
            problem = known is null or { AddressKey: null or { Length: not 32 } }
                or { Ledgers: < 1 or > SubmissionId.PartitionsMax }
                ? "is not what a server has written"
                : IsForeign(known) ? "is of another installation than the databases beside it" : null;
        }
        catch (JsonException) { problem = "is no JSON of a server"; }
        if (problem is null) return known;
        Lose(DataFiles.Installation, problem);
        return null;
    }

    /// <param name="known">What installation.json says; null: it is not there.</param>
    public void Run(Installation? known, int ledgers)
    {
        if (acceptedLosses.FirstOrDefault(name => !DataFiles.All.Any(f => f.Name == name && f.CanBeLost)) is { } unknown)
            throw new StartException($"--accept-loss names {unknown}: it is for "
                + $"{string.Join(", ", DataFiles.All.Where(f => f.CanBeLost).Select(f => f.Name))}.");
        foreach (var file in DataFiles.In(path).Where(f => f.IsDatabase)) Check(file, known);
        if (known is null && !Lost.Contains(DataFiles.Installation.Name) && DataFiles.All.FirstOrDefault(
            f => f.IsDatabase && f.Keeping == Keeping.Copied && File.Exists(PathOf(f))) is { } there)
            Lose(DataFiles.Installation, $"is not there, though {there.Name} is");
        if (File.Exists(PathOf(DataFiles.Journal)) || Lost.Contains(DataFiles.Journal.Name)) CheckPlaces(ledgers);
    }

    /// <summary>All databases agree, and it has another number.</summary>
    public bool IsForeign(Installation known)
    {
        var marked = DataFiles.All.Where(f => f.IsDatabase && File.Exists(PathOf(f)) && Marker(f) != 0).ToList();
        return marked.Count > 1 && marked.TrueForAll(f => Marker(f) != known.NumberOf(f.Name));
    }

    private void Check(DataFile file, Installation? known)
    {
        var wasThere = known?.Files?.Contains(file.Name) == true;
        var database = new SqliteDatabase(PathOf(file));
        if (database.Damage(wasThere) is { } damage) Lose(file, damage);
        else if (!File.Exists(database.Path))
        {
            if (wasThere) Lose(file, "is not there");
        }
        else if (known is null) return;
        else if (Marker(file) is not 0 and var marker && marker != known.NumberOf(file.Name))
            Lose(file, "is another file, or of another installation than the files beside it");
        else if (wasThere && Try(file, () => database.Round()) is { } round && round < known.Round)
            Lose(file, "is older than the files beside it", keep: true);
    }

    private int Marker(DataFile file)
    {
        try { return new SqliteDatabase(PathOf(file)).Owner(); }
        catch (IOException) { return 0; }   // What is wrong with it Damage says.
    }

    /// <summary>
    /// Who has read further than the journal goes has read another one: the journal is of a copy that is older.
    /// </summary>
    private void CheckPlaces(int ledgers)
    {
        for (var ledger = 0; ledger < ledgers; ledger++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"ledger-{ledger}");
            var end = Number(DataFiles.Journal, "SELECT max(sequence_number) FROM journal WHERE persistence_id = @a", name) ?? 0;
            foreach (var file in DataFiles.Generations(path))
                if (Number(file, "SELECT seq FROM offsets WHERE partition = @a", ledger) is { } read && read > end)
                {
                    LoseJournal($"ends at event {end} of ledger {ledger}, though {file.Name} has read {read}");
                    PutAside(file);
                }
            Follow(DataFiles.Suppressions, "offsets", ledger, end);
            Follow(DataFiles.Idempotency, "places", ledger, end);
            Follow(DataFiles.Sites, "places", ledger, end);
        }
        if (!SnapshotsFit())
        {
            LoseJournal($"ends before what is in {DataFiles.Snapshots.Name}");
            PutAside(DataFiles.Snapshots);
        }
        CheckContent();
    }

    /// <summary>
    /// A mail's content is stored before the journal has its message: the newest message without it is newer than the file.
    /// </summary>
    private void CheckContent()
    {
        const string newest = "SELECT max(envelope) FROM (SELECT envelope FROM messages ORDER BY submission DESC LIMIT @a)";
        const string isThere = "SELECT EXISTS (SELECT 1 FROM envelopes WHERE id = @a) "
            + "OR @a <= (SELECT value FROM marks WHERE name = 'gone')";
        if (DataFiles.Generations(path).Max(file => Number(file, newest, 1_000)) is not { } envelope
            || Number(DataFiles.Content, isThere, envelope) is not 0) return;
        Lose(DataFiles.Content, "does not have the newest mail that was accepted: it is older than the files beside it",
            keep: true);
        new SqliteDatabase(PathOf(DataFiles.Content)).Write(
            connection => connection.Run("UPDATE marks SET value = @a WHERE name = 'gone'", envelope));
    }

    /// <summary>
    /// Of ledgers, governors, accounts and quotas alike: who began with a snapshot of events that are not there would
    /// go on behind a gap.
    /// </summary>
    private bool SnapshotsFit()
    {
        if (!File.Exists(PathOf(DataFiles.Snapshots))) return true;
        if (!File.Exists(PathOf(DataFiles.Journal))) return false;
        return Try(DataFiles.Snapshots, () =>
        {
            using var connection = new SqliteDatabase(PathOf(DataFiles.Snapshots)).OpenWriter();
            return connection.Scalar("""
                ATTACH @a AS j;
                SELECT EXISTS (SELECT 1 FROM (SELECT persistence_id AS id, max(sequence_number) AS newest FROM snapshot
                    GROUP BY persistence_id) WHERE newest > coalesce(
                        (SELECT max(sequence_number) FROM j.journal WHERE persistence_id = id), 0))
                """, PathOf(DataFiles.Journal)) as long?;
        }) is not 1;
    }

    private void LoseJournal(string why)
    {
        if (!Lost.Contains(DataFiles.Journal.Name))
            Lose(DataFiles.Journal, $"{why}: it is older than the files beside it", keep: true);
    }

    private void Follow(DataFile file, string table, int ledger, long end)
    {
        if (Number(file, $"SELECT seq FROM {table} WHERE partition = @a", ledger) is not { } place || place <= end) return;
        LoseJournal($"ends at event {end} of ledger {ledger}, though {file.Name} has read {place}");
        using var connection = new SqliteDatabase(PathOf(file)).OpenWriter();
        connection.Run($"UPDATE {table} SET seq = @a WHERE partition = @b", end, ledger);
    }

    /// <summary>Null: there is no such file, table or row.</summary>
    private long? Number(DataFile file, string sql, object argument) => !File.Exists(PathOf(file)) ? null : Try(file, () =>
    {
        using var connection = new SqliteDatabase(PathOf(file)).OpenWriter();
        return connection.Scalar(sql, argument) as long?;
    });

    /// <summary>A file, or the log beside it, that cannot be read is lost.</summary>
    private long? Try(DataFile file, Func<long?> read)
    {
        try { return read(); }
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
                + $"--accept-loss {file.Name}: {(keep ? "it goes on without what is newer" : file.Without)}.");
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
