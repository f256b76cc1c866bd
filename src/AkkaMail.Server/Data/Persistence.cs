using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using AkkaMail.Engine.Hosting;

namespace AkkaMail.Server.Data;

/// <summary>The one place with HOCON: Akka.Persistence.Sql has no Akka.Hosting package on our feed.</summary>
internal static class Persistence
{
    public const string Journal = "akka.persistence.journal.sql";
    public const string Snapshots = "akka.persistence.snapshot-store.sql";
    public const string Query = "akka.persistence.query.journal.sql";

    public static JournalParts Parts { get; } = new(Journal, Snapshots, ReadJournal);

    /// <summary>
    /// The journal writes with one connection: SQLite has one writer a file, and on PostgreSQL what waits meanwhile makes
    /// the next commit larger, which is faster than several. A call that takes over 10 s counts as failed; after 1 s the next one may try, and a ledger that stopped starts
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
              # It throws away what an earlier writer has stored behind a later one, and the plugin gives all that a process
              # writes one writer's id: of a ledger that came back to a node all from there on would be gone. Two writers of
              # one event there cannot be: the key of the table is the fence.
              replay-filter.mode = off
              circuit-breaker { max-failures = 5, call-timeout = 10s, reset-timeout = 1s }
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql.class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
            # Never open: half open it throws in the store itself, and who waits for a snapshot hears nothing for half a minute.
            sql.circuit-breaker { max-failures = 1000000, call-timeout = 20s, reset-timeout = 1s }
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
          # When a shard's owner dies in the middle of a rebalance 1.5.73 stands until this is over, by default for 60 s.
          handoff-timeout = 8s
          rebalance-interval = 5s
        }
        akka.cluster {
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          split-brain-resolver { stable-after = 3s, down-all-when-unstable = 15s }
          down-removal-margin = 1s
          failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2500ms }
          singleton.hand-over-retry-interval = 200ms
          # Akka.NET 8568: it says so at each start, before it has looked.
          singleton-proxy.log-singleton-identification-failure = off
        }
        """;

    public static AkkaConfigurationBuilder WithJournal(this AkkaConfigurationBuilder akka, DataDirectory data)
    {
        akka.AddHocon(Hocon, HoconAddMode.Prepend);
        if (data.Stores is PostgresStores { Server: var server }) PostgresJournal.AddTo(akka, server);
        else SqliteJournal.AddTo(akka, (FileStores)data.Stores);
        return akka.AddHocon(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    public static ICurrentEventsByPersistenceIdQuery ReadJournal(ActorSystem system) =>
        PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
}
