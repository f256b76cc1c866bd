using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Two hundred sites, of which twenty refuse what is over 1/s with 421: how fast the others get their mail, beside the
/// same job with all of them open. Each run has a new server; the two alternate, the median of the pairs counts.
/// </summary>
internal static class Independence
{
    public static async Task<int> Run(Arguments args)
    {
        var (messages, sites) = (args.Number("messages", 10_000), args.Number("sites", 200));
        var (limited, pairs) = (args.Number("limited", 20), args.Number("pairs", 3));
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            var (open, _) = await Phase(0);
            var (beside, refused) = await Phase(limited);
            ratios.Add(beside / open);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"pair={pair} others_msgs_per_s={open:0} beside_limited={beside:0} ratio={beside / open:0.000} ")
                + string.Create(CultureInfo.InvariantCulture, $"refused={refused}"));
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio_median={ratios[pairs / 2]:0.000}"));
        return 0;

        async Task<(double PerSecond, long Refused)> Phase(int limitedNow)
        {
            var data = ThisBuild.NewDirectory("independence");
            using var sink = await SinkProcess.StartReceiver(
                "--limited", limitedNow.ToString(CultureInfo.InvariantCulture));
            using var server = ServerProcess.Start(data, Throughput.Towards(sink), isMeasured: true);
            await server.Ready();
            // Warms up before other sites than those that count.
            await new Generator(server.Url, 1024, 20) { Prefix = "w" }.Post(0, 2_000, connections: 32);
            await Throughput.Until(sink.Count, 2_000);
            // Mail for the limited sites is a tenth, and what is put off of it comes much later.
            var expected = 2_000L + Enumerable.Range(0, messages).Count(n => n % sites >= limited);
            var began = Stopwatch.GetTimestamp();
            var posting = new Generator(server.Url, 1024, sites).Post(0, messages, connections: 32);
            await Throughput.Until(Others, expected, posting);
            var speed = (expected - 2_000) / Stopwatch.GetElapsedTime(began).TotalSeconds;
            await posting;
            var refused = (await sink.Counts())[1];
            await Task.Run(server.Kill);   // Not on a thread that reads its output.
            Directory.Delete(data, recursive: true);
            return (speed, refused);

            // In the open run the twenty count as the others do; they are taken out by their share.
            async Task<long> Others()
            {
                var counts = await sink.Counts();
                return limitedNow > 0 ? counts[2] : 2_000 + (counts[0] - 2_000) * (sites - limited) / sites;
            }
        }
    }
}
