using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Networks;

namespace AkkaMail.Smtp.Tests.Resolving;

/// <summary>
/// A real DNS server for the zone <c>test</c>, on loopback; it knows d0.test to d19.test and some odd ones.
/// </summary>
public sealed class Dnsmasq : IAsyncLifetime
{
    private readonly List<string> _queries = [];
    private readonly string _file = Path.GetTempFileName();
    private Process? _process;

    /// <summary>Everything in this zone is on loopback, where a stranger's mail does not go otherwise.</summary>
    internal static readonly AddressGuard Guard = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    public IPEndPoint EndPoint { get; private set; } = null!;

    public int QueriesFor(string type, string name)
    {
        lock (_queries)
            return _queries.Count(q => q.Contains($"query[{type}] {name} ", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A port that was free may be taken by the time it is used, for TCP too: then another one is tried.</summary>
    public async Task InitializeAsync()
    {
        await File.WriteAllLinesAsync(_file, Config());
        for (var tries = 1; !await HasStarted(); tries++)
            if (tries == 5) throw new InvalidOperationException("dnsmasq ended, on five ports");
    }

    private async Task<bool> HasStarted()
    {
        using (var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            EndPoint = (IPEndPoint)probe.LocalEndPoint!;
        }
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/dnsmasq",
            ["--keep-in-foreground", $"--conf-file={_file}", $"--port={EndPoint.Port}", "--user=root", "--pid-file="])
        { RedirectStandardError = true })!;
        var started = new TaskCompletionSource<bool>();
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null) { started.TrySetResult(false); return; }
            lock (_queries) _queries.Add(e.Data);
            if (e.Data.Contains("started", StringComparison.Ordinal)) started.TrySetResult(true);
        };
        _process.BeginErrorReadLine();
        return await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static IEnumerable<string> Config()
    {
        string[] fixedLines =
        [
            "listen-address=127.0.0.1", "bind-interfaces", "no-resolv", "no-hosts", "no-daemon", "log-queries",
            "log-facility=-", "local=/test/", "local-ttl=60", "cache-size=0",
            "dns-rr=null.test,15,000000",                       // MX 0 . (RFC 7505)
            "host-record=nomx.test,127.0.0.31",
            "host-record=inner.test,169.254.169.254", "mx-host=literal.test,10.0.0.5,10",
            "mx-host=half.test,mx.half.test,10", "mx-host=half.test,alive.backup.test,20",
            "host-record=mx.half.test,10.0.0.5", "mx-host=dead.test,dead.backup.test,10", "mx-host=dead.test,mx.half.test,20",
            "txt-record=noaddress.test,nothing",
            "mx-host=prefs.test,c.prefs.test,20", "mx-host=prefs.test,a.prefs.test,10",
            "mx-host=prefs.test,b.prefs.test,10",
            "host-record=a.prefs.test,127.0.0.41", "host-record=b.prefs.test,127.0.0.42",
            "host-record=c.prefs.test,127.0.0.43",
            "mx-host=backup.test,dead.backup.test,10", "mx-host=backup.test,alive.backup.test,20",
            "host-record=dead.backup.test,127.0.0.51", "host-record=alive.backup.test,127.0.0.52",
            "host-record=mta-sts.d0.test,127.0.0.1", "txt-record=_mta-sts.sts.test,v=STSv1; id=1;",
            "mx-host=sts.test,mx.sts.test,10", "mx-host=sibling.test,mx.sts.test,10",
            "host-record=mx.sts.test,127.0.0.71",
            "mx-host=six.test,mx.six.test,10", "host-record=mx.six.test,::1",
            "mx-host=both.test,mx.both.test,10", "host-record=mx.both.test,127.0.0.1,::1",
        ];
        var domains = Enumerable.Range(0, 20).SelectMany(i =>
            new[] { $"mx-host=d{i}.test,mx.d{i}.test,10", $"host-record=mx.d{i}.test,127.0.0.{11 + i}" });
        return fixedLines.Concat(domains);
    }

    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill();
        if (_process is not null) await _process.WaitForExitAsync();
        _process?.Dispose();
        File.Delete(_file);
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = Mails.Noon;

    public override DateTimeOffset GetUtcNow() => _now;
    public void Advance(TimeSpan by) => _now += by;
}
