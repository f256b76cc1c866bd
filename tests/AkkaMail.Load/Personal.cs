using System.Globalization;
using System.Text;
using AkkaMail.Rig;

namespace AkkaMail.Load;

/// <summary>
/// Calls of many recipients with variables of their own, beside the same calls with a name alone: what of a submission
/// an attempt has to read. Each on a server of its own, in turn; the median of the pairs counts.
/// </summary>
internal static class Personal
{
    public static async Task<int> Run(Arguments args)
    {
        var (calls, recipients, bytes, pairs) = (args.Number("calls", 6), args.Number("recipients", 500),
            args.Number("variables", 40_000), args.Number("pairs", 3));
        var cache = args.Has("cache") ? args.Number("cache", 0) : (int?)null;
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            var plain = await Phase(calls, recipients, 0, cache);
            var personal = await Phase(calls, recipients, bytes, cache);
            ratios.Add(personal / plain);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"pair={pair} plain_cpu_ms_per_msg={plain:0.000} personal_cpu_ms_per_msg={personal:0.000} ratio={personal / plain:0.00}"));
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio_median={ratios[pairs / 2]:0.00}"));
        return 0;
    }

    /// <summary>CPU of the server in milliseconds a mail, from the first call to the last mail at the sink.</summary>
    private static async Task<double> Phase(int calls, int recipients, int bytes, int? cache)
    {
        var data = ThisBuild.NewDirectory("personal");
        using var sink = await SinkProcess.Start();
        var settings = Throughput.Towards(sink);
        if (cache is { } size) settings["AkkaMail__ContentCacheBytes"] = size.ToString(CultureInfo.InvariantCulture);
        using var server = ServerProcess.Start(data, settings, isMeasured: true);
        await server.Ready();
        using var http = new RawHttp(server.Url, ServerProcess.AdminKey);
        await http.Open();
        await Post(http, Body(recipients, bytes, call: -1));   // Warms up: what runs for the first time is compiled.
        await Throughput.Until(sink.Count, recipients);

        var cpu = server.Cpu;
        for (var call = 0; call < calls; call++) await Post(http, Body(recipients, bytes, call));
        await Throughput.Until(sink.Count, recipients * (calls + 1));
        var used = server.Cpu - cpu;
        await server.Stop();
        Directory.Delete(data, recursive: true);
        return used.TotalMilliseconds / (calls * recipients);
    }

    private static async Task Post(RawHttp http, byte[] body)
    {
        var (status, answer) = await http.Post(body);
        if (status != 202) throw new InvalidOperationException($"{status}: {answer}");
    }

    private static byte[] Body(int recipients, int bytes, int call)
    {
        var json = new StringBuilder(recipients * (bytes + 200));
        json.Append("{\"from\":\"Shop <shop@sender.test>\",\"subject\":\"News ").Append(call)
            .Append("\",\"text\":\"Dear {{name}}, this is call ").Append(call).Append("\",\"personalizations\":[");
        for (var n = 0; n < recipients; n++)
        {
            json.Append(n == 0 ? "" : ",").Append("{\"to\":\"user+").Append(n).Append("@d").Append(n % 20)
                .Append(".test\",\"variables\":{\"name\":\"Ann ").Append(n).Append('"');
            for (var (left, v) = (bytes, 0); left > 0; left -= 1_000, v++)
                json.Append(",\"v").Append(v).Append("\":\"").Append('x', Math.Min(1_000, left)).Append('"');
            json.Append("}}");
        }
        return Encoding.ASCII.GetBytes(json.Append("]}").ToString());
    }
}
