using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Query;
using AkkaMail.Engine.Hosting;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Data;

/// <summary>The one place with HOCON: Akka.Persistence.Sql has no Akka.Hosting package on our feed.</summary>
internal static class Persistence
{
    private const string Journal = "akka.persistence.journal.sql";
    private const string Snapshots = "akka.persistence.snapshot-store.sql";
    private const string Query = "akka.persistence.query.journal.sql";

    public static JournalParts Parts { get; } = new(Journal, Snapshots, ReadJournal);

    /// <summary>
    /// SQLite has one writer a file, so the journal writes with one connection and snapshots have a file of their own.
    /// A call that takes over 10 s counts as failed; after 1 s the next one may try, and a ledger that stopped starts
    /// again after 1 s: with the defaults a database fault of 10 s would be felt for a minute.
    /// </summary>
    private const string Hocon = """
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              parallelism = 1
              batch-size = 400
              buffer-size = 20000
              db-round-trip-max-batch-size = 1000
              tag-write-mode = Csv
              circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 1s }
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql.class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
            sql.circuit-breaker { max-failures = 5, call-timeout = 20s, reset-timeout = 1s }
          }
          query.journal.sql {
            class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
            write-plugin = "akka.persistence.journal.sql"
            tag-read-mode = Csv
            # Finds gaps in all of the journal, once a second, for queries by tag: we have none.
            journal-sequence-retrieval { query-delay = 1d, max-backoff-query-delay = 1d }
          }
          max-concurrent-recoveries = 8
        }
        akka.cluster.sharding {
          entity-restart-backoff = 1s
          retry-interval = 500ms
          waiting-for-state-timeout = 1s
          updating-state-timeout = 3s
          coordinator-failure-backoff = 1s
          shard-failure-backoff = 1s
        }
        akka.cluster {
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          split-brain-resolver.stable-after = 3s
          down-removal-margin = 1s
          failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2500ms }
          singleton.hand-over-retry-interval = 200ms
          # Akka.NET 8568: it says so at each start, before it has looked.
          singleton-proxy.log-singleton-identification-failure = off
        }
        """;

    public static AkkaConfigurationBuilder WithSqliteJournal(this AkkaConfigurationBuilder akka, DataDirectory data)
    {
        var journal = Prepare(data.JournalFile, JournalSchema);
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions(Journal, journal);
        // Without the right to write a read takes no write lock: Microsoft.Data.Sqlite begins every transaction as
        // IMMEDIATE, and a writer that meets one waits 150 ms.
        setup.AddDataOptions(Query, new DataOptions().UseConnectionString(
            ProviderName.SQLiteMS, Source(data.JournalFile, SqliteOpenMode.ReadOnly)));
        setup.AddDataOptions(Snapshots, Prepare(data.SnapshotFile));
        akka.AddSetup(setup);
        return akka.AddHocon(Hocon, HoconAddMode.Prepend)
            .AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    /// <summary>
    /// Akka.Persistence.Sql makes the table on SQLite without any index but that of its row number: every recovery and
    /// every look into one journal would read all of it, with the events of everybody. Unique, so that two writers of
    /// one persistence id cannot both believe their event is stored.
    /// </summary>
    private const string JournalSchema = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, deleted Bit NOT NULL,
            persistence_id NVarChar(255) NOT NULL, sequence_number INTEGER NOT NULL, message VarBinary NOT NULL,
            tags NVarChar(100), manifest NVarChar(500), identifier INTEGER, writer_uuid NVarChar(128));
        CREATE UNIQUE INDEX IF NOT EXISTS journal_of ON journal (persistence_id, sequence_number);
        """;

    public static ICurrentEventsByPersistenceIdQuery ReadJournal(ActorSystem system) =>
        PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);

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
