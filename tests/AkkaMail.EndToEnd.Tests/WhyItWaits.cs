using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The first question of everybody: this mail has not gone out, why?</summary>
[Collection(Shaped.Name)]
public sealed class WhyItWaits(Shaped server) : IAsyncLifetime
{
    private readonly string _to = server.Domain();
    private readonly List<string> _asked = [];

    private Api Api => server.Api;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What waits on would go by the lanes of the tests that come after.</summary>
    public async Task DisposeAsync()
    {
        foreach (var id in _asked) (await Api.Http.DeleteAsync($"/v1/messages/{id}")).Dispose();
    }

    private async Task<string[]> Send(Api api, object mail)
    {
        var ids = await api.Send(mail);
        _asked.AddRange(ids);
        return ids;
    }

    [Fact]
    public async Task Behind_a_lane_that_was_stopped_it_names_the_lane_the_order_and_how_many_are_before_it()
    {
        await server.Shape("");
        await Post($"/v1/lanes/default/mx.{_to}/suspend", new { @for = "1h", note = "they asked us to" });
        var ids = await Send(Api, Mails.To([.. Enumerable.Range(0, 4).Select(i => $"ann{i}@{_to}")]));

        var waiting = await Waits(Api, ids[3], "hold");

        Assert.Equal(("default", $"mx.{_to}", "operator", 3), ((string?)waiting["lane"]!["source"],
            (string?)waiting["lane"]!["site"], (string?)waiting["rule"], (int)waiting["ahead"]!));
        Assert.InRange((DateTimeOffset)waiting["until"]!, Now.AddMinutes(55), Now.AddMinutes(61));
        Assert.Equal(waiting["until"]!.ToJsonString(), waiting["eta"]!.ToJsonString());
        // It has a site before its first attempt, and nothing due in the past.
        var message = await Get(Api, $"/v1/messages/{ids[3]}");
        Assert.Equal(($"mx.{_to}", "accepted", null), ((string?)message["site"], (string?)message["status"], message["due_at"]));
        var listed = (await Get(Api, "/v1/messages?limit=4"))["messages"]!.AsArray();
        await Wait.Until(async () => (long)(await Get(Api, $"/v1/lanes/default/mx.{_to}"))["depth"]! == 4);
        Assert.All(listed, m => Assert.Equal("hold", (string?)m!["waiting"]!["held_by"]));
        Assert.Equal([3, 2, 1, 0], listed.Select(m => (int)m!["waiting"]!["ahead"]!));

        await Post($"/v1/lanes/default/mx.{_to}/resume", new { });
        await Api.Ended(ids[3]);
        Assert.Null((await Get(Api, $"/v1/messages/{ids[3]}"))["waiting"]);
    }

    [Fact]
    public async Task On_a_slow_lane_it_is_the_rate_and_it_says_when_it_goes()
    {
        await server.Shape($$"""
            "domains": {"{{_to}}": {"limits": {"rate": "2/min,burst=1"} } }
            """);
        var ids = await Send(Api, Mails.To([.. Enumerable.Range(0, 5).Select(i => $"ann{i}@{_to}")]));

        var waiting = await Waits(Api, ids[4], "rate");

        Assert.InRange((int)waiting["ahead"]!, 1, 4);
        Assert.InRange((DateTimeOffset)waiting["eta"]!, Now.AddSeconds(20), Now.AddMinutes(4));
    }

    [Fact]
    public async Task A_warm_up_whose_day_is_used_up_says_so_and_until_when()
    {
        await server.Shape("""
            "sources": {"ip2": {"address": "127.0.0.2", "warm_up": "tiny"}},
            "warm_up_plans": {"tiny": {"per": "day", "stages": [2, 100]}}
            """);
        var ids = await Send(Api, Mails.To([.. Enumerable.Range(0, 6).Select(i => $"ann{i}@{_to}")]));

        var waiting = await Waits(Api, ids[5], "warm_up");

        Assert.Equal(("ip2", "warm_up/tiny"), ((string?)waiting["lane"]!["source"], (string?)waiting["rule"]));
        var tomorrow = new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        Assert.Equal(tomorrow, (DateTimeOffset)waiting["until"]!);
    }

    [Fact]
    public async Task A_greylisted_mail_waits_for_its_next_try_with_the_receivers_words()
    {
        await server.Shape("");
        server.Answers(_to, _ => new(451, "4.7.1 Greylisted, please try again in five minutes"));
        var id = (await Send(Api, Mails.To($"ann@{_to}")))[0];
        await Api.Story(id, s => s.Status == "deferred");

        var waiting = await Waits(Api, id, "due");

        Assert.Equal((451, "4.7.1"), ((int)waiting["reply"]!["code"]!, (string?)waiting["reply"]!["enhanced_code"]));
        Assert.StartsWith("retry/", (string)waiting["rule"]!);
        Assert.Equal((string?)(await Get(Api, $"/v1/messages/{id}"))["due_at"], (string?)waiting["until"]);
        var listed = (await Get(Api, $"/v1/messages?recipient=ann@{_to}"))["messages"]![0]!["waiting"]!;
        Assert.Equal(waiting.ToJsonString(), listed.ToJsonString());
    }

    [Fact]
    public async Task A_scheduled_mail_waits_for_its_time()
    {
        var at = Now.AddHours(3);
        var id = (await Send(Api,
            new { from = "a@sender.test", to = $"ann@{_to}", subject = "s", text = "t", send_at = at }))[0];

        var waiting = await Waits(Api, id, "due");

        Assert.InRange((DateTimeOffset)waiting["until"]! - at, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        Assert.Null(waiting["lane"]);
    }

    [Fact]
    public async Task A_tenant_is_told_what_holds_it_and_reads_what_was_said_to_its_own_mail_alone()
    {
        await server.Shape("");
        using var quiet = await server.Installation.Tenant(Mails.Unique("quiet"));
        await Post($"/v1/lanes/default/mx.{_to}/suspend", new { note = "the operator's own words" });
        var id = (await Send(quiet, Mails.To($"ann@{_to}")))[0];

        var waiting = await Waits(quiet, id, "hold");

        Assert.Equal((null, null, null), (waiting["lane"], waiting["rule"], waiting["reply"]));
        Assert.Equal(0, (int)waiting["ahead"]!);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static async Task<JsonNode> Waits(Api api, string id, string heldBy)
    {
        JsonNode? waiting = null;
        await Wait.Until(async () => (string?)(waiting = (await Get(api, $"/v1/messages/{id}"))["waiting"])?["held_by"] == heldBy,
            seen: () => waiting?.ToJsonString() ?? "it does not wait");
        return waiting!;
    }

    private static async Task<JsonNode> Get(Api api, string path) => JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    private async Task Post(string path, object body)
    {
        using var answer = await Api.Http.PostAsJsonAsync(path, body, Api.Json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
