using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Another making of the lists is built while mail goes on, and nobody notices.</summary>
[Collection(Alone.Name)]
public sealed class RebuildBeside(ITestOutputHelper output)
{
    private const int Before = 2_000, Meanwhile = 1_000;

    [Theory]
    [InlineData(Stored.Sqlite)]
    [InlineData(Stored.Postgres)]
    public async Task Lists_are_never_empty_a_kill_costs_nothing_and_nothing_is_done_twice(string provider)
    {
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Resolving(dns, sink.Port, Stored.In(provider));
        var api = installation.Api;
        var inflow = new Inflow(installation.Server.Url);
        await inflow.Run(Before, connections: 32, i => $"r{i}@d{i % 20}.test");
        await Lifted(api, (await api.Send(Mails.To("permfail+one@d1.test")))[0]);

        using var over = new CancellationTokenSource();
        var looking = Look(api, over.Token);
        var more = new Inflow(installation.Server.Url, "more");
        var flowing = more.Run(Meanwhile, connections: 8, i => $"m{i}@d{i % 20}.test");
        await api.Order("rebuild", HttpStatusCode.Accepted, new { throttle = 0.05 });
        installation.Kill();
        await installation.Up();
        var went = (await api.Generations())[1];
        await flowing.WaitAsync(TimeSpan.FromSeconds(60));
        await api.Status(s => s is { Alive: 0, Unfinished: 0, Accepted: Before + Meanwhile + 1 }, TimeSpan.FromSeconds(60));
        await Wait.Until(async () => (await api.Generations())[1].State == "ready", TimeSpan.FromSeconds(120));

        var read = await Everything(api);
        await api.Order("swap");
        Assert.Equal(read, await Everything(api));
        Assert.Equal([(2, "current"), (1, "old")], (await api.Generations()).Select(g => (g.Number, g.State)));
        await api.Order("swap");
        Assert.Equal(read, await Everything(api));
        await api.Order("swap");
        await api.Order("drop");
        installation.Kill();
        await installation.Up();
        Assert.Equal(read, await Everything(api));
        Assert.Equal([(2, "current")], (await api.Generations()).Select(g => (g.Number, g.State)));

        await over.CancelAsync();
        var (looks, least) = await looking;
        output.WriteLine($"{provider}: looks={looks} least_in_a_list={least} events_at_the_kill={went.Events} of {went.Newest}");
        Assert.True(looks > 20, $"only {looks} looks");
        Assert.Equal(50, least);
        var came = sink.Mails.CountBy(m => m.Recipients[0]).ToDictionary();
        Assert.Equal(Before + Meanwhile, came.Count);
        var doubted = (await api.All("")).Where(m => m.Attempts > 1).Select(m => m.To).ToHashSet();
        Assert.All(came.Where(c => c.Value > 1), c => Assert.Contains(c.Key, doubted));
        Assert.Empty(JsonNode.Parse(await api.Http.GetStringAsync("/v1/suppressions"))!["suppressions"]!.AsArray());
    }

    [Fact]
    public async Task What_cannot_be_done_now_is_said()
    {
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Resolving(dns, sink.Port);
        var api = installation.Api;
        await api.Order("swap", HttpStatusCode.Conflict);
        await api.Order("drop", HttpStatusCode.Conflict);
        await api.Order("rebuild", HttpStatusCode.UnprocessableEntity, new { throttle = 0 });
        await api.Order("rebuild", HttpStatusCode.Accepted);
        await api.Order("rebuild", HttpStatusCode.Conflict);
        await api.Order("drop");

        Assert.Equal([1], (await api.Generations()).Select(g => g.Number));
        using var other = await api.Http.PostAsync("/v1/projections/figures/swap", null);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    /// <summary>A recipient who was suppressed by a bounce, and is so no more.</summary>
    private static async Task Lifted(Api api, string id)
    {
        await api.Ended(id);
        JsonArray entries = [];
        await Wait.Until(async () => (entries = JsonNode.Parse(
            await api.Http.GetStringAsync("/v1/suppressions"))!["suppressions"]!.AsArray()).Count == 1);
        using var answer = await api.Http.DeleteAsync($"/v1/suppressions/{entries[0]!["id"]}?note=test");
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often a list was looked at, and the fewest that were in it; a server that is away is no list.</summary>
    private static async Task<(int Looks, int Least)> Look(Api api, CancellationToken over)
    {
        var (looks, least) = (0, int.MaxValue);
        while (!over.IsCancellationRequested)
        {
            try
            {
                least = Math.Min(least, (await api.List("limit=50")).Messages.Length);
                looks++;
            }
            catch (HttpRequestException e) when (e.StatusCode is null or HttpStatusCode.ServiceUnavailable) { }   // It is away.
            await Task.Delay(20, CancellationToken.None);
        }
        return (looks, least);
    }

    private static async Task<string> Everything(Api api)
    {
        var status = await api.Status(_ => true);
        var ids = (await api.All("")).Select(m => m.Id).ToList();
        var stories = new List<string>();
        foreach (var id in ids.Take(20).Concat(ids.TakeLast(20))) stories.Add(await api.StoryText(id));
        return $"{status.Accepted} {status.Of("delivered")} {status.Of("bounced")}\n{string.Join('\n', ids)}\n{string.Join('\n', stories)}";
    }
}
