using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sqlite;

namespace AkkaMail.Server.Data;

/// <summary>
/// The directory with everything this installation knows, or of a node whose stores are in a database what is of this run.
/// Held by one process at a time: two servers on one file would each believe to be the only writer.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>
    /// One SQLite journal has one writer, so more ledgers only make smaller commits: 4 take 20 % more CPU a message,
    /// and a 202 twice as long at half load.
    /// </summary>
    private const int NewLedgers = 1;

    /// <summary>Four to eight a node are what evens nodes out, and ledgers are no more after the first start.</summary>
    private const int NewLedgersOnServer = 32;

    private readonly FileStream _lock;
    private readonly Lock _round = new();

    private DataDirectory(string path, FileStream held, Installation installation, string? newAdminKey)
    {
        (Path, _lock, Installation, NewAdminKey) = (path, held, installation, newAdminKey);
    }

    public string Path { get; }
    public Installation Installation { get; private set; }

    /// <summary>What was broken and will be made again, and what was lost and accepted to be, at this start.</summary>
    public IReadOnlyList<string> MadeAgain { get; private init; } = [];
    public IReadOnlyList<string> Lost { get; private init; } = [];

    /// <summary>The admin key, when it has just been drawn: shown once, stored as a hash only.</summary>
    public string? NewAdminKey { get; }

    /// <summary>
    /// A second key until this process ends: a demo must not need the one that was shown at its first start.
    /// </summary>
    public string SessionKey { get; } = DrawKey();

    /// <summary>
    /// A new empty file for what a request brings, to be deleted with it: lists of addresses do not lie about
    /// elsewhere. What a crash left behind goes at the next start.
    /// </summary>
    public string TemporaryFile()
    {
        if (!Directory.Exists(Path)) throw new IOException($"'{Path}' is gone.");   // Nobody makes it anew under us.
        var directory = PathOf(DataFiles.Temporary);
        Directory.CreateDirectory(directory);
        return System.IO.Path.Combine(directory, $"{Guid.NewGuid():N}");
    }

    /// <summary>The same, to be written and read; it goes when it is closed.</summary>
    public Stream TemporaryStream() => new FileStream(
        TemporaryFile(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.DeleteOnClose);

    /// <summary>Where the stores are: here, or in a database.</summary>
    public required Stores Stores { get; init; }

    /// <summary>The keys that encrypt the secrets, where the stores are files.</summary>
    public string KeyRing => PathOf(DataFiles.Protection);

    /// <summary>What lies in <see cref="KeyRing"/>.</summary>
    public IReadOnlyList<XElement> KeyRingElements() => !Directory.Exists(KeyRing) ? []
        : [.. Directory.GetFiles(KeyRing, "*.xml").Order(StringComparer.Ordinal).Select(LoadKey)];

    private static XElement LoadKey(string file)
    {
        try { return XElement.Load(file); }
        catch (XmlException e) { throw new StartException($"{file} is damaged: {e.Message} Restore it from a backup."); }
    }

    /// <summary>It is no installation any more, and nobody starts on its files by mistake.</summary>
    public void HasMoved(string name)
    {
        File.Move(PathOf(DataFiles.Installation), System.IO.Path.Combine(Path, name), overwrite: true);
        Installation = Installation with { Round = 0 };   // Nothing is noted at the end.
    }

    private string PathOf(DataFile file) => System.IO.Path.Combine(Path, file.Name);

    private SqliteDatabase DatabaseOf(DataFile file) => new(PathOf(file));

    /// <summary>
    /// Opens or makes the directory; a <see cref="StartException"/> says what an operator can do about it.
    /// </summary>
    /// <param name="acceptedLosses">Files that may be gone or broken: it goes on without what was in them.</param>
    public static DataDirectory Open(
        string path, int? ledgers, string? adminKey, IReadOnlyCollection<string>? acceptedLosses = null)
    {
        path = System.IO.Path.GetFullPath(path);
        var held = Hold(path);
        var file = System.IO.Path.Combine(path, DataFiles.Installation.Name);
        var check = new DataCheck(path, acceptedLosses ?? []);
        Installation? known;
        try
        {
            known = check.ReadInstallation();
            if (known is not null && ProblemOf(known, path, ledgers) is { } problem) throw new StartException(problem);
            check.Run(known, known?.Ledgers ?? ledgers ?? NewLedgers);
        }
        catch (StartException)
        {
            held.Dispose();
            throw;
        }
        var installation = Settle(known, ledgers ?? NewLedgers, adminKey, out var drawn);
        if (check.Lost.Count > 0)
            installation = installation with
            {
                Losses = [.. installation.Losses ?? [], .. check.Lost],
                Files = installation.Files?.Except(check.Lost).ToList(),
            };
        if (installation != known) Write(file, installation);
        return new(path, held, installation, drawn)
        {
            MadeAgain = check.MadeAgain,
            Lost = check.Lost,
            Stores = new FileStores(path),
        };
    }

    /// <summary>
    /// The same with all that is kept in a database: the directory has what is of one run, and the rules where they lie in
    /// no other place. It owns <paramref name="server"/>.
    /// </summary>
    public static DataDirectory Open(string path, int? ledgers, string? adminKey, PostgresServer server)
    {
        path = System.IO.Path.GetFullPath(path);
        var held = Hold(path);
        try
        {
            if (File.Exists(System.IO.Path.Combine(path, DataFiles.Installation.Name)))
                throw new StartException($"In {path} lies an installation on SQLite: take it along with "
                    + "'AkkaMail.Server move', or take another data directory.");
            if (server.Prepare() is { } problem) throw new StartException($"{server.Where} cannot be used: {problem}.");
            Installation? installation = null;
            string? drawn = null;
            InstallationTable.Open(server, known =>
            {
                if (known is not null && ProblemOf(known, server.Where, ledgers) is { } wrong) throw new StartException(wrong);
                return installation = Settle(known, ledgers ?? NewLedgersOnServer, adminKey, out drawn);
            });
            return new(path, held, installation!, drawn) { Stores = new PostgresStores(server) };
        }
        catch (Exception e)
        {
            held.Dispose();
            if (e is DbException fault) throw new StartException($"{server.Where} cannot be used: {PostgresServer.Said(fault)}.");
            throw;
        }
    }

    private static FileStream Hold(string path)
    {
        FileStream held;
        try
        {
            // Bodies and the key of address hashes lie here: nobody else's business.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            held = new(System.IO.Path.Combine(path, DataFiles.Lock.Name), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // EWOULDBLOCK of Linux and macOS, ERROR_SHARING_VIOLATION: another process has the lock.
            var isHeld = e is IOException && e.HResult is 11 or 35 or unchecked((int)0x80070020);
            throw new StartException($"The data directory {path} cannot be used: {e.Message}"
                + (isHeld ? " Is another server running on it?" : ""));
        }
        CloseToOthers(path);
        if (System.IO.Path.Combine(path, DataFiles.Temporary.Name) is var temporary && Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        return held;
    }

    private static Installation Settle(Installation? known, int ledgers, string? adminKey, out string? drawn)
    {
        drawn = adminKey is null && known?.AdminKeyHash is null ? DrawKey() : null;
        var installation = known ?? new Installation(ledgers, RandomNumberGenerator.GetBytes(32), null)
        {
            DataVersion = Installation.CurrentData,
        };
        return (adminKey ?? drawn) is { } key ? installation with { AdminKeyHash = HashKey(key) } : installation;
    }

    private static void Write(string file, Installation installation)
    {
        using (var stream = File.Create(file + ".new"))
        {
            JsonSerializer.Serialize(stream, installation);
            stream.Flush(flushToDisk: true);   // Else a power cut could leave an empty file under the name.
        }
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>
    /// All files are there, and as new as this: from the next start on one that is not there has been lost, and one that is
    /// of an earlier round is older than the others. Once the stores have been opened, then each minute, then at the end.
    /// installation.json comes last: what a crash cuts off leaves the others ahead of it. A fault leaves the round as it was.
    /// </summary>
    public void NoteRound()
    {
        lock (_round)
        {
            if (Stores is not FileStores) return;   // A database is copied and restored as a whole.
            LookForFiles();
            if (Gone.Count > 0) return;   // What is put back must not be older than a round it could not be in.
            var round = Installation.Round + 1;
            foreach (var file in DataFiles.In(Path).Where(f => f.IsDatabase && File.Exists(PathOf(f))))
                DatabaseOf(file).Mark(Installation.NumberOf(file.Name), round);
            var there = DataFiles.All
                .Where(f => f is { IsDatabase: true, Keeping: Keeping.Copied } && File.Exists(PathOf(f)))
                .Select(f => f.Name).Union(Installation.Files ?? []).ToList();
            Installation = Installation with { Files = there, Round = round };
            Write(PathOf(DataFiles.Installation), Installation);
        }
    }

    /// <summary>What was there at the start and lies no longer under its name: what is written to it now is lost.</summary>
    public IReadOnlyList<string> Gone { get; private set; } = [];

    /// <summary>Looks whether all files are still there.</summary>
    public void LookForFiles() => Gone = Stores is not FileStores ? [] :
    [
        .. (Installation.Files ?? []).Append(DataFiles.Installation.Name)
            .Where(name => !File.Exists(System.IO.Path.Combine(Path, name))),
    ];

    /// <summary>Bodies, addresses and keys lie here, whoever made the directory.</summary>
    private static void CloseToOthers(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0) return;
        try { File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others); }
        catch (UnauthorizedAccessException)
        {
            throw new StartException($"{path} can be read by others, and belongs to somebody else: chmod 700 it.");
        }
    }

    /// <summary>Why this program cannot run on what is there; null: it can.</summary>
    private static string? ProblemOf(Installation known, string path, int? ledgers)
    {
        if (known.DataVersion != Installation.CurrentData)
        {
            var age = known.DataVersion > Installation.CurrentData ? "a newer" : "an older";
            return $"{path} was written by {age} program, which this one cannot read: "
                + "take that program, or another directory.";
        }
        return ledgers is null || known.Ledgers == ledgers ? null
            : $"AkkaMail:Ledgers is {ledgers}, but {path} was made with {known.Ledgers}: set it back, it cannot change.";
    }

    /// <summary>256 random bits need no slow hash: there is nothing to guess.</summary>
    public static byte[] HashKey(string key) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>A clean end is a round too: what is copied back after it is told.</summary>
    public void Dispose()
    {
        try { if (Installation.Round > 0) NoteRound(); }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException) { }   // As at a crash.
        (Stores as PostgresStores)?.Server.Dispose();
        _lock.Dispose();
    }

    private static string DrawKey() => "am_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
