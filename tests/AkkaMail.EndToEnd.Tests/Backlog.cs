using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What waits survives; the large version is a verb of the load tool.</summary>
[Collection(Alone.Name)]
public sealed class Backlog(ITestOutputHelper output)
{
    private const int Messages = 5_000;

    [Fact]
    public async Task Five_thousand_deferred_messages_are_as_they_were_after_a_crash()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Relaying(sink.Port);
        var api = installation.Api;
        for (var i = 0; i < Messages / 1_000; i++)
            await api.Send(new
            {
                from = "shop@sender.test",
                subject = "s",
                text = "t",
                personalizations = Enumerable.Range(i * 1_000, 1_000)
                    .Select(n => new { to = $"tempfail+{n}@d{n % 20}.test" }),
            });
        await api.Status(s => s.Of("deferred") == Messages, TimeSpan.FromSeconds(60));
        var before = await Snapshot(api);

        installation.Kill();
        var began = Stopwatch.GetTimestamp();
        await installation.Up();
        var took = Stopwatch.GetElapsedTime(began);

        output.WriteLine($"ready after {took.TotalSeconds:0.0} s, rss={installation.Server.Rss(peak: false):0} MB");
        var status = await api.Status(s => s.Unfinished == Messages);
        Assert.Equal((true, (long)Messages, (long)Messages), (status.Complete, status.Alive, status.Of("deferred")));
        Assert.Equal(before, await Snapshot(api));
        Assert.Equal(Messages, before.Count);
        Assert.True(took < TimeSpan.FromSeconds(20), $"ready after {took}");
    }

    private static async Task<List<(string, string, int, DateTimeOffset?)>> Snapshot(Api api) =>
        [.. (await api.All("")).OrderBy(m => m.Id, StringComparer.Ordinal)
            .Select(m => (m.Id, m.Status, m.Attempts, m.DueAt))];
}
