using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Twenty sites, one of which answers after 20 s: how fast the others get their mail, beside the same job with that
/// site healthy. The two alternate, since the machine's speed wanders; the median of the pairs counts.
/// </summary>
internal static class Tarpit
{
    private const string TarpitDomain = "@d0.test";

    public static async Task<int> Run(Arguments args)
    {
        var (messages, size, pairs) = (args.Number("messages", 10_000), args.Number("size", 4096), args.Number("pairs", 3));
        const int Domains = 20;
        var data = ThisBuild.NewDirectory("tarpit");
        using var sink = await SinkProcess.Start("--but", TarpitDomain);
        using var server = ServerProcess.Start(data, Throughput.Towards(sink), isMeasured: true);
        await server.Ready();
        var (sent, expected) = (0, 0L);
        await Phase("user");   // Warms up.
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            var (healthy, tarpit) = (await Phase("user"), await Phase("slow"));
            ratios.Add(tarpit / healthy);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"pair={pair} others_msgs_per_s={healthy:0} with_tarpit={tarpit:0} ratio={tarpit / healthy:0.000}"));
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio_median={ratios[pairs / 2]:0.000}"));
        server.Kill();   // The tarpit still holds what it holds.
        Directory.Delete(data, recursive: true);
        return 0;

        async Task<double> Phase(string nameAtFirstDomain)
        {
            var generator = new Generator(server.Url, size, Domains) { NameAtFirstDomain = nameAtFirstDomain };
            var others = messages - messages / Domains;
            expected += others;
            var began = Stopwatch.GetTimestamp();
            var posting = generator.Post(sent, messages, connections: 32);
            sent += messages;
            await Throughput.Until(sink.Count, expected, posting);
            var speed = others / Stopwatch.GetElapsedTime(began).TotalSeconds;
            await posting;
            return speed;
        }
    }
}
