using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using AkkaMail.Rig;
using AkkaMail.TestSink;
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

    /// <summary>Of each second's 60 they have 12 and 24.</summary>
    public static string Recipient(int i) => (i % 5) switch
    {
        0 => $"r{i}@ten.test",
        1 or 3 => $"r{i}@twenty.test",
        _ => $"r{i}@d{i % 20}.test",
    };

    /// <summary>
    /// What came to each of them in the fullest five seconds: no more than a twentieth over its rate, and what a node may send
    /// at once after a pause, one mail. And it was at its limit, or it would say nothing.
    /// </summary>
    public static void Check(ITestOutputHelper output, IEnumerable<SunkMail> mails, int nodes = 3)
    {
        var came = mails.ToLookup(m => m.Recipients[0][(m.Recipients[0].IndexOf('@', StringComparison.Ordinal) + 1)..], m => m.At);
        var fullest = Rates.ToDictionary(r => r.Key, r => Fullest([.. came[r.Key].Order()]));
        foreach (var (lane, (count, at)) in fullest)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{lane}: {count} in its fullest five seconds, from {at.TotalSeconds:0.0} s on, at {Rates[lane]} a second"));
        Assert.All(fullest, l => Assert.InRange(
            l.Value.Count, 0.8 * Span.TotalSeconds * Rates[l.Key], 1.05 * Span.TotalSeconds * Rates[l.Key] + nodes));
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
