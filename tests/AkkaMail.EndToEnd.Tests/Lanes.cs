using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>An operator looks at the lanes of a running server, stops, slows and frees them, and asks why.</summary>
[Collection(FastRetry.Name)]
public sealed class Lanes
{
    private readonly FastRetry _server;
    private readonly string _to, _other, _lane;

    public Lanes(FastRetry server)
    {
        _server = server;
        (_to, _other) = (server.Domain(), server.Domain());
        _lane = $"/v1/lanes/default/mx.{_to}";
    }

    private Api Api => _server.Api;

    [Fact]
    public async Task A_suspended_lane_keeps_its_mail_until_it_is_resumed_and_others_go_on()
    {
        var (status, lane) = await Post($"{_lane}/suspend", new { note = "the receiver asked us to" });
        Assert.Equal((HttpStatusCode.OK, "suspended"), (status, (string?)lane["state"]));

        var stays = (await Api.Send(Mails.To($"ann@{_to}")))[0];
        var goes = (await Api.Send(Mails.To($"bob@{_other}")))[0];
        await Api.Ended(goes);
        var waiting = await Lane(_lane, l => (long)l["depth"]! == 1);

        Assert.Equal(("operator", "the receiver asked us to", 0),
            ((string?)waiting["why"]!["rule"], (string?)waiting["why"]!["note"], (int)waiting["rate"]!["per_second"]!));
        Assert.Null(waiting["eta"]);
        Assert.Equal("accepted", (await Api.Story(stays)).Status);
        Assert.Single(_server.SunkAt(_other));
        Assert.Empty(_server.SunkAt(_to));

        (_, lane) = await Post($"{_lane}/resume", new { });
        Assert.NotEqual("suspended", (string?)lane["state"]);
        Assert.Equal("delivered", (await Api.Ended(stays)).Status);
        var history = await Get($"{_lane}/history?type=hold_began,hold_lifted");
        Assert.Equal(["hold_lifted admin", "hold_began admin"],
            history["events"]!.AsArray().Select(e => $"{e!["type"]} {e["by"]}"));
    }

    [Fact]
    public async Task A_tenants_stream_alone_can_be_stopped_and_a_suspension_ends_by_itself()
    {
        await Post($"{_lane}/suspend",
            new { scope = "stream", tenant = "default", stream = "broadcast", @for = "4s", note = "complaints" });

        var news = (await Api.Send(
            new { from = "a@sender.test", to = $"n@{_to}", subject = "s", text = "t", stream = "broadcast" }))[0];
        var receipt = (await Api.Send(Mails.To($"ann@{_to}")))[0];

        var story = await Api.Ended(receipt);
        Assert.Equal("accepted", (await Api.Story(news)).Status);
        var later = await Api.Ended(news);
        Assert.True(later.Events![^1].At > story.Events![^1].At);
    }

    [Fact]
    public async Task A_lane_limited_to_one_a_second_sends_one_a_second()
    {
        var (_, lane) = await Post($"{_lane}/limit", new { rate = "1/s", connections = 2, note = "careful" });
        Assert.Equal(("limited", "1/s", 2),
            ((string?)lane["state"], (string?)lane["rate"]!["text"], (int)lane["connections"]!["allowed"]!));

        var ids = await Api.Send(Mails.To([.. Enumerable.Range(0, 6).Select(i => $"ann{i}@{_to}")]));
        var stories = await Task.WhenAll(ids.Select(id => Api.Ended(id)));

        var ends = stories.Select(s => s.Events![^1].At).Order().ToList();
        Assert.All(stories, s => Assert.Equal("delivered", s.Status));
        Assert.InRange((ends[^1] - ends[0]).TotalSeconds, 3.5, 20);
        (_, lane) = await Post($"{_lane}/limit", new { lift = true });
        Assert.Equal(("200/s", 10), ((string?)lane["rate"]!["text"], (int)lane["connections"]!["allowed"]!));
    }

    [Fact]
    public async Task Every_limit_change_names_the_rule_its_version_and_the_reply_that_caused_it()
    {
        var objections = 40;
        _server.Answers(_to, _ => Interlocked.Decrement(ref objections) >= 0
            ? new(421, "4.7.28 Our system has detected an unusual rate of mail") : null);

        var ids = await Api.Send(Mails.To([.. Enumerable.Range(0, 60).Select(i => $"ann{i}@{_to}")]));
        var slowed = await Lane(_lane, l => (string?)l["state"] is "limited" or "suspended");
        var cause = slowed["why"]!["cause"]!;
        Assert.Equal((421, "4.7.28", "rate_limited"), ((int)cause["reply"]!["code"]!,
            (string?)cause["reply"]!["enhanced_code"], (string?)cause["class"]));
        Assert.Contains((string)cause["message_id"]!, ids);
        var version = (string?)(await Get("/v1/shaping"))["version"];
        Assert.Equal(version, (string?)slowed["why"]!["version"]);

        var history = await Get($"{_lane}/history?limit=500");
        var changes = history["events"]!.AsArray()
            .Where(e => (string?)e!["type"] is "rate_changed" or "connections_changed" or "hold_began").ToList();
        Assert.NotEmpty(changes);
        Assert.All(changes, e =>
        {
            Assert.NotEqual("", (string?)e!["rule"] ?? "");
            Assert.Equal(version, (string?)e["version"]);
            Assert.Equal((421, "4.7.28"),
                ((int)e["cause"]!["reply"]!["code"]!, (string?)e["cause"]!["reply"]!["enhanced_code"]));
            Assert.Contains((string)e["cause"]!["message_id"]!, ids);
        });
        var cut = changes.Last(e => (string?)e!["rule"] == "aimd/limited" && (string?)e["type"] == "rate_changed")!;
        double In(string name) => (double)cut["inputs"]![name]!;
        var through = In("used") * In("accepted") / Math.Max(1, In("accepted") + In("objections"));
        Assert.Equal(Math.Max(0.1, Math.Max(In("used") / 2, 0.97 * through)), (double)cut["to"]!, 0.01);
        var first = (DateTimeOffset)changes[^1]!["at"]!;
        var none = await Get($"{_lane}/history?to={Uri.EscapeDataString(first.AddSeconds(-5).ToString("O"))}");
        Assert.Empty(none["events"]!.AsArray());
    }

