using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Rig;

/// <summary>
/// The real server in a process of its own, as an operator starts it; killed and started again at will.
/// </summary>
public sealed class ServerProcess : IDisposable
{
    public const string AdminKey = "test-key-0123456789abcdef";

    private readonly Process _process;
    private readonly List<string> _output = [], _errors = [];

    private ServerProcess(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }
    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get { lock (_output) return string.Join('\n', _output); }
    }

    /// <summary>The part of <see cref="Output"/> that came on stderr.</summary>
    public string Errors
    {
        get { lock (_output) return string.Join('\n', _errors); }
    }

    /// <summary>
    /// Starts <c>serve</c> (or another verb) on a free loopback port; does not wait until it is ready. An empty setting
    /// takes the variable away.
    /// </summary>
    /// <param name="isMeasured">
    /// Hot code is optimized at once, as docs/operating/deploy.md says. A start takes twice the CPU by it (6 s, not 3),
    /// which a server that lives for a few tests never wins back.
    /// </param>
    /// <param name="host">The address its API listens on.</param>
    /// <param name="within">A program with its arguments that runs it, as <c>ip netns exec</c>; it must become it.</param>
    /// <param name="openFiles">As many files and connections the process may have open; null: as many as this one.</param>
    public static ServerProcess Start(
        string dataDirectory, IReadOnlyDictionary<string, string> settings, string verb = "serve", int? port = null,
        string configuration = ThisBuild.Configuration, string? urls = null, bool isMeasured = false,
        int? openFiles = null, IEnumerable<string>? arguments = null, string host = "127.0.0.1", IEnumerable<string>? within = null, string? program = null)
    {
        var url = new Uri($"http://{host}:{port ?? FreePort()}");
        string[] command = ["dotnet", program ?? ThisBuild.ServerDll(configuration), verb, "--urls", urls ?? url.ToString(), .. arguments ?? []];
        if (openFiles is { } files)
            command = ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={files}:{files}"), .. command];
        command = [.. within ?? [], .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = ThisBuild.Root,
        };
        start.Environment["DOTNET_GCgen0size"] = "0x1000000";   // As docs/operating/deploy.md says.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        if (isMeasured) start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        start.Environment["AkkaMail__DataDirectory"] = dataDirectory;
        start.Environment["AkkaMail__AdminKey"] = AdminKey;
        foreach (var (name, value) in settings)
        {
            if (value.Length == 0) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var server = new ServerProcess(process, url);
        process.OutputDataReceived += (_, e) => server.Keep(e.Data, server._output);
        process.ErrorDataReceived += (_, e) => server.Keep(e.Data, server._output, server._errors);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits for <c>/health/ready</c>; throws with the server's words when it does not come.</summary>
    public async Task<ServerProcess> Ready(TimeSpan? within = null)
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(2) };
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < (within ?? TimeSpan.FromSeconds(60)))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"the server ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return this;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException) { }
            await Task.Delay(25);
        }
        throw new TimeoutException($"the server is not ready:\n{Output}");
    }

    /// <summary>SIGKILL: no farewell, as in a crash.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: it answers nobody and closes nothing, as a machine that hangs, until SIGCONT.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGTERM, and wait for a clean end.</summary>
    public async Task Stop(TimeSpan? within = null)
    {
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(within ?? TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for an end of its own; the exit code.</summary>
    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));   // Also until both streams are read.
        return _process.ExitCode;
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in MB: the peak, or what it is now.</summary>
    public double Rss(bool peak) => double.Parse(
        File.ReadLines($"/proc/{Id}/status")
            .First(line => line.StartsWith(peak ? "VmHWM:" : "VmRSS:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Resident memory in MB as it is now; the peak begins anew from here (proc(5), clear_refs).</summary>
    public double RssNow()
    {
        File.WriteAllText($"/proc/{Id}/clear_refs", "5");
        return Rss(peak: false);
    }

    /// <summary>
    /// A port that nobody has, below those that the system gives to connections: a server that is down for a moment
    /// finds it free again, whatever else runs.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_240, 32_768);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try { probe.Bind(new IPEndPoint(IPAddress.Any, port)); }
            catch (SocketException) { continue; }
            return port;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Keep(string? line, params ReadOnlySpan<List<string>> streams)
    {
        if (line is null) return;
        lock (_output)
        {
            foreach (var stream in streams)
                if (stream.Count < 20_000) stream.Add(line);
        }
    }
}
