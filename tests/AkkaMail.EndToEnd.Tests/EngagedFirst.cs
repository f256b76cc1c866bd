using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Who opened or clicked of late goes first in a broadcast, and in a warm-up's day.</summary>
[Collection(Shaped.Name)]
public sealed class EngagedFirst(Shaped server) : IAsyncLifetime
{
    private readonly string _to = server.Domain();
    private readonly DateTimeOffset _yesterday = Now.AddDays(-1);
    private Api _tenant = null!;

    public async Task InitializeAsync() => _tenant = await server.NewTenant();

    [Fact]
    public async Task Before_a_slow_receiver_the_engaged_arrive_first_though_they_are_last_in_the_call()
    {
        await OneConnection();
        await ShowedLife(180, 20);

        var ids = await Send(200);
        await Wait.Until(() => Arrived.Count == 200);

        Assert.Equal([.. Enumerable.Range(180, 20), .. Enumerable.Range(0, 180)], Arrived);
        Assert.Equal(Yesterday, (string?)(await Message(ids[180]))["engaged_on"]);
        Assert.Null((await Message(ids[0]))["engaged_on"]);
        await Wait.Until(async () => (await _tenant.All("status=delivered")).Count == 200);
        Assert.Equal(Yesterday, (string?)(await Message(ids[180]))["engaged_on"]);   // From its row as from the journal.
    }

    [Fact]
    public async Task A_stream_that_has_it_off_goes_in_the_order_of_the_call()
    {
        await OneConnection();
        await ShowedLife(30, 10);
        var (status, stream) = await _tenant.Ask(HttpMethod.Patch, "/v1/streams/broadcast", """{"engaged_first":false}""");
        Assert.Equal((HttpStatusCode.OK, false), (status, (bool)stream!["engaged_first"]!));

        var ids = await Send(40);
        await Wait.Until(() => Arrived.Count == 40);

        Assert.Equal(Enumerable.Range(0, 40), Arrived);
        Assert.Null((await Message(ids[39]))["engaged_on"]);
    }

    [Fact]
    public async Task Who_showed_life_long_ago_or_to_another_tenant_goes_with_the_others()
    {
        await OneConnection();
        using var other = await server.NewTenant();
        await ShowedLife(other, 10, 5, Now);
        await ShowedLife(_tenant, 15, 5, Now.AddDays(-91));
        await ShowedLife(_tenant, 5, 5, Now.AddDays(-89));

        await Send(20);
        await Wait.Until(() => Arrived.Count == 20);

        Assert.Equal([5, 6, 7, 8, 9, 0, 1, 2, 3, 4, .. Enumerable.Range(10, 10)], Arrived);
    }

    [Fact]
    public async Task A_warm_ups_day_goes_to_the_engaged()
    {
        await server.Shape("""
            "sources": {"ip3": {"address": "127.0.0.3", "warm_up": "twenty"}},
            "warm_up_plans": {"twenty": {"per": "day", "stages": [20, 100]}}
            """);
        await ShowedLife(40, 20);

        var ids = await Send(60);
        await Wait.Until(async () => (string?)(await Message(ids[0]))["waiting"]?["held_by"] == "warm_up"
            && (await _tenant.All("status=delivered")).Count == 20);

        Assert.Equal(Enumerable.Range(40, 20), Arrived.Order());
    }

    [Fact]
    public async Task Why_one_waits_says_that_others_go_first()
    {
        await server.Shape("");
        using (var stop = await server.Api.Http.PostAsJsonAsync(
            $"/v1/lanes/default/mx.{_to}/suspend", new { @for = "1h", note = "they asked us to" }))
            stop.EnsureSuccessStatusCode();
        await ShowedLife(3, 2);

        var ids = await Send(5);
        await Wait.Until(async () => (string?)(await Message(ids[2]))["waiting"]?["held_by"] == "hold");

        Assert.Equal([(2, 2), (3, 2), (4, 2), (0, 0), (1, 0)], await Task.WhenAll(ids.Select(async id =>
            (await Message(id))["waiting"]! is var w ? ((int)w["ahead"]!, (int?)w["engaged_ahead"] ?? 0) : default)));
    }

    [Fact]
    public async Task Mail_is_accepted_and_sent_though_nobody_can_read_who_showed_life()
    {
        await server.Shape("");
        await ShowedLife(0, 1);
        await Rename("engaged", "gone");
        try
        {
            var ids = await Send(2);

            Assert.Equal("delivered", (await _tenant.Ended(ids[0])).Status);
            Assert.Null((await Message(ids[0]))["engaged_on"]);
            Assert.Matches("\nakkamail_engagement_unread_total[^\n]* 2[ \n]", await _tenant.Http.GetStringAsync("/metrics"));
        }
        finally { await Rename("gone", "engaged"); }
        Assert.Equal(Yesterday, (string?)(await Message((await Send(1))[0]))["engaged_on"]);
    }

    [Fact]
    public async Task A_transactional_stream_refuses_it_and_names_the_field()
    {
        var (changed, problem) =
            await _tenant.Ask(HttpMethod.Patch, "/v1/streams/transactional", """{"engaged_first":true}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "engaged_first"),
            (changed, (string?)problem!["errors"]![0]!["field"]));
    }

    private Task OneConnection() => server.Shape($$"""
        "domains": {"{{_to}}": {"limits": {"connections": 1} } }
        """);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private string Yesterday => _yesterday.ToString("yyyy-MM-dd");

    private string Recipient(int n) => $"r{n}@{_to}";

    private List<int> Arrived => [.. server.SunkAt(_to).Select(m => int.Parse(m.Recipients[0].Split('@')[0][1..]))];

    private Task ShowedLife(int from, int count) => ShowedLife(_tenant, from, count, _yesterday);

    private async Task ShowedLife(Api tenant, int from, int count, DateTimeOffset at)
    {
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/engagement", new
        {
            events = Enumerable.Range(from, count).Select(n => new { address = Recipient(n), at }),
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<string[]> Send(int count) => _tenant.Send(new
    {
        from = "news@sender.test",
        subject = "News",
        text = "There is some.\n",
        stream = "broadcast",
        personalizations = Enumerable.Range(0, count).Select(n => new { to = Recipient(n) }),
    });

    private async Task<JsonNode> Message(string id) =>
        JsonNode.Parse(await _tenant.Http.GetStringAsync($"/v1/messages/{id}"))!;

    private Task<int> Rename(string from, string to) =>
        server.Installation.Change("engagement", $"ALTER TABLE {from} RENAME TO {to}");

    /// <summary>What waits on would go by the lanes of the tests that come after.</summary>
    public async Task DisposeAsync()
    {
        foreach (var status in new[] { "accepted", "deferred" })
            foreach (var message in await _tenant.All($"status={status}"))
                (await _tenant.Http.DeleteAsync($"/v1/messages/{message.Id}")).Dispose();
        _tenant.Dispose();
    }
}
