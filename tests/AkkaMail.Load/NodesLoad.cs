using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// One node and three, one after the other, on this machine and a PostgreSQL of their own, with the same mail: what a message
/// costs of CPU, and what nodes cost that have nothing to do. How many messages a second three can do is not told by that: all
/// of them share the cores.
/// </summary>
internal static class NodesLoad
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(Arguments args)
    {
        var (messages, rate, pairs) = (args.Number("messages", 20_000), args.Number("rate", 0), args.Number("pairs", 2));
        for (var pair = 0; pair < pairs; pair++)
            foreach (var nodes in (int[])[1, 3])
                Console.WriteLine(await Of(nodes, messages, rate > 0 ? rate : null));
        return 0;
    }

    private static async Task<string> Of(int nodes, int messages, double? rate)
    {
        using var sink = await SinkProcess.Start();
        using var database = PostgresCluster.Start();
        await using var cluster = await ServerCluster.Start(
            nodes, database.NewDatabase(), [.. Throughput.Towards(sink).Select(s => (s.Key, s.Value))]);
        var warm = Math.Max(1_000, messages / 4);
        await Task.WhenAll(Posting(cluster, 0, warm, null));
        await Throughput.Until(sink.Count, warm / nodes * nodes);

        await Task.Delay(Rest);   // What the first mails left behind is done: code is compiled, lists are written.
        var (idleBegan, idle, databaseIdle) = (Stopwatch.GetTimestamp(), Cpu(cluster), database.Cpu);
        await Task.Delay(Rest);
        var rested = Stopwatch.GetElapsedTime(idleBegan);
        var (idleCores, databaseIdleCores) = ((Cpu(cluster) - idle) / rested, (database.Cpu - databaseIdle) / rested);

        var (began, cpu, databaseCpu) = (Stopwatch.GetTimestamp(), Cpu(cluster), database.Cpu);
        var all = messages / nodes * nodes;
        var posting = Task.WhenAll(Posting(cluster, warm, messages, rate));
        await Throughput.Until(sink.Count, warm / nodes * nodes + all, posting);
        await posting;
        var took = Stopwatch.GetElapsedTime(began);
        return string.Create(CultureInfo.InvariantCulture, $"nodes={nodes} msgs_per_s={all / took.TotalSeconds:0} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"cpu_ms_per_msg={(Cpu(cluster) - cpu).TotalMilliseconds / all:0.000} database_cpu_ms_per_msg={(database.Cpu - databaseCpu).TotalMilliseconds / all:0.000} ")
            + string.Create(CultureInfo.InvariantCulture, $"idle_cores={idleCores:0.000} database_idle_cores={databaseIdleCores:0.000} ")
            + string.Create(CultureInfo.InvariantCulture, $"rss_mb_each={cluster.Nodes.Average(n => n.Server.Rss(peak: true)):0}");
    }

    /// <summary>To each node the same part.</summary>
    private static IEnumerable<Task> Posting(ServerCluster cluster, int from, int count, double? rate) =>
        cluster.Urls.Select((url, i) => new Generator(url, size: 4096, domains: 20).Post(
            from + i * (count / cluster.Urls.Count), count / cluster.Urls.Count, 32 / cluster.Urls.Count,
            rate / cluster.Urls.Count));

    private static TimeSpan Cpu(ServerCluster cluster) =>
        cluster.Nodes.Aggregate(TimeSpan.Zero, (sum, n) => sum + n.Server.Cpu);
}
