using System.Buffers.Binary;
using System.Globalization;
using AkkaMail.Core.Mail;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Sqlite;

/// <summary>What a commit has to outlive before it is told.</summary>
public enum Durability
{
    /// <summary>The process: what can be made anew, or is seen again.</summary>
    Process,

    /// <summary>The power: a commit is a promise.</summary>
    Power,
}

/// <summary>
/// A database as a store is given it: how it is opened, read and brought up to date, and what of it is a fault. An
/// embedded file in WAL mode, so readers never block the writer: one writing connection, a pool of reading ones.
/// </summary>
public sealed record Database(string Path)
{
    private DataOptions? _readers;

    /// <summary>Its store, as a <see cref="StoreException"/> calls it.</summary>
    public string Store { get; init; } = "The database";

    public Durability Durability { get; init; } = Durability.Power;

    /// <summary>How long a statement waits for another process's lock. Default 3 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes of a page, for a new file. Each page of a commit is two writes to the log.</summary>
    public int PageBytes { get; init; } = 4096;

    /// <summary>The caller's to close.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate, pooling: false));
        try
        {
            connection.Open();
            // A WAL of 16 MB between checkpoints: hot index pages are copied back once, not at every thousandth page.
            Execute(connection, $"""
                PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {(Durability == Durability.Power ? "FULL" : "NORMAL")};
                PRAGMA wal_autocheckpoint = {(16 << 20) / PageBytes};
                PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Faults are <see cref="StoreException"/>s.</summary>
    public async Task<T> Query<T>(Func<DataConnection, Task<T>> query)
    {
        try
        {
            await using var db = new DataConnection(Readers);
            return await query(db);
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    /// <summary>The same for who cannot go on without it.</summary>
    public T QueryNow<T>(Func<DataConnection, T> query)
    {
        try
        {
            using var db = new DataConnection(Readers);
            return query(db);
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    /// <summary>
    /// One transaction on a connection of its own: for writes so rare that none need be kept open. Faults are
    /// <see cref="StoreException"/>s.
    /// </summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        try
        {
            using var connection = OpenWriter();
            Execute(connection, "BEGIN IMMEDIATE");
            var written = write(connection);
            Execute(connection, "COMMIT");
            return written;
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    /// <summary>
    /// Creates or brings up to date; <see cref="InvalidDataException"/>: a newer program was here. The
    /// immediate transaction is the lock; step n leads to version n + 1.
    /// </summary>
    public void Migrate(IReadOnlyList<string> steps) => Write(connection =>
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > steps.Count)
            throw new InvalidDataException($"{Path} was written by a newer program: its version is {version}, and this "
                + $"one knows {steps.Count}. Take that program, or a backup from before it.");
        foreach (var step in steps.Skip(version)) Execute(connection, step);
        Execute(connection, $"PRAGMA user_version = {steps.Count}");
        return version;
    });

    /// <summary>
    /// What can be made anew is never brought up to date: <paramref name="tables"/> that another version has made are
    /// dropped, and created empty.
    /// </summary>
    public void Remake(int version, IReadOnlyList<string> tables, string create) => Write(connection =>
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS made (version INTEGER NOT NULL)");
        if (Scalar(connection, "SELECT version FROM made") is long made && made == version) return false;
        foreach (var table in tables) Execute(connection, $"DROP TABLE IF EXISTS {table}");
        Execute(connection, create);
        Execute(connection, $"DELETE FROM made; INSERT INTO made VALUES ({version})");
        return true;
    });

    /// <summary>Pooled readers keep the file open; after this it can be moved or deleted.</summary>
    public void CloseReaders()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true));
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>
    /// What is wrong with the file, as far as its first page says (sqlite.org/fileformat.html §1.3); null: nothing, or
    /// it is not there. It opens nothing, so it makes nothing either.
    /// </summary>
    /// <param name="hasBeenUsed">
    /// A server has stopped with it. One that was made a moment ago may lie in its log as a whole; SQLite throws the log of
    /// an empty file away.
    /// </param>
    public string? Damage(bool hasBeenUsed)
    {
        var file = new FileInfo(Path);
        if (!file.Exists) return null;
        var log = new FileInfo(Path + "-wal");
        var hasLog = log is { Exists: true, Length: > 0 };
        if (file.Length == 0) return hasLog && !hasBeenUsed ? null : "is empty";
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (!TryReadHeader(header)) return "is no SQLite database";
        var page = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size and not 1 ? size : 65_536L;
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (file.Length >= page * pages) return null;
        // While its log is being copied into it, the first page may be ahead of the last: only a look at all of them tells.
        return hasLog && IsWhole() ? null : $"ends after {file.Length} of {page * pages} bytes";
    }

    private const int HeaderBytes = 100;

    private bool TryReadHeader(Span<byte> header)
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.StartsWith("SQLite format 3\0"u8);
    }

    private bool IsWhole()
    {
        try
        {
            using var connection = OpenWriter();
            return Scalar(connection, "PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException) { return false; }
    }

    /// <summary>
    /// Whose the file is, as <see cref="Mark"/> has said; zero: nobody has. Read from the file itself: the log beside it may
    /// be of another one.
    /// </summary>
    public int Owner()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        return File.Exists(Path) && TryReadHeader(header) ? BinaryPrimitives.ReadInt32BigEndian(header[68..]) : 0;
    }

    /// <summary>How far it was when <see cref="Mark"/> came last; zero: it never has.</summary>
    public long Round()
    {
        using var connection = OpenWriter();
        return Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'round'") is 1L
            ? Convert.ToInt64(Scalar(connection, "SELECT max(number) FROM round"), CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>
    /// Says in the file whose it is (sqlite.org, PRAGMA application_id) and in which round of its installation it is: a copy
    /// from before is of an earlier one.
    /// </summary>
    public void Mark(int owner, long round)
    {
        try
        {
            using var connection = OpenWriter();
            if (Convert.ToInt32(Scalar(connection, "PRAGMA application_id"), CultureInfo.InvariantCulture) != owner)
            {
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {owner}"));
                Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");   // The head of the file itself says it too.
            }
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                CREATE TABLE IF NOT EXISTS round (number INTEGER NOT NULL);
                DELETE FROM round; INSERT INTO round VALUES ({round});
                COMMIT
                """));
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    public StoreException Fault(string message, Exception? cause) => new(Store, message, cause);

    /// <summary>
    /// True when the database is at fault, so every write of a batch would meet the same; else one of them is.
    /// </summary>
    public static bool IsFault(Exception e) => e is SqliteException
    {
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB (sqlite.org/rescode.html).
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26,
    };

    // Made once: linq2db keeps what it has compiled by its options.
    private DataOptions Readers => _readers ??= new DataOptions()
        .UseSQLite(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true), SQLiteProvider.Microsoft);

    private string ConnectionString(SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = Path,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = Math.Max(1, (int)BusyTimeout.TotalSeconds),
    }.ToString();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
