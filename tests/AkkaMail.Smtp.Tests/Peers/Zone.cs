using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaMail.Core.Domains;

namespace AkkaMail.Smtp.Tests.Peers;

/// <summary>
/// A real DNS server that serves records as we tell people to publish them. It has an address of its own in 127/8, on
/// port 53 where this process may bind that (programs that ask by /etc/resolv.conf know no other), else on any.
/// </summary>
internal sealed class Zone : IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private Process? _process;

    public IPEndPoint EndPoint { get; private set; } = null!;

    public static async Task<Zone> StartAsync(IEnumerable<DnsRecord> records, params string[] more)
    {
        var zone = new Zone { EndPoint = FreeEndPoint() };
        await File.WriteAllLinesAsync(zone._file,
        [
            $"listen-address={zone.EndPoint.Address}", "bind-interfaces", "no-resolv", "no-hosts", "no-daemon",
            "log-facility=-", "local=/test/", "local=/arpa/", "local-ttl=60", "cache-size=0",
            .. records.Select(Line), .. more,
        ]);
        zone._process = Process.Start(new ProcessStartInfo("/usr/sbin/dnsmasq",
            ["--keep-in-foreground", $"--conf-file={zone._file}", $"--port={zone.EndPoint.Port}", "--user=root",
             "--pid-file="])
        { RedirectStandardError = true })!;
        var started = new TaskCompletionSource();
        zone._process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null) started.TrySetException(new InvalidOperationException("dnsmasq ended"));
            else if (e.Data.Contains("started", StringComparison.Ordinal)) started.TrySetResult();
        };
        zone._process.BeginErrorReadLine();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        return zone;
    }

    /// <summary>As dnsmasq's configuration writes it; strings in quotes, each of at most 255 octets.</summary>
    private static string Line(DnsRecord record) => record.Type switch
    {
        RecordType.Txt => $"txt-record={record.Name},"
            + string.Join(',', record.Strings().Select(s => $"\"{Encoding.UTF8.GetString(s)}\"")),
        RecordType.Mx => $"mx-host={record.Name},{record.Value.Split(' ')[1]},{record.Value.Split(' ')[0]}",
        RecordType.Cname => $"cname={record.Name},{record.Value}",
        RecordType.Reverse => $"ptr-record={record.Name},{record.Value}",
        _ => $"host-record={record.Name},{record.Value}",
    };

    private static IPEndPoint FreeEndPoint()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var address = new IPAddress([127, 53, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(1, 255)]);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try { probe.Bind(new IPEndPoint(address, 53)); }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse) { continue; }
            catch (SocketException) { probe.Bind(new IPEndPoint(address, 0)); }
            return (IPEndPoint)probe.LocalEndPoint!;
        }
        throw new InvalidOperationException("no free address");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        File.Delete(_file);
    }
}
