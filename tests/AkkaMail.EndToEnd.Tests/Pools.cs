using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Where mail leaves from: two addresses and a smarthost, each a process's real socket. All of 127/8 is on this machine,
/// so 127.0.0.2 and 127.0.0.3 are addresses as good as any.
/// </summary>
[Collection(Shaped.Name)]
public sealed class Pools(Shaped server)
{
    private readonly string _to = server.Domain();

    private Api Api => server.Api;

    [Fact]
    public async Task A_pool_divides_its_mail_by_weight_and_a_share_goes_through_a_smarthost()
    {
        await using var smarthost = await TestSink.TestSink.StartAsync();
        string[] domains = [.. Enumerable.Range(0, 4).Select(_ => server.Domain())];
        // Limits that nobody meets here: a source at its own would leave its turn to the others.
        await server.Shape($$"""
            "defaults": {"rate": "1000/s,burst=1000", "connections": 100, "connection_rate": "1000/s"},
            "sources": {
              "ip2": {"address": "127.0.0.2", "ehlo": "two.sender.test"},
              "ip3": {"address": "127.0.0.3", "ehlo": "three.sender.test"},
              "esp": {"smarthost": {"host": "127.0.0.1", "port": {{smarthost.Port}}, "tls": "disabled"} } },
            "pools": {"default": {"sources": {"ip2": 50, "ip3": 30, "esp": 20} } }
            """);

        // A lane that is being opened leaves its turn to the others as well: these open all of them.
        var first = await Api.Send(Mails.To([.. Enumerable.Range(0, 40).Select(i => $"bob{i}@{domains[i % 4]}")]));
        await Task.WhenAll(first.Select(id => Api.Ended(id)));
        var before = (int)smarthost.Count;

        var ids = await Api.Send(Mails.To([.. Enumerable.Range(0, 200).Select(i => $"ann{i}@{domains[i % 4]}")]));
        var stories = await Task.WhenAll(ids.Select(id => Api.Ended(id)));

        Assert.All(stories, s => Assert.Equal("delivered", s.Status));
        var came = domains.SelectMany(server.SunkAt)
            .Where(m => m.Recipients[0].StartsWith("ann", StringComparison.Ordinal)).ToList();
        var bySmarthost = (int)smarthost.Count - before;
        int From(string address) => came.Count(m => m.Client.ToString() == address);
        Assert.InRange(From("127.0.0.2"), 90, 110);
        Assert.InRange(From("127.0.0.3"), 50, 70);
        Assert.InRange(bySmarthost, 30, 50);
        // The story says what the receiver saw, and the smarthost's messages have the same events as the others.
        Assert.Equal((From("127.0.0.2"), From("127.0.0.3"), bySmarthost),
            (By(stories, "ip2"), By(stories, "ip3"), By(stories, "esp")));
        Assert.All(stories, s => Assert.Equal(["accepted", "attempt", "delivered"], s.Events!.Select(e => e.Type)));
        Assert.All(came, m => Assert.Equal(
            m.Client.Equals(IPAddress.Parse("127.0.0.2")) ? "two.sender.test" : "three.sender.test", m.Ehlo));
    }

    [Fact]
    public async Task A_change_of_the_pools_holds_for_mail_that_is_already_waiting()
    {
        const string Sources =
            """ "sources": {"ip2": {"address": "127.0.0.2"}, "ip3": {"address": "127.0.0.3"}}, """;
        await server.Shape($$"""{{Sources}} "pools": {"default": {"sources": {"ip2": 1} } }""");
        await Api.Ended((await Api.Send(Mails.To($"ann@{_to}")))[0]);
        await Suspend("ip2");
        var waiting = (await Api.Send(Mails.To($"bob@{_to}")))[0];
        await Wait.Until(async () => (long)(await Get($"/v1/lanes/ip2/mx.{_to}"))["depth"]! == 1);

        await server.Shape($$"""{{Sources}} "pools": {"default": {"sources": {"ip3": 1} } }""");
        var story = await Api.Ended(waiting);

        Assert.Equal(("delivered", "ip3"), (story.Status, story.Events![^1].Source));
        Assert.Equal(["127.0.0.2", "127.0.0.3"], server.SunkAt(_to).Select(m => m.Client.ToString()));
    }

    [Fact]
    public async Task A_stream_waits_for_its_time_of_day_and_others_do_not()
    {
        // A window of an hour that began twelve hours ago is closed, whatever the clock says now.
        var from = TimeProvider.System.GetUtcNow().AddHours(-12);
        await server.Shape($$"""
            "streams": [{"stream": "broadcast",
              "windows": [{"from": "{{from:HH\:mm}}", "to": "{{from.AddHours(1):HH\:mm}}"}]}]
            """);

        var news = (await Api.Send(
            new { from = "a@sender.test", to = $"n@{_to}", subject = "s", text = "t", stream = "broadcast" }))[0];
        await Api.Ended((await Api.Send(Mails.To($"ann@{_to}")))[0]);
        await Wait.Until(async () => (long)(await Get($"/v1/lanes/default/mx.{_to}"))["depth"]! == 1);
        Assert.Equal("accepted", (await Api.Story(news)).Status);

        await server.Shape("\"streams\": []");

        Assert.Equal("delivered", (await Api.Ended(news)).Status);
    }

    private async Task Suspend(string source)
    {
        using var answer = await Api.Http.PostAsync($"/v1/lanes/{source}/mx.{_to}/suspend",
            new StringContent("""{"note": "its address is listed"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static int By(IEnumerable<Story> stories, string source) =>
        stories.Count(s => s.Events![^1].Source == source);

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;
}
