using System.Diagnostics;
using System.Globalization;
using System.Net;
using AkkaMail.Rig;
using AkkaMail.TestSink;

namespace AkkaMail.Load;

/// <summary>The counting receiver in a process of its own, with a DNS server beside it that leads every domain there.</summary>
internal sealed class SinkProcess : IDisposable
{
    private readonly Process _process;

    private SinkProcess(Process process, int smtpPort, int dnsPort) => (_process, SmtpPort, DnsPort) = (process, smtpPort, dnsPort);

    public int SmtpPort { get; }
    public int DnsPort { get; }

    public static Task<SinkProcess> Start(params string[] options) => StartVerb("sink", options);

    /// <summary>A receiver that limits, see <see cref="Receive"/>.</summary>
    public static Task<SinkProcess> StartReceiver(params string[] options) => StartVerb("receive", options);

    private static async Task<SinkProcess> StartVerb(string verb, string[] options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [verb, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var ports = (await process.StandardOutput.ReadLineAsync())!.Split(' ');
        return new(process, Parse(ports[0]), Parse(ports[1]));
    }

    /// <summary>Mails taken so far.</summary>
    public async Task<long> Count() => (await Counts())[0];

    /// <summary>A receiver's: taken and refused, then the same of the others than the limited domains.</summary>
    public async Task<long[]> Counts()
    {
        await _process.StandardInput.WriteLineAsync("count");
        return [.. (await _process.StandardOutput.ReadLineAsync())!.Split(' ').Select(n => (long)Parse(n))];
    }

    /// <summary>A receiver's: of each domain, taken and refused.</summary>
    public async Task<Dictionary<string, (long Taken, long Refused)>> Each()
    {
        await _process.StandardInput.WriteLineAsync("each");
        return (await _process.StandardOutput.ReadLineAsync())!.Split([' ', '=', '/'], StringSplitOptions.RemoveEmptyEntries)
            .Chunk(3).ToDictionary(d => d[0], d => ((long)Parse(d[1]), (long)Parse(d[2])));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();   // Its loop ends with its input.
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5))) _process.Kill();
        _process.Dispose();
    }

    /// <summary>
    /// The other side: prints its ports, then answers each line with the count (of mails to others than <c>--but @domain</c>).
    /// </summary>
    public static async Task<int> Serve(Arguments args)
    {
        await using var sink = await TestSink.TestSink.StartAsync(new()
        {
            KeepsMails = false,
            SlowDelay = TimeSpan.FromSeconds(20),
            Counts = args.Text("but") is { } domain ? address => !address.EndsWith(domain, StringComparison.Ordinal) : _ => true,
        });
        using var dns = new DnsResponder(IPAddress.Loopback);
        Console.WriteLine($"{sink.Port} {dns.Port}");
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(sink.Count.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
