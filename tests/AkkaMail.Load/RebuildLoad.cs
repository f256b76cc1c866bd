using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Another generation of what lists are read from is built while mail goes on: how fast, what those who send notice, and
/// whether a list was ever shorter. Then once more with a kill in the middle, swapped in and back.
/// </summary>
internal static class RebuildLoad
{
    private const int FactsPerMail = 3;   // Accepted, attempt, delivered.

    public static async Task<int> Run(Arguments args)
    {
        var (messages, rate) = (args.Number("messages", 100_000), args.Number("rate", 300));
        var throttle = args.Number("percent", 100) / 100.0;
        var data = ThisBuild.NewDirectory("rebuild");
        using var sink = await SinkProcess.Start();
        var settings = Throughput.Towards(sink);
        using var database = args.Has("postgres") ? PostgresCluster.Start() : null;
        if (database is not null)
            (settings["AkkaMail__Storage__Provider"], settings["AkkaMail__Storage__ConnectionString"]) =
                ("postgres", database.NewDatabase());
        var server = ServerProcess.Start(data, settings, isMeasured: true);
        await server.Ready();
        using var http = new HttpClient
        {
            BaseAddress = server.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminKey) },
        };
        await new Generator(server.Url, 1024, 20).Post(0, messages, 32);
        await Throughput.Until(sink.Count, messages);
        await Task.Delay(TimeSpan.FromSeconds(3));

        var alone = new Generator(server.Url, 1024, 20);
        await alone.Post(messages, 10 * rate, 16, perSecond: rate);
        var sent = messages + 10 * rate;

        using var over = new CancellationTokenSource();
        var looking = Look(http, over.Token);
        var beside = new Generator(server.Url, 1024, 20);
        var seconds = args.Number("seconds", Math.Max(10, (int)(messages * FactsPerMail / 20_000.0) + 5));
        var posting = beside.Post(sent, seconds * rate, 16, perSecond: rate);
        var (began, cpu) = (Stopwatch.GetTimestamp(), server.Cpu);
        await Order(http, "rebuild", new JsonObject { ["throttle"] = throttle });
        var held = await Ready(http, double.PositiveInfinity);
        var (took, cores) = (Stopwatch.GetElapsedTime(began), (server.Cpu - cpu) / Stopwatch.GetElapsedTime(began));
        var wasSending = !posting.IsCompleted;
        await posting;
        sent += seconds * rate;
        await Throughput.Until(sink.Count, sent);
        await over.CancelAsync();
        var (looks, least, lag) = await looking;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"throttle={throttle} facts={messages * FactsPerMail} seconds={took.TotalSeconds:0.0} facts_per_s={messages * FactsPerMail / took.TotalSeconds:0} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"sent_all_the_while={(wasSending ? "yes" : "no")} server_cores={cores:0.00} looks_that_were_held={held:0.00} ")
            + string.Create(CultureInfo.InvariantCulture,
                $"accept_p99_ms={beside.Percentile(0.99):0} accept_p99_ms_before={alone.Percentile(0.99):0} looks={looks} least_in_a_list={least} lag_max_events={lag:0}"));

        await Order(http, "drop");
        await Order(http, "rebuild", new JsonObject { ["throttle"] = 1 });
        await Ready(http, 0.3);
        var events = await Events(http);
        await Task.Run(server.Kill);   // Not on a thread that reads its output.
        server.Dispose();
        server = ServerProcess.Start(data, settings, port: server.Url.Port, isMeasured: true);
        await server.Ready();
        var resumed = await Events(http);
        await Ready(http, double.PositiveInfinity);
        var before = await Status(http);
        await Order(http, "swap");
        var swapped = await Status(http);
        await Order(http, "swap");
        var (back, came) = (await Status(http), await sink.Count());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"events_at_the_kill={events} events_after_it={resumed} same_counts={(before == swapped && before == back ? "yes" : "no")} ")
            + string.Create(CultureInfo.InvariantCulture, $"sent={sent} came={came}"));
        await server.Stop();
        server.Dispose();
        Directory.Delete(data, recursive: true);
        return 0;
    }

    /// <summary>Until so much of it is there, or it is ready; the share of looks at which it was held.</summary>
    private static async Task<double> Ready(HttpClient http, double share)
    {
        var (looks, held) = (0, 0);
        while (true)
        {
            var beside = await Beside(http);
            if ((string?)beside["state"] == "ready" || share < 1 && (double)beside["events"]! > share * (double)beside["newest"]!)
                return looks == 0 ? 0 : (double)held / looks;
            looks++;
            if (beside["held_by"] is not null) held++;
            await Task.Delay(100);
        }
    }

    private static async Task<long> Events(HttpClient http) => (long)(await Beside(http))["events"]!;

    private static async Task<JsonNode> Beside(HttpClient http) =>
        JsonNode.Parse(await http.GetStringAsync("/v1/projections"))!["projections"]![0]!["generations"]![1]!;

    private static async Task<string> Status(HttpClient http) =>
        JsonNode.Parse(await http.GetStringAsync("/v1/status"))!["statuses"]!.ToJsonString();

    private static async Task Order(HttpClient http, string order, JsonObject? body = null)
    {
        using var answer = await http.PostAsync($"/v1/projections/messages/{order}", body is null ? null : JsonContent.Create(body));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(int Looks, int Least, long Lag)> Look(HttpClient http, CancellationToken over)
    {
        var (looks, least, lag) = (0, int.MaxValue, 0L);
        while (!over.IsCancellationRequested)
        {
            var page = JsonNode.Parse(await http.GetStringAsync("/v1/messages?limit=100", CancellationToken.None))!;
            least = Math.Min(least, page["messages"]!.AsArray().Count);
            lag = Math.Max(lag, (long)JsonNode.Parse(await http.GetStringAsync("/v1/status", CancellationToken.None))!["projector_lag"]!);
            looks++;
            await Task.Delay(50, CancellationToken.None);
        }
        return (looks, least, lag);
    }
}
