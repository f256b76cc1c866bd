using System.Diagnostics;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>A real DNS server for the zone <c>test</c>, on loopback, in a process of its own.</summary>
internal sealed class Dnsmasq : IDisposable
{
    /// <summary>d0.test to d19.test are anybody's; the others are given to one test each.</summary>
    public const int Shared = 20, Domains = 400;

    private readonly string _file = Path.GetTempFileName();
    private readonly Dictionary<string, string[]> _published = [];
    private Process _process;

    private Dnsmasq(int port)
    {
        Port = port;
        _process = Run();
    }

    private Process Run()
    {
        File.WriteAllLines(_file, Zone().Concat(_published.Values.SelectMany(l => l)));
        return Process.Start(new ProcessStartInfo("/usr/sbin/dnsmasq",
            ["--keep-in-foreground", $"--conf-file={_file}", $"--port={Port}", "--user=root", "--pid-file="])
        { RedirectStandardError = true })!;
    }

    public int Port { get; }

    /// <summary>A port that was free may be taken by the time it is used, for TCP too: then another one is tried.</summary>
    public static async Task<Dnsmasq> Start()
    {
        for (var tries = 1; ; tries++)
        {
            var dns = new Dnsmasq(ServerProcess.FreePort());
            if (await dns.HasStarted()) return dns;
            dns.Dispose();
            if (tries == 5) throw new InvalidOperationException("dnsmasq ended, on five ports");
        }
    }

    /// <summary>
    /// Begins anew with these lines of <paramref name="whose"/> instead of those it had, beside the others'; they are
    /// of a zone file (TXT, MX and CNAME), or of dnsmasq's configuration.
    /// </summary>
    public async Task Publish(string whose, params IEnumerable<string> lines)
    {
        _published[whose] = [.. lines.Select(l => l.Contains(" IN ", StringComparison.Ordinal) ? Configured(l) : l)];
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = Run();
        if (!await HasStarted()) throw new InvalidOperationException("dnsmasq does not take the zone");
    }

    /// <summary>As dnsmasq's configuration writes it.</summary>
    private static string Configured(string line)
    {
        var fields = line.Split(' ', 5);
        var (name, type, value) = (fields[0].TrimEnd('.'), fields[3], fields[4]);
        return type switch
        {
            "TXT" => $"txt-record={name},{value.Replace("\" \"", "\",\"")}",
            "MX" => $"mx-host={name},{value.Split(' ')[1].TrimEnd('.')},{value.Split(' ')[0]}",
            "CNAME" => $"cname={name},{value.TrimEnd('.')}",
            _ => throw new ArgumentException($"{line} is no record of ours"),
        };
    }

    private async Task<bool> HasStarted()
    {
        var started = new TaskCompletionSource<bool>();
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null) started.TrySetResult(false);
            else if (e.Data.Contains("started", StringComparison.Ordinal)) started.TrySetResult(true);
        };
        _process.BeginErrorReadLine();
        return await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>d0.test and so on are ordinary; the tarpit has an address of its own, 127.0.0.2.</summary>
    private static IEnumerable<string> Zone()
    {
        string[] odd =
        [
            "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "no-daemon", "log-facility=-",
            "local=/test/", "local-ttl=60", "cache-size=0",
            "dns-rr=null.test,15,000000",                       // MX 0 . (RFC 7505)
            "mx-host=tarpit.test,mx.tarpit.test,10", "host-record=mx.tarpit.test,127.0.0.2",
            "mx-host=xn--bcher-kva.test,mx.xn--bcher-kva.test,10", "host-record=mx.xn--bcher-kva.test,127.0.0.1",
            "mx-host=backup.test,dead.backup.test,10", "mx-host=backup.test,alive.backup.test,20",
            "host-record=dead.backup.test,127.0.0.99", "host-record=alive.backup.test,127.0.0.1",
        ];
        return odd.Concat(Enumerable.Range(0, Domains).SelectMany(i =>
            new[] { $"mx-host=d{i}.test,mx.d{i}.test,10", $"host-record=mx.d{i}.test,127.0.0.1" }));
    }

    /// <summary>Also before the end: a name server that is gone is silent.</summary>
    public void Dispose()
    {
        if (!File.Exists(_file)) return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }
}
