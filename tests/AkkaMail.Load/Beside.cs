using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Half a million broadcast messages wait before sites that take 5/s each, and transactional mail comes steadily for
/// the same sites: how long from its acceptance to its first attempt, and what the waiting costs in memory.
/// </summary>
internal static class Beside
{
    private const int InOneCall = 1_000;

    public static async Task<int> Run(Arguments args)
    {
        var (waiting, sites) = (args.Number("waiting", 500_000), args.Number("sites", 20));
        var (seconds, perSecond) = (args.Number("seconds", 30), args.Number("per-second", 20));
        var data = ThisBuild.NewDirectory("beside");
        await File.WriteAllTextAsync(Path.Combine(data, "shaping.json"), """{ "defaults": { "rate": "5/s" } }""");
        using var sink = await SinkProcess.StartReceiver();
        using var server = ServerProcess.Start(data, Throughput.Towards(sink), isMeasured: true);
        await server.Ready();
        using var http = new HttpClient
        {
            BaseAddress = server.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminKey) },
        };
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, waiting / InOneCall, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (call, _) => await Accepted(http, Broadcast(call, sites)));
        var filled = waiting / Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"waiting={waiting} accepted_per_s={filled:0} filling_peak_mb={server.Rss(peak: true):0}"));

        var (ids, start) = (new List<string>(), Stopwatch.GetTimestamp());
        for (var n = 0; n < seconds * perSecond; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / perSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            var to = $"r{n}@d{n % sites}.test";
            ids.Add(await Accepted(http, Encoding.UTF8.GetBytes(
                $$"""{"from":"a@sender.test","to":["{{to}}"],"subject":"No. {{n}}","text":"Thanks."}""")));
        }
        await Task.Delay(TimeSpan.FromSeconds(5));
        var waits = await Waits(http, ids);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"transactional={ids.Count} attempted={waits.Count} first_attempt_p50_ms={At(0.5):0} p90_ms={At(0.9):0} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"p99_ms={At(0.99):0} max_ms={At(1):0} rss_mb={server.Rss(peak: false):0} ")
            + string.Create(CultureInfo.InvariantCulture, $"peak_mb={server.Rss(peak: true):0}"));
        await Task.Run(server.Kill);   // Not on a thread that reads its output.
        Directory.Delete(data, recursive: true);
        return 0;

        double At(double share) => waits.Count == 0 ? double.NaN : waits[(int)((waits.Count - 1) * share)];
    }

    private static byte[] Broadcast(int call, int sites)
    {
        var body = new StringBuilder(
            """{"from":"n@sender.test","stream":"broadcast","subject":"News","text":"New.","personalizations":[""");
        for (var i = 0; i < InOneCall; i++)
            body.Append(i > 0 ? "," : "").Append("{\"to\":[\"u").Append(call).Append('.').Append(i).Append("@d")
                .Append(i % sites).Append(".test\"]}");
        return Encoding.ASCII.GetBytes(body.Append("]}").ToString());
    }

    /// <summary>The id of its first message.</summary>
    private static async Task<string> Accepted(HttpClient http, byte[] body)
    {
        while (true)
        {
            using var content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
            using var answer = await http.PostAsync("/v1/messages", content);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) { await Task.Delay(200); continue; }
            answer.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
            return json.RootElement.GetProperty("messages")[0].GetProperty("id").GetString()!;
        }
    }

    /// <summary>From <c>accepted</c> to the first <c>attempt</c> of each story, in ms, sorted.</summary>
    private static async Task<List<double>> Waits(HttpClient http, List<string> ids)
    {
        var waits = new List<double>();
        foreach (var id in ids)
        {
            using var json = JsonDocument.Parse(await http.GetStringAsync($"/v1/messages/{id}"));
            DateTimeOffset? accepted = null, attempt = null;
            foreach (var e in json.RootElement.GetProperty("events").EnumerateArray())
                switch (e.GetProperty("type").GetString())
                {
                    case "accepted": accepted = e.GetProperty("at").GetDateTimeOffset(); break;
                    case "attempt": attempt ??= e.GetProperty("at").GetDateTimeOffset(); break;
                }
            if (attempt - accepted is { } wait) waits.Add(wait.TotalMilliseconds);
        }
        waits.Sort();
        return waits;
    }
}
