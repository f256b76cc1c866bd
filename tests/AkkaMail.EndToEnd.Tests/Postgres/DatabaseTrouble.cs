using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests.Postgres;

/// <summary>The database goes away under load, and comes back: a 202 stays one, and nobody has to do anything.</summary>
[Collection(Alone.Name)]
public sealed class DatabaseTrouble(ITestOutputHelper output)
{
    private const int Submissions = 3_000;

    /// <summary>Attempts that can be under way when an answer about them cannot be stored.</summary>
    private const int InFlightMax = 500;

    [Theory]
    [InlineData("crash")]
    [InlineData("pause")]
    public async Task It_answers_503_meanwhile_loses_nothing_and_goes_on_by_itself(string trouble)
    {
        using var cluster = PostgresCluster.Start();
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Relaying(sink.Port, Stored.At(cluster.NewDatabase()));

        var inflow = new Inflow(installation.Server.Url);
        var flowing = inflow.Run(Submissions, connections: 16, i => $"r{i}@d{i % 20}.test");
        await Wait.Until(() => inflow.Accepted.Count >= 1_000 || flowing.IsFaulted, TimeSpan.FromSeconds(60));
        if (trouble == "crash")
        {
            cluster.Crash();
            await Wait.Until(async () => (await Health(installation)).Contains("\"database\"", StringComparison.Ordinal));
            cluster.Start();
        }
        else
        {
            cluster.Pause();
            await Task.Delay(TimeSpan.FromSeconds(30));   // So long is the fault.
            cluster.Resume();
        }
        var (back, had) = (Stopwatch.GetTimestamp(), inflow.Accepted.Count);
        await Wait.Until(() => inflow.Accepted.Count > had || flowing.IsFaulted, TimeSpan.FromSeconds(60));
        var waited = Stopwatch.GetElapsedTime(back);
        await flowing.WaitAsync(TimeSpan.FromSeconds(120));
        var status = await installation.Api.Status(
            s => s is { Alive: 0, Unfinished: 0, Complete: true, Accepted: >= Submissions }, TimeSpan.FromSeconds(120));

        var came = sink.Mails.CountBy(m => m.Recipients[0]).ToDictionary();
        var (duplicated, lost) = (came.Values.Sum() - came.Count, inflow.Accepted.Keys.Count(r => !came.ContainsKey(r)));
        output.WriteLine($"{trouble}: accepted={inflow.Accepted.Count} delivered={came.Count} duplicated={duplicated} "
            + $"lost={lost} refused={inflow.Setbacks.Refused} broken={inflow.Setbacks.Broken} "
            + $"first_202_after={waited.TotalSeconds:0.0} s");
        Assert.Equal((0, Submissions), (lost, came.Count));
        Assert.Equal((long)Submissions, status.Of("delivered"));
        Assert.InRange(duplicated, 0, InFlightMax);
        Assert.True(inflow.Setbacks.Refused > 0, "nobody was refused meanwhile");
        Assert.True(waited < TimeSpan.FromSeconds(20), $"the first 202 came {waited} after the database was back");
        await Wait.Until(async () => (await Health(installation)).Contains("\"ready\"", StringComparison.Ordinal));
    }

    [MountFact]
    public async Task A_full_disk_of_the_database_means_503_and_nothing_lost()
    {
        using var disk = Mount.TryMake(megabytes: 320)!;
        using var cluster = PostgresCluster.Start(
            disk.Directory, null, ("min_wal_size", "32MB"), ("max_wal_size", "64MB"), ("shared_buffers", "32MB"));
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Relaying(sink.Port, Stored.At(cluster.NewDatabase()));
        var inflow = new Inflow(installation.Server.Url);
        var flowing = inflow.Run(1_000, connections: 4, i => $"r{i}@d{i % 20}.test");
        await Wait.Until(() => inflow.Accepted.Count >= 200 || flowing.IsFaulted, TimeSpan.FromSeconds(60));

        disk.Fill();
        await Wait.Until(() => inflow.Setbacks.Refused > 20 || flowing.IsFaulted, TimeSpan.FromSeconds(60),
            () => $"{inflow.Accepted.Count} accepted, {inflow.Setbacks}");
        disk.Relieve();
        cluster.EnsureStarted();   // With no room for its log it ends itself.

        await flowing.WaitAsync(TimeSpan.FromSeconds(120));
        await installation.Api.Status(
            s => s is { Alive: 0, Unfinished: 0, Complete: true, Accepted: >= 1_000 }, TimeSpan.FromSeconds(120));
        var came = sink.Mails.Select(m => m.Recipients[0]).ToHashSet();
        Assert.Equal(0, inflow.Accepted.Keys.Count(r => !came.Contains(r)));
    }

    private static async Task<string> Health(Installation installation)
    {
        using var answer = await installation.Api.Http.GetAsync("/health/ready");
        return await answer.Content.ReadAsStringAsync();
    }
}
