using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using AkkaMail.Storage.Databases;
using Npgsql;

namespace AkkaMail.Storage.Postgres;

/// <summary>
/// One database of a PostgreSQL server, with all stores in it: each is a schema, named as its file would be. What a store
/// does lasts no longer than a transaction.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>The oldest that detaches a partition without shutting out readers.</summary>
    public const int VersionMin = 14;

    /// <summary>
    /// Held by who brings a schema up to date or makes a partition, to the end of its transaction: "AkkaMail" in ASCII.
    /// </summary>
    internal const long MigrationLock = 0x416B6B614D61696C;

    /// <summary>
    /// What stands in the middle of a transaction for longer, with what it has locked, is a process that stands still. Of
    /// one transaction; the journal's connections have it from their start (<see cref="IdleOption"/>).
    /// </summary>
    internal const string IdleTimeout = "SET LOCAL idle_in_transaction_session_timeout = 5000";

    public const string IdleOption = "-c idle_in_transaction_session_timeout=5000";

    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">As an operator has written it; what it leaves out is chosen here.</param>
    public PostgresServer(string connectionString)
    {
        var text = Complete(connectionString);
        (ConnectionString, _source) = (text.ConnectionString, NpgsqlDataSource.Create(text));
        Where = $"PostgreSQL at {text.Host}:{text.Port.ToString(CultureInfo.InvariantCulture)}, database {text.Database}";
    }

    /// <summary>With a password: for who opens a connection with it, never to be shown.</summary>
    public string ConnectionString { get; }

    /// <summary>Where it is, without what is secret.</summary>
    public string Where { get; }

    private static NpgsqlConnectionStringBuilder Complete(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        bool IsSaid(string name) => text.ContainsKey(name) && text.ShouldSerialize(name);
        // A server that is paused must cost a request no more than a journal that hangs does.
        if (!IsSaid("Timeout")) text.Timeout = 5;
        if (!IsSaid("Command Timeout")) text.CommandTimeout = 10;
        if (!IsSaid("Maximum Pool Size")) text.MaxPoolSize = 16;
        if (!IsSaid("Application Name")) text.ApplicationName = "AkkaMail";
        // By its text a statement is found again on whichever connection it comes to.
        if (!IsSaid("Max Auto Prepare")) (text.MaxAutoPrepare, text.AutoPrepareMinUsages) = (200, 2);
        if (!IsSaid("Keepalive")) text.TcpKeepAlive = true;
        if (!IsSaid("No Reset On Close")) text.NoResetOnClose = true;   // Nothing is set that would have to be.
        if (!IsSaid("Include Error Detail")) text.IncludeErrorDetail = false;   // It would name addresses.
        return text;
    }

    public PostgresDatabase Schema(string name) => new(this, name);

    /// <summary>
    /// Outside of the pool and without a bound on a statement: for what takes as long as there is much. The caller's to
    /// close.
    /// </summary>
    public NpgsqlConnection OpenForLong()
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0, MaxAutoPrepare = 0 }.ConnectionString);
        connection.Open();
        return connection;
    }

    public NpgsqlConnection Connect() => _source.CreateConnection();

    public NpgsqlConnection Open() => _source.OpenConnection();

    /// <summary>Makes what all stores share. Why it cannot be used, in an operator's words; null: it can.</summary>
    public string? Prepare()
    {
        try
        {
            using var connection = Open();
            var version = connection.PostgreSqlVersion;
            if (version.Major < VersionMin)
                return $"it is version {version}, and {VersionMin} is the oldest that will do";
            if (connection.Scalar("SHOW server_encoding") is string encoding and not "UTF8")
                return $"it keeps text as {encoding}, and mail needs UTF8: create the database with ENCODING 'UTF8' "
                    + "TEMPLATE template0";
            connection.Run($"BEGIN; {IdleTimeout}");
            connection.Run("SELECT pg_advisory_xact_lock(@a)", MigrationLock);
            MakeSchema(connection, Shared);
            connection.Run("""
                CREATE TABLE IF NOT EXISTS akkamail.migrations (
                    store TEXT PRIMARY KEY, version INT NOT NULL, program TEXT NOT NULL, at TIMESTAMPTZ NOT NULL)
                """);
            connection.Run("COMMIT");
            return null;
        }
        catch (DbException e) { return Said(e); }
    }

    /// <summary>The schema of what belongs to no store.</summary>
    public const string Shared = "akkamail";

    // IF NOT EXISTS alone asks for the right to create, also where it is there.
    internal static void MakeSchema(DbConnection connection, string name)
    {
        if (connection.Scalar("SELECT 1 FROM pg_namespace WHERE nspname = @a", name) is null)
            connection.Run($"CREATE SCHEMA \"{name}\"");
    }

    /// <summary>
    /// The server, the network or the disk is at fault: classes 08, 25, 53, 57, 58 and XX (PostgreSQL, appendix A), or no
    /// answer came at all.
    /// </summary>
    public static bool IsFault(Exception e) => e switch
    {
        PostgresException { SqlState: { Length: 5 } state } => state == PostgresErrorCodes.InsufficientPrivilege
            || state[..2] is "08" or "25" or "28" or "3D" or "53"
            or "57" or "58" or "XX" || state == PostgresErrorCodes.LockNotAvailable,   // Whoever has it has it for long.
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    /// <summary>
    /// Others were in the way: a deadlock, a serialization failure, a lock that was not to be had; or they were first with
    /// a key, or have dropped a partition: looking again will find it.
    /// </summary>
    public static bool IsWorthAnotherTry(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UndefinedTable,
    };

    /// <summary>What is wrong, in an operator's words.</summary>
    public static string Said(DbException e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "the disk of the database server is full",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
            "the database server takes no more connections: raise max_connections, or lower Maximum Pool Size",
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" } p =>
            $"the database server is stopping or starting ({p.MessageText})",
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification
        } p => $"it lets us not in: {p.MessageText}",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } p => $"{p.MessageText}: the role needs "
            + "CREATE on the database and owns what it creates: GRANT CREATE ON DATABASE … TO …",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } p =>
            $"{p.MessageText}: create it, empty, with ENCODING 'UTF8'",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            "it only reads: this is a standby, or default_transaction_read_only is set",
        PostgresException p => $"{p.MessageText} ({p.SqlState})",
        { InnerException: TimeoutException } => "the database server did not answer in time",
        { InnerException: SocketException s } => $"the database server cannot be reached ({s.SocketErrorCode})",
        _ => e.Message,
    };

    public void Dispose() => _source.Dispose();
}
