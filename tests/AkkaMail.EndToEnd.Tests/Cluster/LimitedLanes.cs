using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>
/// Receivers that DNS names, all of them one sink; two have a rate that all nodes together keep to, whatever becomes of some
/// of them, and are sent more than that.
/// </summary>
internal sealed class LimitedLanes : IDisposable
{
    /// <summary>A second, of each.</summary>
    public static readonly ImmutableSortedDictionary<string, int> Rates =
        ImmutableSortedDictionary<string, int>.Empty.Add("ten.test", 10).Add("twenty.test", 20);

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly string _directory = ThisBuild.NewDirectory("lanes");
    private readonly DnsResponder _dns;
    private readonly IPAddress _at;
    private readonly int _port;

    /// <param name="port">The sink's.</param>
    public LimitedLanes(IPAddress at, int port)
    {
        (_at, _port, _dns) = (at, port, new(at, at));
        File.WriteAllText(ShapingFile, $$"""
            { "domains": { {{string.Join(", ", Rates.Select(r => $$"""
            "{{r.Key}}": { "limits": { "rate": "{{r.Value}}/s" } }
            """))}} } }
            """);
    }

    private string ShapingFile => Path.Combine(_directory, "shaping.json");

    public (string Name, string Value)[] Settings =>
    [
        ("AkkaMail__Shaping__File", ShapingFile), ("AkkaMail__Dns__Servers", $"{_at}:{_dns.Port}"),
        ("AkkaMail__Delivery__Port", _port.ToString(CultureInfo.InvariantCulture)),
        ("AkkaMail__Delivery__AllowNetworks", _at.ToString()),
    ];

    /// <summary>At first all mail is theirs, so that much of it waits; then, of each second's 60, as much as they may have.</summary>
    public static string Recipient(int i) => (i % 6, i < Ahead) switch
    {
        (0, _) or (3, true) => $"r{i}@ten.test",
        (1 or 4, _) or (_, true) => $"r{i}@twenty.test",
        _ => $"r{i}@d{i % 20}.test",
    };

    /// <summary>As many mails are there before all of them want their share.</summary>
    public const int Ahead = 240;

    /// <summary>
    /// What was begun to each of them in the fullest five seconds: no more than a twentieth over its rate, and what a node may
    /// send at once after a pause, one mail. And it was at its limit, or it would say nothing. What came to the receiver is
    /// told beside it: where two cores do everything, mail that was begun evenly comes in clumps.
    /// </summary>
    public static async Task Check(ITestOutputHelper output, Nodes nodes)
    {
        foreach (var (lane, rate) in Rates)
        {
            var begun = await PostgresCluster.Read<long>(nodes.Cluster.ConnectionString, $"""
                SELECT (detail::json -> 'a' ->> 'b')::bigint FROM read.lines
                WHERE detail::json -> 'a' ->> 'o' = '{lane}' AND detail::json -> 'a' ->> 'c' = '250' ORDER BY 1
                """);
            var came = nodes.Sink.Mails.Where(m => m.Recipients[0].EndsWith(lane, StringComparison.Ordinal)).Select(m => m.At).Order();
            var (count, at) = Fullest([.. begun.Select(b => TimeSpan.FromTicks(b - begun[0]))]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{lane}, {rate} a second: {count} begun in the fullest 5 s, {at.TotalSeconds:0.0} s after its first one, "
                + $"{Fullest([.. came]).Count} came in theirs"));
            Assert.InRange(count, 0.8 * Span.TotalSeconds * rate, 1.05 * Span.TotalSeconds * rate + nodes.All.Count);
        }
    }

    private static (int Count, TimeSpan At) Fullest(TimeSpan[] at)
    {
        var most = (Count: 0, At: TimeSpan.Zero);
        for (var (first, last) = (0, 0); last < at.Length; last++)
        {
            while (at[last] - at[first] >= Span) first++;
            if (last - first + 1 > most.Count) most = (last - first + 1, at[first]);
        }
        return most;
    }

    public void Dispose()
    {
        _dns.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
