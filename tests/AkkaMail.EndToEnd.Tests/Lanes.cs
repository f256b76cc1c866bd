using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Receiving;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>An operator looks at the lanes of a running server, stops, slows and frees them, and asks why.</summary>
public sealed class Lanes : IAsyncLifetime
{
    private const string D1 = "/v1/lanes/default/mx.d1.test";

    private Dnsmasq _dns = null!;
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;
    private Func<string, ReceiverReply?> _receiver = _ => null;

    private Api Api => _installation.Api;

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        _sink = await TestSink.TestSink.StartAsync(new() { OnRecipient = r => _receiver(r) });
        _installation = await Installation.Resolving(_dns, _sink.Port, ("AkkaMail__Retry__FirstDelay", "00:00:02"));
    }

    [Fact]
    public async Task A_suspended_lane_keeps_its_mail_until_it_is_resumed_and_others_go_on()
    {
        var (status, lane) = await Post($"{D1}/suspend", new { note = "the receiver asked us to" });
        Assert.Equal((HttpStatusCode.OK, "suspended"), (status, (string?)lane["state"]));

        var stays = (await Api.Send(Mails.To("ann@d1.test")))[0];
        var goes = (await Api.Send(Mails.To("bob@d2.test")))[0];
        await Api.Ended(goes);
        var waiting = await Lane(D1, l => (long)l["depth"]! == 1);

        Assert.Equal(("operator", "the receiver asked us to", 0),
            ((string?)waiting["why"]!["rule"], (string?)waiting["why"]!["note"], (int)waiting["rate"]!["per_second"]!));
        Assert.Null(waiting["eta"]);
        Assert.Equal("accepted", (await Api.Story(stays)).Status);
        Assert.Equal(["bob@d2.test"], _sink.Mails.SelectMany(m => m.Recipients));

        (_, lane) = await Post($"{D1}/resume", new { });
        Assert.NotEqual("suspended", (string?)lane["state"]);
        Assert.Equal("delivered", (await Api.Ended(stays)).Status);
        var history = await Get($"{D1}/history?type=hold_began,hold_lifted");
        Assert.Equal(["hold_lifted", "hold_began"], history["events"]!.AsArray().Select(e => (string?)e!["type"]));
    }

    [Fact]
    public async Task A_tenants_stream_alone_can_be_stopped_and_a_suspension_ends_by_itself()
    {
        await Post($"{D1}/suspend",
            new { scope = "stream", tenant = "default", stream = "broadcast", @for = "4s", note = "complaints" });

        var news = (await Api.Send(
            new { from = "a@sender.test", to = "n@d1.test", subject = "s", text = "t", stream = "broadcast" }))[0];
        var receipt = (await Api.Send(Mails.To("ann@d1.test")))[0];

        var story = await Api.Ended(receipt);
        Assert.Equal("accepted", (await Api.Story(news)).Status);
        var later = await Api.Ended(news);
        Assert.True(later.Events![^1].At > story.Events![^1].At);
    }

    [Fact]
    public async Task A_lane_limited_to_one_a_second_sends_one_a_second()
    {
        var (_, lane) = await Post($"{D1}/limit", new { rate = "1/s", connections = 2, note = "careful" });
        Assert.Equal(("limited", "1/s", 2),
            ((string?)lane["state"], (string?)lane["rate"]!["text"], (int)lane["connections"]!["allowed"]!));

        var ids = await Api.Send(Mails.To([.. Enumerable.Range(0, 6).Select(i => $"ann{i}@d1.test")]));
        var stories = await Task.WhenAll(ids.Select(id => Api.Ended(id)));

        var ends = stories.Select(s => s.Events![^1].At).Order().ToList();
        Assert.All(stories, s => Assert.Equal("delivered", s.Status));
        Assert.InRange((ends[^1] - ends[0]).TotalSeconds, 3.5, 20);
        (_, lane) = await Post($"{D1}/limit", new { lift = true });
        Assert.Equal(("200/s", 10), ((string?)lane["rate"]!["text"], (int)lane["connections"]!["allowed"]!));
    }

    [Fact]
    public async Task Every_limit_change_names_the_rule_its_version_and_the_reply_that_caused_it()
    {
        var objections = 40;
        _receiver = _ => Interlocked.Decrement(ref objections) >= 0
            ? new(421, "4.7.28 Our system has detected an unusual rate of mail") : null;

        var ids = await Api.Send(Mails.To([.. Enumerable.Range(0, 60).Select(i => $"ann{i}@d1.test")]));
        var slowed = await Lane(D1, l => (string?)l["state"] is "limited" or "suspended");
        var cause = slowed["why"]!["cause"]!;
        Assert.Equal((421, "4.7.28", "rate_limited"), ((int)cause["reply"]!["code"]!,
            (string?)cause["reply"]!["enhanced_code"], (string?)cause["class"]));
        Assert.Contains((string)cause["message_id"]!, ids);
        Assert.Equal((await Get("/v1/shaping"))["version"]!.ToString(), slowed["why"]!["version"]!.ToString());

        var history = await Get($"{D1}/history?limit=500");
        var changes = history["events"]!.AsArray()
            .Where(e => (string?)e!["type"] is "rate_changed" or "connections_changed" or "hold_began").ToList();
        Assert.NotEmpty(changes);
        Assert.All(changes, e =>
        {
            Assert.NotEqual("", (string?)e!["rule"] ?? "");
            Assert.NotEqual("", (string?)e["version"] ?? "");
            Assert.Contains("unusual rate", (string?)e["cause"]!["reply"]!["text"]);
        });
        var first = (DateTimeOffset)changes[^1]!["at"]!;
        var none = await Get($"{D1}/history?to={Uri.EscapeDataString(first.AddSeconds(-5).ToString("O"))}");
        Assert.Empty(none["events"]!.AsArray());
    }

    [Fact]
    public async Task Lanes_are_listed_by_source_and_site_and_paged()
    {
        foreach (var i in Enumerable.Range(0, 4)) await Api.Send(Mails.To($"ann@d{i}.test"));
        await Wait.Until(async () => (await Get("/v1/lanes"))["lanes"]!.AsArray().Count == 4);

        var first = await Get("/v1/lanes?source=default&limit=3");
        var rest = await Get($"/v1/lanes?source=default&limit=3&cursor={first["next_cursor"]}");
        var one = await Get("/v1/lanes?site=mx.d2.test");

        var both = first["lanes"]!.AsArray().Concat(rest["lanes"]!.AsArray());
        string[] sites = [.. both.Select(l => (string)l!["site"]!)];
        Assert.Equal(["mx.d0.test", "mx.d1.test", "mx.d2.test", "mx.d3.test"], sites);
        Assert.Null(rest["next_cursor"]);
        Assert.Equal("mx.d2.test", (string?)Assert.Single(one["lanes"]!.AsArray())!["site"]);
        Assert.Empty((await Get("/v1/lanes?source=other"))["lanes"]!.AsArray());
    }

    [Fact]
    public async Task A_lane_nobody_has_used_is_described_an_unknown_source_and_a_faulty_order_are_not_taken()
    {
        var plus = await Get("/v1/lanes/default/mx1+mx2.d3.test");
        var escaped = await Get("/v1/lanes/default/MX1%2Bmx2.d3.test");
        var (unknown, _) = await Post("/v1/lanes/nobody/mx.d3.test/suspend", new { note = "x" });
        var (faulty, problem) = await Post("/v1/lanes/default/mx.d3.test/suspend",
            new { @for = "400d", scope = "tenant", stream = "s" });
        var (paused, _) = await Post("/v1/lanes/default/mx.d3.test/warm-up/pause", new { });
        var (began, warming) = await Post("/v1/lanes/default/mx.d3.test/warm-up/start", new { plan = "sparkpost" });

        Assert.Equal(("idle", "mx1+mx2.d3.test"), ((string?)plus["state"], (string?)plus["site"]));
        Assert.Equal((string?)plus["site"], (string?)escaped["site"]);
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, faulty);
        Assert.Equal(["tenant", "stream", "for", "note"],
            problem["errors"]!.AsArray().Select(e => (string?)e!["field"]));
        Assert.Equal(HttpStatusCode.Conflict, paused);
        Assert.Equal((HttpStatusCode.OK, "warming_up", 1, 200), (began, (string?)warming["state"],
            (int)warming["warm_up"]!["stage"]!, (int)warming["warm_up"]!["volume"]!));
    }

    [Fact]
    public async Task How_the_encryption_of_a_day_went_is_told_by_domain()
    {
        await Api.Ended((await Api.Send(Mails.To("ann@d1.test")))[0]);

        var day = await Get("/v1/tls-reports");

        var domain = Assert.Single(day["domains"]!.AsArray())!;
        Assert.Equal(("d1.test", "no-policy-found", "starttls-not-supported"), ((string?)domain["domain"],
            (string?)domain["policy_type"], (string?)domain["failures"]![0]!["result"]));
        using var wrong = await Api.Http.GetAsync("/v1/tls-reports?day=yesterday");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    private async Task<JsonNode> Lane(string path, Func<JsonNode, bool> isReached)
    {
        JsonNode? lane = null;
        await Wait.Until(async () => isReached(lane = await Get(path)), null, () => lane?.ToJsonString() ?? "");
        return lane!;
    }

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;

    private async Task<(HttpStatusCode Status, JsonNode Answer)> Post(string path, object body)
    {
        using var answer = await Api.Http.PostAsJsonAsync(path, body);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async Task DisposeAsync()
    {
        _installation?.Dispose();
        if (_sink is not null) await _sink.DisposeAsync();
        _dns?.Dispose();
    }
}
