using System.Data.Common;
using System.Globalization;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;
using LinqToDB.Interceptors;
using LinqToDB.Mapping;
using Npgsql;

namespace AkkaMail.Storage.Postgres;

/// <summary>A store's schema in a PostgreSQL database.</summary>
public sealed record PostgresDatabase(PostgresServer Server, string Name) : Database
{
    /// <summary>
    /// Names are looked up in its own schema, to the end of the transaction and no longer: the connection is somebody
    /// else's then. A node that stands still in the middle of it loses its locks, and who waits for one begins anew.
    /// </summary>
    public override string Begin => $"{BeginToMigrate}; SET LOCAL lock_timeout = {LockTimeoutMs}" + (IsByIndex
        ? "; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off" : "");

    /// <summary>The same without a bound on waiting: of several that start one brings it up to date.</summary>
    protected override string BeginToMigrate => $"BEGIN; SET LOCAL search_path TO \"{Name}\"; "
        + PostgresServer.IdleTimeout;

    /// <summary>Times <see cref="Database.Tries"/> it is longer than a transaction that has been left alone lives.</summary>
    private const int LockTimeoutMs = 3_000;

    /// <summary>
    /// Its statements look up by a key, always. A plan that is kept was made when the partition was young, and reads all of
    /// it: measured at 300,000 rows 45 ms for a hundred of them, by the index 0.8 ms.
    /// </summary>
    public bool IsByIndex { get; init; }

    public override string BeAlone => $"SELECT pg_advisory_xact_lock(hashtextextended('{Name}', 0))";

    public override bool KeepsConnection => false;

    public override NpgsqlConnection OpenWriter() => Server.Open();

    public override NpgsqlConnection OpenToMigrate() => Server.OpenForLong();

    public override void Migrate(Schema schema) => Write(connection =>
    {
        HoldToMigrate(connection);
        PostgresServer.MakeSchema(connection, Name);
        var version = connection.Scalar("SELECT version FROM akkamail.migrations WHERE store = @a", Name) as int? ?? 0;
        if (version > schema.Steps.Count)
            throw new InvalidDataException($"The schema {Name} of {Server.Where} was written by a newer program: its "
                + $"version is {version}, and this one knows {schema.Steps.Count}. Take that program, or a backup from "
                + "before it.");
        if (version == schema.Steps.Count) return version;
        foreach (var step in schema.Steps.Skip(version).Where(s => s.Postgres.Length > 0)) connection.Run(step.Postgres);
        connection.Run("""
            INSERT INTO akkamail.migrations VALUES (@a, @b, @c, clock_timestamp())
            ON CONFLICT (store) DO UPDATE SET version = excluded.version, program = excluded.program, at = excluded.at
            """, Name, schema.Steps.Count, typeof(PostgresDatabase).Assembly.GetName().Version!.ToString(3));
        return version;
    }, OpenToMigrate, BeginToMigrate);

    protected override void HoldToMigrate(DbConnection connection) =>
        connection.Run("SELECT pg_advisory_xact_lock(@a)", PostgresServer.MigrationLock);

    public override string Text(Dialects dialects) => dialects.Postgres;

    public override string Table(string name) => $"\"{Name}\".{name}";

    public override string IsOneOf(string column, string parameter) => $"{column} = ANY({parameter})";

    public override DataParameter ManyOf(string name, IEnumerable<byte[]> values) => new(name, values.ToArray());

    public override async Task<IReadOnlyList<string>> Explain(string sql, params DataParameter[] parameters) =>
        await Query(db => db.QueryToListAsync(row => row.GetString(0), "EXPLAIN " + sql, parameters));

    public override PostgresDatabase Generation(int number) => number == 1 ? this
        : new(Server, string.Create(CultureInfo.InvariantCulture, $"{Name}-{number}"))
        {
            Store = Store,
            Durability = Durability,
            Overwrites = Overwrites,
            IsByIndex = IsByIndex,
        };

    public override IReadOnlyList<int> Generations() => Write(connection => connection.Read(row => row.GetString(0),
        "SELECT nspname::text FROM pg_namespace").Select(NumberOf).OfType<int>().Order().ToList());

    private int? NumberOf(string schema) => schema == Name ? 1
        : schema.StartsWith(Name + "-", StringComparison.Ordinal) && int.TryParse(schema.AsSpan(Name.Length + 1),
            NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1 ? number : null;

    /// <summary>
    /// A partition at a time: of a schema that is dropped as a whole the server holds a lock on each table and index.
    /// </summary>
    public override void Erase()
    {
        try
        {
            using var connection = Server.OpenForLong();
            connection.Run($"SET lock_timeout = '{(int)Partitions.LockTimeout.TotalSeconds}s'");
            foreach (var part in connection.Read(row => row.GetString(0), """
                SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = @a AND c.relkind = 'r' AND c.relispartition
                """, Name))
                connection.Run($"DROP TABLE IF EXISTS {Table(part)}");
            connection.Run($"DROP SCHEMA IF EXISTS \"{Name}\" CASCADE; DELETE FROM akkamail.migrations WHERE store = '{Name}'");
        }
        catch (DbException e) { throw Fault(e); }
    }

    public override void CloseReaders() { }   // They are the server's.

    public override bool IsFault(Exception e) => PostgresServer.IsFault(e);

    public override bool IsWorthAnotherTry(Exception e) => PostgresServer.IsWorthAnotherTry(e);

    protected override string Said(DbException e) => PostgresServer.Said(e);

    protected override DataOptions MakeReaders()
    {
        // The plain name of the provider is the dialect of PostgreSQL 9.2.
        var provider = PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v15);
        return new DataOptions().UseConnectionFactory(provider, _ => Server.Connect())
            // What linq2db knows of a table it keeps by the name of the mapping.
            .UseMappingSchema(new MappingSchema($"schema {Name}")).UseInterceptor(new CleanTexts())
            .UseOnEntityDescriptorCreated((_, table) => table.SchemaName = Name);
    }

    // Made once, and of no account for what it is.
    public bool Equals(PostgresDatabase? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What somebody asks for may have what no text here has: it finds what was stored of it.</summary>
internal sealed class CleanTexts : CommandInterceptor
{
    public override DbCommand CommandInitialized(CommandEventData eventData, DbCommand command)
    {
        foreach (DbParameter parameter in command.Parameters)
            if (parameter.Value is string text) parameter.Value = Commands.Text(text);
        return command;
    }
}
