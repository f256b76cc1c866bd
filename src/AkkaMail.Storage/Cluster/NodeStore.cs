using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using AkkaMail.Core.Cluster;
using AkkaMail.Core.Ids;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using Npgsql;

namespace AkkaMail.Storage.Cluster;

/// <summary>
/// The table of nodes: who lives on this database, and where. It is logged, since an empty one after a crash would let a
/// second cluster be founded. On a connection of its own, so that no crowd before the pool looks like a death. Faults are
/// <see cref="StoreException"/>s.
/// </summary>
public sealed class NodeStore : IDisposable
{
    /// <summary>As a step of the schema <c>akkamail</c>.</summary>
    public const string Schema = """
        CREATE TABLE nodes (
            address TEXT PRIMARY KEY, incarnation BIGINT NOT NULL, state TEXT NOT NULL, founding BIGINT NOT NULL, name TEXT,
            version TEXT NOT NULL, rules TEXT NOT NULL, skew_ms BIGINT, started_at TIMESTAMPTZ NOT NULL,
            seen_at TIMESTAMPTZ NOT NULL) WITH (fillfactor = 50);
        CREATE SEQUENCE foundings;
        CREATE TABLE cluster_key (
            one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), xml TEXT NOT NULL);
        """;

    private const long FounderLock = PostgresServer.MigrationLock + 1;

    /// <summary>Rows of the dead, for whoever asks what became of them.</summary>
    private const string Forget = "DELETE FROM nodes WHERE seen_at < clock_timestamp() - INTERVAL '1 day'";

    private const string Select = """
        SELECT address, incarnation, state, founding, name, version, rules, skew_ms, started_at, seen_at,
            (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::bigint
        FROM nodes ORDER BY address
        """;

    private const string Upsert = """
        INSERT INTO nodes (address, incarnation, state, founding, name, version, rules, skew_ms, started_at, seen_at)
        VALUES (@a, @b, @c, @d, @e, @f, @g, @h, @i, clock_timestamp())
        ON CONFLICT (address) DO UPDATE SET incarnation = excluded.incarnation, state = excluded.state,
            founding = excluded.founding, name = excluded.name, version = excluded.version, rules = excluded.rules,
            skew_ms = excluded.skew_ms, started_at = excluded.started_at, seen_at = excluded.seen_at
        """;

    private readonly Lock _one = new();
    private readonly PostgresDatabase _db;
    private readonly string _connectionString;
    private NpgsqlConnection? _connection;
    private bool _isClosed;

    public NodeStore(PostgresServer server)
    {
        _db = server.Schema(PostgresServer.Shared) with { Store = "The table of nodes" };
        _connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            Timeout = 3,
            CommandTimeout = 3,
            ApplicationName = string.Create(
                CultureInfo.InvariantCulture, $"AkkaMail {Environment.MachineName}/{Environment.ProcessId}"),
        }.ConnectionString;
    }

    /// <summary>
    /// Reads all rows, and then writes this node's as <paramref name="decide"/> makes it of them; null: nothing is written.
    /// Gives the rows as they were, and the database's time.
    /// </summary>
    public (IReadOnlyList<SeenNode> Rows, DateTimeOffset Now) Beat(Func<IReadOnlyList<SeenNode>, NodeSelf?> decide) =>
        InOne(connection =>
        {
            var rows = connection.Read(Row, Select);
            if (decide(rows) is { } self) Put(connection, self);
            connection.Run(Forget);
            return ((IReadOnlyList<SeenNode>)rows, (DateTimeOffset)(DateTime)connection.Scalar("SELECT clock_timestamp()")!);
        });

    /// <summary>
    /// How far our clock is ahead of the database's, and how long the question took: so far the answer may be wrong.
    /// </summary>
    public (TimeSpan Ahead, TimeSpan Took) Skew(TimeProvider time) => InOne(connection =>
    {
        var (here, began) = (time.GetUtcNow(), time.GetTimestamp());
        var there = (DateTimeOffset)(DateTime)connection.Scalar("SELECT clock_timestamp()")!;
        var took = time.GetElapsedTime(began);
        return (here + took / 2 - there, took);
    });

    /// <summary>
    /// Takes the founder's lock, which ends with this transaction, looks whether nobody has given a sign of life since, and
    /// writes this node's row as one that founds. The number of the cluster; null: somebody has.
    /// </summary>
    public long? TryFound(
        NodeSelf self, ImmutableDictionary<(string, long), DateTimeOffset> seen, IReadOnlySet<string> dead) =>
        InOne<long?>(connection =>
        {
            connection.Run("SELECT pg_advisory_xact_lock(@a)", FounderLock);
            if (!Gate.IsStill(connection.Read(Row, Select), self.Address, seen, dead)) return null;
            var founding = (long)connection.Scalar("SELECT nextval('foundings')")!;
            // Whoever does live after all writes his row anew, and finds that he is in another cluster.
            connection.Run("DELETE FROM nodes WHERE state <> @a", NodeState.Joining.ToWord());
            Put(connection, self with { State = NodeState.Founding, Founding = founding });
            return founding;
        });

    /// <summary>It has ended by itself: whoever comes next need not wait for it.</summary>
    public void Remove(string address, long incarnation) => InOne(connection =>
        connection.Run("DELETE FROM nodes WHERE address = @a AND incarnation = @b", address, incarnation));

    private T InOne<T>(Func<NpgsqlConnection, T> run)
    {
        lock (_one)
            try
            {
                ObjectDisposedException.ThrowIf(_isClosed, this);
                if (_connection is null)
                {
                    _connection = new(_connectionString);
                    _connection.Open();
                }
                _connection.Run(_db.Begin);
                var result = run(_connection);
                _connection.Run("COMMIT");
                return result;
            }
            catch (Exception e)
            {
                _connection?.Dispose();
                _connection = null;
                if (e is DbException fault) throw _db.Fault(fault);
                throw;
            }
    }

    private static void Put(DbConnection connection, NodeSelf self) => connection.Run(Upsert,
        self.Address, self.Incarnation, self.State.ToWord(), self.Founding, self.Name, self.Version, self.Rules,
        self.Skew is { } skew ? (long)skew.TotalMilliseconds : null, self.StartedAt.UtcDateTime);

    private static SeenNode Row(DbDataReader row) => new(
        // A state of a newer program is one of a node that is in.
        new(row.GetString(0), row.GetInt64(1), Words.Parse<NodeState>(row.GetString(2)) ?? NodeState.Member)
        {
            Founding = row.GetInt64(3),
            Name = row.IsDBNull(4) ? null : row.GetString(4),
            Version = row.GetString(5),
            Rules = row.GetString(6),
            Skew = row.IsDBNull(7) ? null : TimeSpan.FromMilliseconds(row.GetInt64(7)),
            StartedAt = row.GetFieldValue<DateTimeOffset>(8),
        },
        row.GetFieldValue<DateTimeOffset>(9), TimeSpan.FromMilliseconds(row.GetInt64(10)));

    public void Dispose()
    {
        lock (_one)
        {
            _isClosed = true;
            _connection?.Dispose();
            _connection = null;
        }
    }
}
