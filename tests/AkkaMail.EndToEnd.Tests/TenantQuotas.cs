using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Quotas in a running server: never more than the limit, and nobody else is slowed.</summary>
[Collection(Relaying.Name)]
public sealed class TenantQuotas(Relaying server)
{
    private readonly string _acme = Mails.Unique("acme"), _globex = Mails.Unique("globex");

    private Installation Installation => server.Installation;

    [Fact]
    public async Task Beyond_the_quota_is_429_with_the_window_and_when_to_come_again_and_nothing_is_stored()
    {
        var acme = await Installation.Tenant(_acme, new { month = 5 });
        var globex = await Installation.Tenant(_globex);
        using var first = await acme.Post(Mails.To("ann@d1.test", "bob@d1.test", "eve@d1.test"));

        using var refused = await acme.Post(Mails.To("ann@d1.test", "bob@d1.test", "eve@d1.test"));

        var problem = await Problem(refused);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("5 recipients a month", (string?)problem["detail"], StringComparison.Ordinal);
        var now = TimeProvider.System.GetUtcNow();
        var left = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) - now;
        Assert.InRange(
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, left.TotalSeconds - 30, left.TotalSeconds + 5);
        Assert.Equal(
            ("5", $"{refused.Headers.RetryAfter}"),
            (refused.Headers.GetValues("RateLimit-Limit").Single(), refused.Headers.GetValues("RateLimit-Reset").Single()));
        Assert.Equal((HttpStatusCode.Accepted, "5 2"), (first.StatusCode, LimitAndLeft(first)));
        Assert.InRange(Reset(first), left.TotalSeconds - 30, left.TotalSeconds + 5);
        Assert.Equal("5 2", LimitAndLeft(refused));   // Three are too many; two will fit.
        await acme.Send(Mails.To("ann@d1.test", "bob@d1.test"));
        using var full = await acme.Post(Mails.To("ann@d1.test"));
        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        Assert.Equal("5 0", LimitAndLeft(full));