    [Fact]
    public async Task Lanes_are_listed_by_source_and_site_and_paged()
    {
        string[] domains = [.. Enumerable.Range(0, 4).Select(_ => _server.Domain())];
        string[] own = [.. domains.Select(d => $"mx.{d}").Order(StringComparer.Ordinal)];
        foreach (var domain in domains) await Api.Send(Mails.To($"ann@{domain}"));

        List<List<string>> pages = [];
        await Wait.Until(async () => (pages = await Pages()).SelectMany(p => p).Intersect(own).Count() == own.Length);
        var one = await Get($"/v1/lanes?site={own[2]}");

        Assert.All(pages.SkipLast(1), p => Assert.Equal(3, p.Count));
        Assert.InRange(pages[^1].Count, 1, 3);
        var all = pages.SelectMany(p => p).ToList();
        Assert.Equal(all.Distinct().Order(StringComparer.Ordinal), all);
        Assert.Equal(own, all.Intersect(own));
        Assert.Equal(own[2], (string?)Assert.Single(one["lanes"]!.AsArray())!["site"]);
        Assert.Empty((await Get("/v1/lanes?source=other"))["lanes"]!.AsArray());
    }

    /// <summary>Every site of the source, three at a time.</summary>
    private async Task<List<List<string>>> Pages()
    {
        List<List<string>> pages = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Get($"/v1/lanes?source=default&limit=3{cursor}");
            pages.Add([.. page["lanes"]!.AsArray().Select(l => (string)l!["site"]!)]);
            cursor = (string?)page["next_cursor"] is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }
        return pages;
    }

    [Fact]
    public async Task A_lane_nobody_has_used_is_described_an_unknown_source_and_a_faulty_order_are_not_taken()
    {
        var plus = await Get($"/v1/lanes/default/mx1+mx2.{_to}");
        var escaped = await Get($"/v1/lanes/default/MX1%2Bmx2.{_to}");
        var (unknown, _) = await Post($"/v1/lanes/nobody/mx.{_to}/suspend", new { note = "x" });
        var (faulty, problem) = await Post($"{_lane}/suspend",
            new { @for = "400d", scope = "tenant", stream = "s" });
        var (paused, _) = await Post($"{_lane}/warm-up/pause", new { });
        var (began, warming) = await Post($"{_lane}/warm-up/start", new { plan = "sparkpost" });

        Assert.Equal(("idle", $"mx1+mx2.{_to}"), ((string?)plus["state"], (string?)plus["site"]));
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
    public async Task An_order_to_a_domain_names_the_site_it_is_counted_as_and_one_to_nobody_has_to_say_so()
    {
        var note = new { note = "an incident" };
        var (asDomain, counted) = await Post($"/v1/lanes/default/{_to}/suspend", note);
        var hosted = $"hosted.{_to}";
        await _server.Dns.Publish(hosted, $"mx-host={hosted},gmail-smtp-in.l.google.com,5");
        var (byName, provider) = await Post($"/v1/lanes/default/{hosted}/suspend", note);
        var (stranger, unknown) = await Post("/v1/lanes/default/nobody.test/suspend", note);
        var (misread, faulty) = await Post("/v1/lanes/default/nobody.test/suspend?new=yes", note);
        var (isNew, lane) = await Post("/v1/lanes/default/nobody.test/suspend?new=true", note);

        Assert.All([asDomain, byName, stranger, misread], s => Assert.Equal(HttpStatusCode.UnprocessableEntity, s));
        Assert.Equal($"'{_to}' is a domain: it is counted as the site mx.{_to}", Error(counted, "site"));
        Assert.Equal($"'{hosted}' is a domain: it is counted as the site google", Error(provider, "site"));
        Assert.Equal("no mail has gone to 'nobody.test' yet: with new=true the order is given all the same", Error(unknown, "site"));
        Assert.Equal("is neither true nor false", Error(faulty, "new"));
        Assert.Equal((HttpStatusCode.OK, "suspended"), (isNew, (string?)lane["state"]));
    }

    private static string? Error(JsonNode problem, string field) =>
        (string?)problem["errors"]!.AsArray().Single(e => (string?)e!["field"] == field)!["message"];

    [Fact]
    public async Task How_the_encryption_of_a_day_went_is_told_by_domain()
    {
        await Api.Ended((await Api.Send(Mails.To($"ann@{_to}")))[0]);

        var day = await Get("/v1/tls-reports");

        var domain = Assert.Single(day["domains"]!.AsArray(), d => (string?)d!["domain"] == _to)!;
        Assert.Equal(("no-policy-found", "starttls-not-supported"),
            ((string?)domain["policy_type"], (string?)domain["failures"]![0]!["result"]));
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
}
