using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace AkkaMail.Rig;

/// <summary>
/// A PostgreSQL server of its own, as it is installed: on a free port, with fsync on, in a temporary directory.
/// It is stopped as a machine loses power, and paused, at will.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private const string User = "postgres", Password = "test-pass-word";

    private static readonly Lazy<PostgresCluster> OfThisRun = new(() =>
    {
        var cluster = Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    });

    private readonly string _directory, _data, _host;
    private readonly ConcurrentStack<string> _empty = [];
    private int _databases;

    private PostgresCluster(string directory, string data, string host, int port) =>
        (_directory, _data, _host, Port) = (directory, data, host, port);

    /// <summary>One for all tests of a process; they tell themselves apart by databases.</summary>
    public static PostgresCluster Shared => OfThisRun.Value;

    /// <summary>Null: there is none of version 14 or later.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(d => int.TryParse(Path.GetFileName(d), out var v) && v >= 14)
            .OrderByDescending(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            .Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    public int Port { get; }

    /// <param name="directory">Where its data lie; null: a temporary one, deleted in the end.</param>
    /// <param name="alsoAt">An address of this machine beside loopback, by which everybody comes then.</param>
    /// <param name="settings">As in postgresql.conf, over what is usual.</param>
    public static PostgresCluster Start(
        string? directory = null, IPAddress? alsoAt = null, params (string Name, string Value)[] settings)
    {
        if (Programs is null) throw new InvalidOperationException("no PostgreSQL 14 or later: apt-get install postgresql");
        var own = directory ?? ThisBuild.NewDirectory("postgres");
        var cluster = new PostgresCluster(directory is null ? own : "", Path.Combine(own, "data"),
            (alsoAt ?? IPAddress.Loopback).ToString(), ServerProcess.FreePort());
        var secret = Path.Combine(own, "secret");
        File.WriteAllText(secret, Password);
        if (IsRoot) Run("chown", "-R", User, own);
        AsUser("initdb", "-D", cluster._data, "-U", User, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256",
            $"--pwfile={secret}", "--no-instructions");
        File.AppendAllLines(Path.Combine(cluster._data, "postgresql.conf"),
        [
            $"port = {cluster.Port}", $"listen_addresses = '127.0.0.1,{cluster._host}'", $"unix_socket_directories = '{own}'", "fsync = on",
            "shared_buffers = 128MB", "max_connections = 200", "wal_compression = lz4", "checkpoint_timeout = 30min",
            "max_wal_size = 4GB", .. settings.Select(s => $"{s.Name} = {s.Value}"),
        ]);
        if (alsoAt is not null)
            File.AppendAllLines(Path.Combine(cluster._data, "pg_hba.conf"), ["host all all samenet scram-sha-256"]);
        cluster.Start();
        return cluster;
    }

    /// <summary>
    /// A second server with all that this one has. From here on a commit is answered when both have it
    /// (<c>synchronous_standby_names</c>).
    /// </summary>
    public PostgresCluster StandBy()
    {
        var own = ThisBuild.NewDirectory("standby");
        var standby = new PostgresCluster(own, Path.Combine(own, "data"), _host, ServerProcess.FreePort());
        if (IsRoot) Run("chown", "-R", User, own);
        AsUser("pg_basebackup", "-d", $"host=127.0.0.1 port={Port} user={User} password={Password} application_name=standby",
            "-D", standby._data, "-R", "-X", "stream", "-c", "fast");
        File.AppendAllLines(Path.Combine(standby._data, "postgresql.conf"),
            [$"port = {standby.Port}", $"unix_socket_directories = '{own}'"]);
        standby.Start();
        Execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        Execute("postgres", "SELECT pg_reload_conf()");
        return standby;
    }

    /// <summary>It writes from now on.</summary>
    public void Promote() => AsUser("pg_ctl", "-D", _data, "-w", "promote");

    /// <summary>An empty database, as an operator makes it; the connection string to it.</summary>
    public string NewDatabase()
    {
        if (_empty.TryPop(out var empty)) return empty;
        var name = $"t{Interlocked.Increment(ref _databases)}";
        Execute("postgres", $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        return ConnectionString(name);
    }

    /// <summary>Empties one for the next who asks: to make a database takes longer than most tests.</summary>
    public void GiveBack(string connectionString)
    {
        Execute(new NpgsqlConnectionStringBuilder(connectionString).Database!, """
            DO $$ DECLARE s text; BEGIN
                FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
                    EXECUTE format('DROP SCHEMA %I CASCADE', s);
                END LOOP; END $$
            """);
        _empty.Push(connectionString);
    }

    public string ConnectionString(string database, string user = User, string password = Password) =>
        $"Host={_host};Port={Port};Database={database};Username={user};Password={password}";

    public void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of what a query gives.</summary>
    public static async Task<List<T>> Read<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await rows.ReadAsync()) values.Add(rows.GetFieldValue<T>(0));
        return values;
    }

    public void Start() => AsUser(
        "pg_ctl", "-D", _data, "-w", "-t", "60", "-l", Path.Combine(Path.GetDirectoryName(_data)!, "log"), "start");

    /// <summary>Starts it unless it runs.</summary>
    public void EnsureStarted()
    {
        try { Start(); }
        catch (InvalidOperationException) when (IsUp()) { }

        bool IsUp()
        {
            try
            {
                Execute("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException) { return false; }
        }
    }

    /// <summary>No farewell and no checkpoint: it recovers from its log.</summary>
    public void Crash() => AsUser("pg_ctl", "-D", _data, "-m", "immediate", "-w", "stop");

    /// <summary>Everybody is cut off, and what is committed is on disk.</summary>
    public void Stop() => AsUser("pg_ctl", "-D", _data, "-m", "fast", "-w", "stop");

    /// <summary>It answers nobody and closes nothing, as a machine that hangs.</summary>
    public void Pause() => Signal("-STOP");

    public void Resume() => Signal("-CONT");

    /// <summary>The postmaster, then what it has started.</summary>
    public IReadOnlyList<int> Processes
    {
        get
        {
            var postmaster = int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
            var children = $"/proc/{postmaster}/task/{postmaster}/children";
            return [postmaster, .. File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
        }
    }

    /// <summary>What all of its processes have taken, also those that have ended.</summary>
    public TimeSpan Cpu => TimeSpan.FromMilliseconds(10 * Processes.Sum(pid =>
    {
        try
        {
            // proc(5): utime, stime, cutime, cstime are 14 to 17; the name in brackets may have blanks.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(n => long.Parse(n, CultureInfo.InvariantCulture));
        }
        catch (IOException) { return 0; }   // It has ended, and its parent has it by now.
    }));

    private void Signal(string signal)
    {
        foreach (var pid in Processes)
            using (var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
    }

    private static bool IsRoot { get; } = Environment.UserName == "root";

    // It refuses to run as root.
    private static void AsUser(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        if (IsRoot) Run("runuser", ["-u", User, "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // What it leaves running keeps its output open: into files, or nobody could wait for the end of it.
        using var process = Process.Start(new ProcessStartInfo("sh",
            ["-c", "exec \"$@\" >/dev/null 2>\"${ERRORS:-/dev/null}\"", "sh", program, .. arguments])
        { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    public void Dispose()
    {
        try { Crash(); }
        catch (InvalidOperationException) { }   // It is down already.
        if (_directory.Length > 0) Directory.Delete(_directory, recursive: true);
    }
}
