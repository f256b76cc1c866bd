using System.Globalization;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Data;

/// <summary>Journal and snapshots in files.</summary>
internal static class SqliteJournal
{
    /// <summary>
    /// Akka.Persistence.Sql makes the table on SQLite without any index but that of its row number: every recovery and
    /// every look into one journal would read all of it, with the events of everybody. Unique, so that two writers of
    /// one persistence id cannot both believe their event is stored.
    /// </summary>
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, deleted Bit NOT NULL,
            persistence_id NVarChar(255) NOT NULL, sequence_number INTEGER NOT NULL, message VarBinary NOT NULL,
            tags NVarChar(100), manifest NVarChar(500), identifier INTEGER, writer_uuid NVarChar(128));
        CREATE UNIQUE INDEX IF NOT EXISTS journal_of ON journal (persistence_id, sequence_number);
        """;

    /// <summary>SQLite has one writer a file, so snapshots have one of their own.</summary>
    public static void AddTo(AkkaConfigurationBuilder akka, FileStores files)
    {
        var journal = Prepare(files.Journal, Schema);
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions(Persistence.Journal, journal);
        // Without the right to write a read takes no write lock: Microsoft.Data.Sqlite begins every transaction as
        // IMMEDIATE, and a writer that meets one waits 150 ms.
        setup.AddDataOptions(Persistence.Query, new DataOptions().UseConnectionString(
            ProviderName.SQLiteMS, Source(files.Journal, SqliteOpenMode.ReadOnly)));
        setup.AddDataOptions(Persistence.Snapshots, Prepare(files.Snapshots));
        akka.AddSetup(setup);
    }

    /// <summary>
    /// WAL lets readers read while one writes, and is remembered by the file. SQLite syncs at each commit (FULL) unless
    /// built otherwise: without it the last commits could be gone after a power cut, and a 202 with them.
    /// </summary>
    private static DataOptions Prepare(string file, string? schema = null)
    {
        using var connection = new SqliteConnection(Source(file));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL";
        command.ExecuteNonQuery();
        if (schema is not null)
        {
            command.CommandText = schema;
            command.ExecuteNonQuery();
        }
        command.CommandText = "PRAGMA synchronous";
        if (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) < Full)
            throw new StartException(
                "This build of SQLite does not sync its commits: mail could be lost at a power cut.");
        return new DataOptions().UseConnectionString(ProviderName.SQLiteMS, Source(file));
    }

    private static string Source(string file, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 3, Mode = mode }.ToString();

    private const int Full = 2;
}
