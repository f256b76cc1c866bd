using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Who gets no mail any more, why, and how a mistake is undone; before a receiver that answers as it is told.</summary>
[Collection(FastRetry.Name)]
public class Suppression(FastRetry server) : IAsyncLifetime
{
    private readonly string _to = server.Domain(), _other = server.Domain();
    private Api? _tenant;

    /// <summary>A tenant of the test's own.</summary>
    private Api Api => _tenant!;

    public async Task InitializeAsync() => _tenant = await server.NewTenant();

    [Fact]
    public async Task An_unknown_user_is_suppressed_at_once_with_its_cause_and_gets_mail_again_when_it_is_lifted()
    {
        server.Answers(_to, r =>
            r.StartsWith("gone", StringComparison.OrdinalIgnoreCase) ? new(550, "5.1.1 User unknown") : null);
        var first = (await Api.Send(Mails.To($"Gone@{_to}")))[0];
        var bounced = await Api.Ended(first);
        var entry = (await Entries(1))[0];

        Assert.Equal("bounced", bounced.Status);
        Assert.Equal(("hard_bounce", "tenant", "unknown_user", first, $"mx.{_to}", $"Gone@{_to}"),
            ((string?)entry["origin"], (string?)entry["scope"], (string?)entry["reason"], (string?)entry["cause"],
                (string?)entry["site"], (string?)entry["address"]));
        Assert.StartsWith("550 5.1.1", (string)entry["reply"]!);
        var end = (await Get($"/v1/messages/{first}"))["events"]!.AsArray()[^1]!;
        Assert.Equal(("recipient", "hard", "unknown_user", "permanent", (string?)entry["rule"], (string?)entry["version"]),
            ((string?)end["classification"]!["fault"], (string?)end["classification"]!["bounce"],
                (string?)end["classification"]!["reason"], (string?)end["rule"],
                (string?)end["classification"]!["rule"], (string?)end["classification"]!["version"]));

        // Whatever the case, on any stream of the tenant, and beside one that is sent.
        using var answer = await Api.Post(Mails.To($"gone@{_to.ToUpperInvariant()}", $"ann@{_to}"), "again");
        var messages = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["messages"]!.AsArray();
        Assert.Equal((HttpStatusCode.Accepted, "suppressed", "accepted"),
            (answer.StatusCode, (string?)messages[0]!["status"], (string?)messages[1]!["status"]));
        await Api.Ended((string)messages[1]!["id"]!);
        var story = await Get($"/v1/messages/{messages[0]!["id"]}");
        Assert.Equal(("suppressed", $"suppression/{entry["id"]}"),
            ((string?)story["status"], (string?)story["events"]![0]!["rule"]));
        Assert.Equal([$"ann@{_to}"], server.SunkAt(_to).SelectMany(m => m.Recipients));
        using var repeat = await Api.Post(Mails.To($"gone@{_to.ToUpperInvariant()}", $"ann@{_to}"), "again");
        Assert.Equal(await answer.Content.ReadAsStringAsync(), await repeat.Content.ReadAsStringAsync());

        server.Answers(_to, _ => null);
        using var lifted = await Api.Http.DeleteAsync($"/v1/suppressions/{entry["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Equal("delivered", (await Api.Ended((await Api.Send(Mails.To($"gone@{_to}")))[0])).Status);
    }

    [Fact]
    public async Task A_listed_source_suppresses_none_of_ten_thousand_stops_the_lane_and_its_mail_goes_on_later()
    {
        // After the wall the lane gains speed step by step, from little: in the simulator all of them drain (ListedTests),
        // here the first.
        const int Calls = 10, Each = 1_000, Enough = 3;
        var isListed = true;
        await using var sink = await TestSink.TestSink.StartAsync(new()
        {
            OnRecipient = _ => isListed
                ? new(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org") : null,
        });
        using var installation = await Installation.Resolving(server.Dns, sink.Port,
            ("AkkaMail__Retry__FirstDelay", "00:00:02"), ("AkkaMail__Retry__MaxDelay", "00:00:03"));
        var api = installation.Api;
        for (var call = 0; call < Calls; call++)
            await api.Send(Mails.To([.. Enumerable.Range(call * Each, Each).Select(i => $"u{i}@d2.test")]));

        await Wait.Until(async () => (string?)(await Get(api, "/v1/lanes/default/mx.d2.test"))["state"] == "suspended");
        var lane = await Get(api, "/v1/lanes/default/mx.d2.test");
        Assert.Contains("blocked", (string)lane["why"]!["rule"]!, StringComparison.Ordinal);
        Assert.Empty(await Entries(0, at: api));
        var walled = await api.Status(s => s.Accepted == Calls * Each);
        Assert.Equal((0, 0, Calls * Each), (walled.Of("bounced"), walled.Of("suppressed"), walled.Alive));

        isListed = false;
        using var resumed = await api.Http.PostAsJsonAsync(
            "/v1/lanes/default/mx.d2.test/resume", new { note = "delisted" });
        using var limit = await api.Http.PostAsJsonAsync("/v1/lanes/default/mx.d2.test/limit", new { lift = true });
        var after = await api.Status(s => s.Of("delivered") >= Enough, TimeSpan.FromMinutes(2));
        Assert.Equal((0, 0, true), (after.Of("bounced"), after.Of("suppressed"), after.Complete));
        Assert.Empty(await Entries(0, at: api));
    }

    [Fact]
    public async Task What_was_put_on_a_list_after_it_was_accepted_is_not_sent()
    {
        var id = (await Api.Send(new
        {
            from = "shop@sender.test",
            to = $"late@{_to}",
            text = "t",
            send_at = TimeProvider.System.GetUtcNow().AddSeconds(3),
        }))[0];
        await Add(new { domain = _to.ToUpperInvariant(), scope = "global", note = "they asked" });

        var story = await Api.Ended(id);
        Assert.Equal("suppressed", story.Status);
        Assert.Empty(server.SunkAt(_to));
    }

    [Fact]
    public async Task An_undo_shows_first_and_then_lifts_what_one_rule_has_done_by_events_of_its_own()
    {
        foreach (var domain in (string[])[_to, _other])
            server.Answers(domain, r => r.StartsWith('g') ? new(550, "5.1.1 User unknown") : null);
        foreach (var id in await Api.Send(Mails.To($"g1@{_to}", $"g2@{_to}", $"g3@{_other}"))) await Api.Ended(id);
        var entries = await Entries(3);
        var rule = (string)entries[0]["rule"]!;

        var shown = await Post("/v1/suppressions/undo", new { rule, site = $"mx.{_to}" });
        Assert.Equal((true, 2, 0), ((bool)shown["dry_run"]!, (int)shown["entries"]!, (int)shown["lifted"]!));
        Assert.Equal([$"g1@{_to}", $"g2@{_to}"],
            shown["sample"]!.AsArray().Select(e => (string?)e!["address"]).Order());
        await Entries(3);

        var done = await Post(
            "/v1/suppressions/undo", new { rule, site = $"mx.{_to}", dry_run = false, note = "outage" });
        Assert.Equal((false, 2), ((bool)done["dry_run"]!, (int)done["lifted"]!));
        Assert.Equal($"g3@{_other}", (string?)(await Entries(1))[0]["address"]);
        Assert.StartsWith("undo-", (string)done["undo"]!);

        using var aimless = await Api.Http.PostAsJsonAsync("/v1/suppressions/undo", new { dry_run = false });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, aimless.StatusCode);
    }

    [Fact]
    public async Task A_list_is_taken_in_with_its_faults_named_and_given_out_again()
    {
        var list = new StringBuilder("\uFEFFEmail,scope,stream,note,anything\n");
        for (var i = 0; i < 1_200; i++) list.Append(null, $"u{i}@d3.test,,,imported,x\n");
        list.Append("nobody,,,,\n\"a b@d3.test\",,,,\n=cmd@d3.test,stream,broadcast,\"said \"\"no\"\", twice\",\nu0@d3.test,,,,\n");

        using var begun = await Api.Http.PostAsync("/v1/suppressions/import", new StringContent(list.ToString()));
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        JsonNode import = null!;
        await Wait.Until(async () => (string?)(import = await Get(begun.Headers.Location!.ToString()))["state"] == "done");

        Assert.Equal((1_205, 1_201, 1, 2), ((int)import["lines"]!, (int)import["added"]!, (int)import["known"]!, (int)import["faulty"]!));
        Assert.Equal([1_202, 1_203], import["faults"]!.AsArray().Select(f => (int)f!["line"]!));
        var export = (await Api.Http.GetStringAsync("/v1/suppressions/export")).TrimEnd('\n').Split('\n');
        Assert.Equal(1_202, export.Length);
        Assert.StartsWith("\"'=cmd@d3.test\",,stream,broadcast,import,,\"said \"\"no\"\", twice\",", export[1]);

        await Post("/v1/suppressions/undo", new { site = "none" });
        foreach (var entry in await Entries(50, "?limit=50")) await Api.Http.DeleteAsync($"/v1/suppressions/{entry["id"]}");
        using var again = await Api.Http.PostAsync("/v1/suppressions/import", new StringContent(string.Join('\n', export)));
        await Wait.Until(async () => (string?)(import = await Get(again.Headers.Location!.ToString()))["state"] == "done");
        Assert.Equal((50, 1_151, 0), ((int)import["added"]!, (int)import["known"]!, (int)import["faulty"]!));
        var formula = (await Entries(1, "?stream=broadcast"))[0];
        Assert.Equal("=cmd@d3.test", (string?)formula["address"]);
    }

    /// <summary>Everything behind the quote would be one cell: what came before it stays, and the line is named.</summary>
    [Fact]
    public async Task A_list_with_an_open_quote_ends_as_failed_with_its_line()
    {
        using var begun = await Api.Http.PostAsync("/v1/suppressions/import",
            new StringContent("email\nfine@d4.test\n\"never closed@d4.test\nlost@d4.test\n"));
        JsonNode import = null!;
        await Wait.Until(async () =>
            (string?)(import = await Get(begun.Headers.Location!.ToString()))["state"] is not "running");

        Assert.Equal("failed", (string?)import["state"]);
        Assert.StartsWith("line 3: ", (string?)import["problem"]);
        Assert.Equal(1, (int)import["added"]!);
    }

    private async Task Add(object entry)
    {
        using var answer = await Api.Http.PostAsJsonAsync("/v1/suppressions", new { entries = new[] { entry } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<JsonNode> Post(string path, object body)
    {
        using var answer = await Api.Http.PostAsJsonAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    /// <summary>As soon as there are so many.</summary>
    private async Task<List<JsonNode>> Entries(int count, string query = "", Api? at = null)
    {
        List<JsonNode> entries = [];
        await Wait.Until(async () =>
            (entries = await List(at ?? Api, $"/v1/suppressions{query}")).Count == count);
        return entries;
    }

    private static async Task<List<JsonNode>> List(Api at, string path) =>
        [.. (await Get(at, path))["suppressions"]!.AsArray().Select(e => e!)];

    private Task<JsonNode> Get(string path) => Get(Api, path);

    private static async Task<JsonNode> Get(Api at, string path) => JsonNode.Parse(await at.Http.GetStringAsync(path))!;

    public Task DisposeAsync()
    {
        _tenant?.Dispose();
        return Task.CompletedTask;
    }
}