        // Another tenant is not slowed.
        for (var i = 0; i < 20; i++) await globex.Send(Mails.To("ann@d1.test"));
        await Wait.Until(async () => (await acme.All("status=delivered")).Count == 5
            && (await globex.All("status=delivered")).Count == 20);
        Assert.Equal((5, 20), (await server.Accepted(_acme), await server.Accepted(_globex)));
        Assert.Equal((5, 5), await Used(acme, _acme, "month"));
    }

    [Fact]
    public async Task Each_promise_tells_what_is_left_of_the_tightest_window_and_a_repeat_or_no_quota_tells_nothing()
    {
        var acme = await Installation.Tenant(_acme, new { day = 1_000, month = 400 });
        var globex = await Installation.Tenant(_globex);

        var told = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            using var answer = await acme.Post(Mails.To("ann@d1.test", "bob@d1.test"), $"key-{i}");
            told.Add(LimitAndLeft(answer));
        }

        // Each one, though most are served from what the node has in hand.
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"400 {400 - 2 * i}"), told);
        using var repeat = await acme.Post(Mails.To("ann@d1.test", "bob@d1.test"), "key-39");
        using var free = await globex.Post(Mails.To("ann@d1.test"));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (repeat.StatusCode, free.StatusCode));
        Assert.All([repeat, free], a => Assert.DoesNotContain(
            a.Headers, h => h.Key.StartsWith("RateLimit-", StringComparison.Ordinal)));
        await Installation.Api.Ask(HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"quota":{"day":100}}""");
        using var changed = await acme.Post(Mails.To("ann@d1.test"));
        Assert.Equal("100 19", LimitAndLeft(changed));
    }

    [Fact]
    public async Task A_repeat_uses_nothing_and_gets_its_first_answer_though_the_quota_is_used_up()
    {
        var acme = await Installation.Tenant(_acme, new { day = 2 });
        var ids = await acme.Send(Mails.To("ann@d1.test", "bob@d1.test"), "key-1");

        Assert.Equal(ids, await acme.Send(Mails.To("ann@d1.test", "bob@d1.test"), "key-1"));
        await Wait.Until(async () => (await acme.List("")).Messages.Length == 2);
        Assert.Equal(ids, await acme.Send(Mails.To("ann@d1.test", "bob@d1.test"), "key-1"));
        using var conflict = await acme.Post(Mails.To("ann@d1.test"), "key-1");
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Equal((2, 2), await Used(acme, _acme, "day"));
    }

    [Fact]
    public async Task What_is_at_once_with_one_key_counts_once()
    {
        var acme = await Installation.Tenant(_acme, new { day = 1_000 });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => acme.Send(Mails.To("ann@d1.test"), "key-1")));

        Assert.Single(answers.Select(a => a[0]).Distinct());
        await Wait.Until(async () => await Used(acme, _acme, "day") == (1, 1_000));
    }

    [Fact]
    public async Task The_count_outlasts_a_restart_and_a_crash_never_makes_room()
    {
        var acme = await Installation.Tenant(_acme, new { month = 100 });
        for (var i = 0; i < 10; i++) await acme.Send(Mails.To("ann@d1.test"));

        await Installation.Restart();
        await Wait.Until(async () => (await acme.Ask(HttpMethod.Get, "/v1/messages")).Status == HttpStatusCode.OK);
        Assert.Equal((10, 100), await Used(acme, _acme, "month"));
        await acme.Send(Mails.To("ann@d1.test"));
        Installation.Kill();
        await Installation.Up();
        await Wait.Until(async () => (await acme.Ask(HttpMethod.Get, "/v1/messages")).Status == HttpStatusCode.OK);
        Assert.InRange((await Used(acme, _acme, "month")).Used, 11, 11 + 89 / 16);
    }

    [Fact]
    public async Task What_may_wait_is_scheduled_and_delivered_when_the_window_opens()
    {
        // All of it has to fall in one minute, and not in its last seconds: else again, with another tenant.
        while (!await IsScheduled(Mails.Unique("acme"))) { }

        // One that the server was given at the start has had its minute.
        var story = await server.Third.Tenant.Ended(server.Third.Id, TimeSpan.FromSeconds(75));
        Assert.Equal("scheduled attempt delivered", story.Types);
        Assert.True(story.Events![^1].At >= server.Third.Opens, $"{story.Events[^1].At:O}");
    }

    /// <summary>False when the minute ended before all was asked.</summary>
    private async Task<bool> IsScheduled(string tenant)
    {
        var next = NextMinute();
        using var acme = await Installation.Tenant(tenant, new { minute = 2, mode = "schedule" });
        var first = await acme.Send(Mails.To("ann@d1.test", "bob@d1.test"));
        using var answer = await acme.Post(Mails.To("eve@d1.test"), "key-1");
        var text = await answer.Content.ReadAsStringAsync();
        // The first answer again, before the read model has it and after.
        using var before = await acme.Post(Mails.To("eve@d1.test"), "key-1");
        await Wait.Until(async () => (await acme.List("")).Messages.Length == 3);
        var scheduled = (await acme.List("status=scheduled")).Messages;
        using var after = await acme.Post(Mails.To("eve@d1.test"), "key-1");
        using var never = await acme.Post(Mails.To("a@d1.test", "b@d1.test", "c@d1.test"));
        using var tooLate = await acme.Post(new
        {
            from = "a@sender.test",
            to = new[] { "ann@d1.test", "bob@d1.test" },
            text = "t",
            expires_at = TimeProvider.System.GetUtcNow().AddSeconds(62),
        });
        if (NextMinute() != next || TimeProvider.System.GetUtcNow().AddSeconds(3) >= next) return false;

        var body = JsonNode.Parse(text)!;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("scheduled", next), ((string?)body["messages"]![0]!["status"], (DateTimeOffset)body["send_at"]!));
        Assert.Equal((text, text), (await before.Content.ReadAsStringAsync(), await after.Content.ReadAsStringAsync()));
        Assert.Equal((string?)body["messages"]![0]!["id"], Assert.Single(scheduled).Id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, never.StatusCode);
        Assert.Contains("2 a minute", (string?)(await Problem(never))["detail"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooLate.StatusCode);
        foreach (var f in first) Assert.Equal("delivered", (await acme.Ended(f)).Status);
        return true;
    }

    private static DateTimeOffset NextMinute()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMinute)).AddMinutes(1);
    }

    [Fact]
    public async Task A_time_the_sender_has_set_counts_in_the_window_of_that_time()
    {
        var acme = await Installation.Tenant(_acme, new { day = 1 });
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        using var scheduled = await acme.Post(At(tomorrow));
        await acme.Send(Mails.To("ann@d1.test"));
        Assert.Equal("1 0", LimitAndLeft(scheduled));
        Assert.True(Reset(scheduled) > 86_400);   // The end of tomorrow.

        using var again = await acme.Post(At(tomorrow));

        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
        await acme.Send(At(tomorrow.AddDays(1)));
        Assert.Equal((1, 1), await Used(acme, _acme, "day"));
    }

    [Fact]
    public async Task The_use_is_for_the_tenant_and_the_operator_and_a_quota_that_changes_holds_at_once()
    {
        var acme = await Installation.Tenant(_acme, new { day = 1 });
        var globex = await Installation.Tenant(_globex);
        await acme.Send(Mails.To("ann@d1.test"));

        Assert.Equal(HttpStatusCode.NotFound, (await globex.Ask(HttpMethod.Get, $"/v1/tenants/{_acme}/usage")).Status);
        Assert.Equal((1, 1), await Used(Installation.Api, _acme, "day"));
        Assert.Empty((await globex.Ask(HttpMethod.Get, $"/v1/tenants/{_globex}/usage")).Body!["windows"]!.AsArray());
        await Installation.Api.Ask(HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"quota":{"hour":2}}""");
        await acme.Send(Mails.To("ann@d1.test"));
        using var full = await acme.Post(Mails.To("ann@d1.test"));
        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        await Installation.Api.Ask(HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"quota":null}""");
        await acme.Send(Mails.To("ann@d1.test"));
    }

    private static string LimitAndLeft(HttpResponseMessage answer) =>
        $"{answer.Headers.GetValues("RateLimit-Limit").Single()} {answer.Headers.GetValues("RateLimit-Remaining").Single()}";

    private static double Reset(HttpResponseMessage answer) =>
        double.Parse(answer.Headers.GetValues("RateLimit-Reset").Single(), System.Globalization.CultureInfo.InvariantCulture);

    private static object At(DateTimeOffset time) =>
        new { from = "a@sender.test", to = "ann@d1.test", text = "t", send_at = time };

    private static async Task<(long Used, long Limit)> Used(Api api, string tenant, string window)
    {
        var (status, usage) = await api.Ask(HttpMethod.Get, $"/v1/tenants/{tenant}/usage");
        Assert.True(status == HttpStatusCode.OK, $"{usage}");
        var row = usage!["windows"]!.AsArray().Single(w => (string?)w!["window"] == window)!;
        Assert.True((DateTimeOffset)row["resets_at"]! > TimeProvider.System.GetUtcNow());
        return ((long)row["used"]!, (long)row["limit"]!);
    }

    private static async Task<JsonNode> Problem(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
}
