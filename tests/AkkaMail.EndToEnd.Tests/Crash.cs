using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>A 202 is a promise, whatever crashes.</summary>
[Collection(Alone.Name)]
public sealed class Crash(ITestOutputHelper output)
{
    private const int Submissions = 5_000;

    [Theory]
    [InlineData(Stored.Sqlite)]
    [InlineData(Stored.Postgres)]
    public async Task Three_kills_while_mail_flows_in_lose_nothing_and_double_only_what_was_in_doubt(string provider)
    {
        var began = Stopwatch.GetTimestamp();
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Resolving(dns, sink.Port, Stored.In(provider));
        var api = installation.Api;

        var inflow = new Inflow(installation.Server.Url);
        var flowing = inflow.Run(Submissions, connections: 32, i => $"r{i}@d{i % 20}.test");
        foreach (var killAt in new[] { 1_000, 2_300, 3_600 })
        {
            await Wait.Until(() => inflow.Accepted.Count >= killAt || flowing.IsFaulted, TimeSpan.FromSeconds(60));
            installation.Kill();
            await installation.Up();
        }
        await flowing.WaitAsync(TimeSpan.FromSeconds(90));
        var status = await api.Status(
            s => s is { Alive: 0, Unfinished: 0, Accepted: >= Submissions }, TimeSpan.FromSeconds(60));

        var again = (await api.All("")).Where(m => m.Attempts > 1).ToList();
        var stories = new List<Story>();
        foreach (var message in again) stories.Add(await api.Story(message.Id));
        var inDoubt = stories.Sum(s => s.Events!.Count(e => e.InDoubt == true));
        var came = sink.Mails.CountBy(m => m.Recipients[0]).ToDictionary();
        var duplicated = came.Values.Sum() - came.Count;
        var lost = inflow.Accepted.Keys.Count(recipient => !came.ContainsKey(recipient));
        output.WriteLine($"{provider}: accepted={inflow.Accepted.Count} delivered={came.Count} duplicated={duplicated} lost={lost} "
            + $"in_doubt={inDoubt} broken_requests={inflow.Setbacks.Broken} refused={inflow.Setbacks.Refused} "
            + $"seconds={Stopwatch.GetElapsedTime(began).TotalSeconds:0.0}");

        Assert.Equal(0, lost);
        Assert.Equal((Submissions, Submissions), (inflow.Accepted.Count, came.Count));
        Assert.Equal(Submissions, inflow.Accepted.Values.Distinct().Count());
        Assert.InRange(duplicated, 0, inDoubt);
        Assert.True(inDoubt > 0, "no attempt was under way at any of the kills");
        Assert.Equal(
            (true, (long)Submissions, (long)Submissions), (status.Complete, status.Accepted, status.Of("delivered")));
        Assert.All(stories, story => Assert.Matches(@"^accepted( attempt deferred)+ attempt delivered$", story.Types));
        Assert.All(stories.SelectMany(s => s.Events!).Where(e => e.InDoubt == true), e => Assert.Equal(
            ("deferred", "in-doubt/send-again", 0), (e.Type, e.Rule, e.Reply!.Code)));
    }
}
