using System.Diagnostics;
using System.Globalization;
using System.Net;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Server, generator and counting sink as three processes on this machine: from the first mail in to the last at the
/// sink, with the durable settings everybody has.
/// </summary>
internal static class Throughput
{
    public static async Task<int> Run(Arguments args)
    {
        var (messages, size, domains) = (args.Number("messages", 20_000), args.Number("size", 4096), args.Number("domains", 20));
        var (connections, warm) = (args.Number("connections", 32), args.Number("warm", 1_000));
        var data = args.Text("data") ?? ThisBuild.NewDirectory("load");

        using var sink = await SinkProcess.Start();
        using var dns = args.Text("sink") is { } foreign ? new DnsResponder(IPAddress.Parse(foreign.Split(':')[0])) : null;
        var settings = Towards(sink);
        if (args.Text("sink") is { } elsewhere)
        {
            settings["AkkaMail__Delivery__Port"] = elsewhere.Split(':')[1];
            settings["AkkaMail__Domains__AllowUnverified"] = "true";
            settings["AkkaMail__Dns__Servers"] = $"127.0.0.1:{dns!.Port}";
        }
        using var database = args.Has("postgres") ? PostgresCluster.Start() : null;
        if (database is not null)
            (settings["AkkaMail__Storage__Provider"], settings["AkkaMail__Storage__ConnectionString"]) =
                ("postgres", database.NewDatabase());
        int? smtp = args.Has("smtp") ? ServerProcess.FreePort() : null;
        if (smtp is { } port) settings["AkkaMail__Smtp__Listen"] = $"127.0.0.1:{Text(port)}";
        using var server = ServerProcess.Start(data, settings, isMeasured: true);
        await server.Ready();
        Func<Task<long>> delivered = args.Has("sink") ? new Delivered(server.Url).Count : sink.Count;

        await new Generator(server.Url, size, domains) { SmtpPort = smtp }.Post(0, warm, connections);
        await Until(delivered, warm);

        var generator = new Generator(server.Url, size, domains) { SmtpPort = smtp };
        var (began, cpu, databaseCpu) = (Stopwatch.GetTimestamp(), server.Cpu, database?.Cpu ?? default);
        var posting = generator.Post(warm, messages, connections);
        await Until(delivered, warm + messages, posting);
        var took = Stopwatch.GetElapsedTime(began);
        await posting;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"msgs_per_s={messages / took.TotalSeconds:0} cpu_ms_per_msg={(server.Cpu - cpu).TotalMilliseconds / messages:0.000} ")
            + string.Create(CultureInfo.InvariantCulture, $"accept_p99_ms={generator.Percentile(0.99):0.0} rss_mb={server.Rss(peak: true):0}")
            + (database is null ? "" : string.Create(CultureInfo.InvariantCulture,
                $" database_cpu_ms_per_msg={(database.Cpu - databaseCpu).TotalMilliseconds / messages:0.000}")));

        if (args.Has("half")) await Half(server, delivered, args.Number("rate", (int)(messages / took.TotalSeconds / 2)), warm + messages, size, domains);
        await server.Stop();
        if (args.Has("keep")) Console.WriteLine($"data={data}");
        else Directory.Delete(data, recursive: true);
        return 0;
    }

    /// <summary>Ten seconds at half the speed, after a rest: what a client waits when the server is busy and not drowning.</summary>
    private static async Task Half(ServerProcess server, Func<Task<long>> delivered, double rate, int before, int size, int domains)
    {
        await Task.Delay(TimeSpan.FromSeconds(3));   // What the full speed left behind (checkpoints, read model) is done.
        var count = (int)(rate * 10);
        var generator = new Generator(server.Url, size, domains);
        await generator.Post(before, count, connections: 64, perSecond: rate);
        await Until(delivered, before + count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"half_rate={rate:0} half_accept_p50_ms={generator.Percentile(0.5):0.0} half_accept_p90_ms={generator.Percentile(0.9):0.0} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"half_accept_p99_ms={generator.Percentile(0.99):0.0} half_accept_max_ms={generator.Percentile(1):0.0}"));
    }

    /// <summary>The settings that lead every mail to <paramref name="sink"/>.</summary>
    public static Dictionary<string, string> Towards(SinkProcess sink) => new()
    {
        ["AkkaMail__Delivery__Port"] = Text(sink.SmtpPort),
        ["AkkaMail__Delivery__AllowNetworks"] = "127.0.0.0/8",
        ["AkkaMail__Domains__AllowUnverified"] = "true",
        ["AkkaMail__Dns__Servers"] = $"127.0.0.1:{sink.DnsPort}",
        ["AkkaMail__Delivery__EhloName"] = "load.test",
    };

    public static async Task Until(Func<Task<long>> count, long wanted, Task? alongside = null)
    {
        var (seen, quiet) = (-1L, Stopwatch.StartNew());
        while (true)
        {
            if (alongside is { IsFaulted: true }) await alongside;
            var now = await count();
            if (now >= wanted) return;
            if (now != seen) (seen, quiet) = (now, Stopwatch.StartNew());
            if (quiet.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException($"{now} of {wanted} mails came, then none for a minute");
            await Task.Delay(5);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
