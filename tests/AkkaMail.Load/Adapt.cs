using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Rig;
using AkkaMail.Simulator;

namespace AkkaMail.Load;

/// <summary>
/// A real server before receivers that limit and have not said so, each a domain of its own, with more mail than they
/// take: what share of what each allowed it uses, and what share it is refused, after the first two minutes. Beside them
/// receivers that take all, for lanes whose own rate is configured: what they bring of it.
/// </summary>
internal static class Adapt
{
    private const int InOneCall = 500;
    private static readonly double[] OwnRates = [1, 5, 20, 50, 200];

    private static readonly string[] Names =
    [
        "20/s", "5/s", "1/s", "300-a-minute", "60-a-minute", "300-in-any-minute", "300-in-any-minute-with-refused",
        "60-in-any-minute-with-refused", "1-connection", "4-connections", "30-new-connections-a-minute",
        "6-new-connections-a-minute", "20-messages-a-connection", "1-message-a-connection",
    ];

    private static readonly LaneTerms Terms =
        LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new("ip1", "receiver.test")));

    /// <summary>As they are over real SMTP.</summary>
    private static IReadOnlyList<Scenario> Scenarios { get; } =
        [.. Names.Select(name => Scenario.All.Single(s => s.Name == name))
            .Select(s => s with { Model = s.Model with { Latency = Receive.ShapesLatency } })];

    public static async Task<int> Run(Arguments args)
    {
        var seconds = args.Number("seconds", 240);
        var scenarios = Scenarios.Where(s => args.Text("scenario") is not { } name || s.Name == name).ToList();
        if (scenarios.Count == 0) return 2;
        if (args.Has("domains")) return Domains(scenarios, seconds);
        var data = ThisBuild.NewDirectory("adapt");
        await File.WriteAllTextAsync(Path.Combine(data, "shaping.json"), Shaping());
        using var sink = await SinkProcess.StartReceiver("--seed", args.Text("seed") ?? "1");
        using var server = ServerProcess.Start(data, Throughput.Towards(sink), isMeasured: true);
        await server.Ready();
        using var http = new HttpClient
        {
            BaseAddress = server.Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.AdminKey) },
        };
        var own = args.Has("scenario") ? [] : OwnRates;
        // The slow ones first; all of it is there before the first has been sent what it was given.
        var jobs = scenarios.Select(s => ($"{s.Label}.test", Enough(s, seconds)))
            .Concat(own.Select(rate => (Own(rate), (int)(rate * seconds * 1.1) + 10))).OrderBy(job => job.Item2);
        var began = Stopwatch.GetTimestamp();
        foreach (var (domain, count) in jobs) await Post(http, domain, count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"posted_in_s={Stopwatch.GetElapsedTime(began).TotalSeconds:0}"));
        await Measure(sink, scenarios, own, seconds);
        await Task.Run(server.Kill);   // Not on a thread that reads its output.
        Directory.Delete(data, recursive: true);
        return 0;
    }

    /// <summary>For a sender beside this one: each domain and how many mails it needs.</summary>
    private static int Domains(IEnumerable<Scenario> scenarios, int seconds)
    {
        foreach (var s in scenarios)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{s.Label}.test {Enough(s, seconds)} {Allowed(s, seconds / 2, seconds):0}"));
        return 0;
    }

    private static async Task Measure(SinkProcess sink, List<Scenario> scenarios, double[] own, int seconds)
    {
        var half = TimeSpan.FromSeconds(seconds / 2);
        await Task.Delay(half);
        var (first, at) = (await sink.Each(), Stopwatch.GetTimestamp());
        await Task.Delay(half);
        var (second, took) = (await sink.Each(), Stopwatch.GetElapsedTime(at).TotalSeconds);
        foreach (var s in scenarios)
        {
            var ((t0, r0), (t1, r1)) = (first.GetValueOrDefault($"{s.Label}.test"), second.GetValueOrDefault($"{s.Label}.test"));
            var allowed = Allowed(s, 0, seconds) / seconds * took;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"scenario={s.Name} later_taken={t1 - t0} later_share={(t1 - t0) / allowed:0.000} ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"later_refused={(double)(r1 - r0) / Math.Max(1, t1 - t0 + r1 - r0):0.0000} taken={t1} refused={r1}"));
        }
        foreach (var rate in own)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"own_rate={rate} share={(second[Own(rate)].Taken - first[Own(rate)].Taken) / (rate * took):0.000}"));
    }

    /// <summary>More than it takes.</summary>
    private static int Enough(Scenario s, int seconds) => (int)(Allowed(s, 0, seconds) * 1.2) + 700;

    private static double Allowed(Scenario s, int from, int to) =>
        s.Model.AllowedIn(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), s.Most(Terms));

    private static string Own(double rate) => string.Create(CultureInfo.InvariantCulture, $"own-{rate}.test");

    /// <summary>Each of the own rates is its domain's.</summary>
    private static string Shaping() => $$"""{ "domains": { {{string.Join(", ", OwnRates.Select(rate =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            "{{Own(rate)}}": { "limits": { "rate": "{{rate}}/s", "connections": 20 } }
            """)))}} } }""";

    private static async Task Post(HttpClient http, string domain, int count)
    {
        for (var from = 0; from < count; from += InOneCall)
        {
            var body = new StringBuilder("""{"from":"n@sender.test","subject":"News","text":"New.","personalizations":[""");
            for (var i = from; i < Math.Min(count, from + InOneCall); i++)
                body.Append(i > from ? "," : "").Append("{\"to\":[\"u").Append(i).Append('@').Append(domain).Append("\"]}");
            while (true)
            {
                using var content = new StringContent(body + "]}", Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync("/v1/messages", content);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) { await Task.Delay(200); continue; }
                answer.EnsureSuccessStatusCode();
                break;
            }
        }
    }
}
