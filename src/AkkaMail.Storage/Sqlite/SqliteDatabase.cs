using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Sqlite;

/// <summary>
/// An embedded file in WAL mode, so readers never block the writer: one writing connection, a pool of reading ones.
/// </summary>
public sealed record SqliteDatabase(string Path) : Database
{
    /// <summary>How long a statement waits for another process's lock. Default 3 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes of a page, for a new file. Each page of a commit is two writes to the log.</summary>
    public int PageBytes { get; init; } = 4096;

    /// <summary>At once: a reader that upgrades may not wait for a lock.</summary>
    public override string Begin => "BEGIN IMMEDIATE";

    public override bool KeepsConnection => true;

    public override SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate, pooling: false));
        try
        {
            connection.Open();
            // A WAL of 16 MB between checkpoints: hot index pages are copied back once, not at every thousandth page.
            connection.Run($"""
                PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {(Durability == Durability.Power ? "FULL" : "NORMAL")};
                PRAGMA wal_autocheckpoint = {(16 << 20) / PageBytes};
                PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY{(Overwrites ? "; PRAGMA secure_delete = ON" : "")}
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The immediate transaction is the lock.</summary>
    public override void Migrate(Schema schema) => Write(connection =>
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > schema.Steps.Count)
            throw new InvalidDataException($"{Path} was written by a newer program: its version is {version}, and this "
                + $"one knows {schema.Steps.Count}. Take that program, or a backup from before it.");
        foreach (var step in schema.Steps.Skip(version).Where(s => s.Sqlite.Length > 0)) connection.Run(step.Sqlite);
        connection.Run($"PRAGMA user_version = {schema.Steps.Count}");
        return version;
    });

    protected override void HoldToMigrate(DbConnection connection) { }   // A file has one writer.

    public override string Text(Dialects dialects) => dialects.Sqlite;

    public override string Table(string name) => name;

    public override string IsOneOf(string column, string parameter) =>
        $"{column} IN (SELECT unhex(value) FROM json_each({parameter}))";

    public override DataParameter ManyOf(string name, IEnumerable<byte[]> values) =>
        new(name, $"[{string.Join(',', values.Select(v => $"\"{Convert.ToHexString(v)}\""))}]");

    public override async Task<IReadOnlyList<string>> Explain(string sql, params DataParameter[] parameters) =>
        await Query(db => db.QueryToListAsync(row => row.GetString(3), "EXPLAIN QUERY PLAN " + sql, parameters));

    public override SqliteDatabase Generation(int number) => number == 1 ? this
        : new(string.Create(CultureInfo.InvariantCulture, $"{Stem}-{number}{System.IO.Path.GetExtension(Path)}"))
        {
            Store = Store,
            Durability = Durability,
            Overwrites = Overwrites,
            BusyTimeout = BusyTimeout,
            PageBytes = PageBytes,
        };

    public override IReadOnlyList<int> Generations()
    {
        var (directory, extension) = (System.IO.Path.GetDirectoryName(Path)!, System.IO.Path.GetExtension(Path));
        return [.. Directory.EnumerateFiles(directory, $"{System.IO.Path.GetFileName(Stem)}*{extension}").Select(NumberOf)
            .OfType<int>().Order()];
    }

    private string Stem => System.IO.Path.ChangeExtension(Path, null);

    private int? NumberOf(string file) => file == Path ? 1
        : System.IO.Path.ChangeExtension(file, null) is var stem && stem.StartsWith(Stem + "-", StringComparison.Ordinal)
            && int.TryParse(stem.AsSpan(Stem.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 1 ? number : null;

    public override void Erase()
    {
        CloseReaders();
        try
        {
            foreach (var file in (string[])[Path, Path + "-wal", Path + "-shm"]) File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw Fault(e); }
    }

    public override void CloseReaders()
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
            return connection.Scalar("PRAGMA quick_check(1)") is "ok";
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
        return connection.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'round'") is 1L
            ? Convert.ToInt64(connection.Scalar("SELECT max(number) FROM round"), CultureInfo.InvariantCulture) : 0;
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
            if (Convert.ToInt32(connection.Scalar("PRAGMA application_id"), CultureInfo.InvariantCulture) != owner)
            {
                connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {owner}"));
                connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");   // The head of the file itself says it too.
            }
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                CREATE TABLE IF NOT EXISTS round (number INTEGER NOT NULL);
                DELETE FROM round; INSERT INTO round VALUES ({round});
                COMMIT
                """));
        }
        catch (SqliteException e) { throw Fault(e); }
    }

    public override bool IsFault(Exception e) => e is SqliteException
    {
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB (sqlite.org/rescode.html).
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26,
    };

    /// <summary>There is one writer, and who waited for it in vain has waited for long enough.</summary>
    public override bool IsWorthAnotherTry(Exception e) => false;

    protected override string Said(DbException e) => e.Message;

    protected override DataOptions MakeReaders() => new DataOptions()
        .UseSQLite(ConnectionString(SqliteOpenMode.ReadOnly, pooling: true), SQLiteProvider.Microsoft);

    private string ConnectionString(SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = Path,
        Mode = mode,
        Pooling = pooling,
        DefaultTimeout = Math.Max(1, (int)BusyTimeout.TotalSeconds),
    }.ToString();
}
