using System.Diagnostics;
using System.Globalization;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>Many messages that wait: what they cost in memory, and how soon a server that restarts with them is ready.</summary>
internal static class Backlog
{
    public static async Task<int> Run(Arguments args)
    {
        var (messages, size) = (args.Number("messages", 200_000), args.Number("size", 1024));
        var data = ThisBuild.NewDirectory("backlog");
        // Scheduled for tomorrow: unfinished and not deliverable, whatever the sink does.
        var extra = $"\"send_at\":\"{TimeProvider.System.GetUtcNow().AddDays(1):O}\",";
        double rss;
        using (var server = ServerProcess.Start(data, new Dictionary<string, string>(), isMeasured: true))
        {
            await server.Ready();
            var began = Stopwatch.GetTimestamp();
            await new Generator(server.Url, size, 2_000).Post(0, messages, 64, extra: extra);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"accepted={messages} accepted_per_s={messages / Stopwatch.GetElapsedTime(began).TotalSeconds:0} filling_peak_mb={server.Rss(peak: true):0}"));
            await Task.Delay(TimeSpan.FromSeconds(5));
            rss = server.Rss(peak: false);
            server.Kill();
        }
        using (var server = ServerProcess.Start(data, new Dictionary<string, string>(), isMeasured: true))
        {
            var began = Stopwatch.GetTimestamp();
            await server.Ready(TimeSpan.FromMinutes(2));
            var ready = Stopwatch.GetElapsedTime(began);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"unfinished={messages} rss_mb={rss:0} restart_ready_s={ready.TotalSeconds:0.0} restart_peak_mb={server.Rss(peak: true):0}"));
            await server.Stop();
        }
        Directory.Delete(data, recursive: true);
        return 0;
    }
}
