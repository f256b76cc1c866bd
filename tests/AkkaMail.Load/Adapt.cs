using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// A real server before a receiver that allows 50/s and does not say so: what it settles at, and what it is refused on
/// the way. There is always more mail than the receiver takes.
/// </summary>
internal static class Adapt
{
    public static async Task<int> Run(Arguments args)
    {
        var seconds = args.Number("seconds", 150);
        var data = ThisBuild.NewDirectory("adapt");
        using var sink = await SinkProcess.StartReceiver(
            "--scenario", args.Text("scenario") ?? "50/s", "--seed", args.Text("seed") ?? "1");
        using var server = ServerProcess.Start(data, Throughput.Towards(sink), isMeasured: true);
        await server.Ready();
        var posting = new Generator(server.Url, 1024, domains: 1).Post(0, seconds * 110, connections: 8);
        var (began, counts) = (Stopwatch.GetTimestamp(), new List<long[]> { await sink.Counts() });
        while (counts.Count <= seconds)
        {
            var due = TimeSpan.FromSeconds(counts.Count) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            counts.Add(await sink.Counts());
            if (counts.Count % 10 == 1) Say(counts.Count - 11, counts.Count - 1);
        }
        await posting;
        var (taken, refused) = Between(0, seconds);
        var settled = Between(seconds / 2, seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"settled_per_s={(double)settled.Taken / (seconds - seconds / 2):0.0} ")
            + string.Create(CultureInfo.InvariantCulture, $"share={taken / (50.0 * seconds):0.000} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"refused_share={Share(taken, refused):0.0000} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"settled_refused_share={Share(settled.Taken, settled.Refused):0.0000}"));
        await Task.Run(server.Kill);   // Not on a thread that reads its output.
        Directory.Delete(data, recursive: true);
        return 0;

        (long Taken, long Refused) Between(int from, int to) =>
            (counts[to][0] - counts[from][0], counts[to][1] - counts[from][1]);

        static double Share(long taken, long refused) => (double)refused / Math.Max(1, taken + refused);

        void Say(int from, int to)
        {
            var (t, r) = Between(from, to);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"from_s={from} taken_per_s={(double)t / (to - from):0.0} refused={r}"));
        }
    }
}
