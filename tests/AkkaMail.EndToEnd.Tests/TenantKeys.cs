using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Tenants and their keys in a running server: what a key may, how it ends, and who changed what.</summary>
[Collection(Relaying.Name)]
public sealed class TenantKeys(Relaying server) : IAsyncLifetime
{
    private readonly string _acme = Mails.Unique("acme"), _globex = Mails.Unique("globex");

    private Installation Installation => server.Installation;
    private Api Admin => server.Api;

    public async Task InitializeAsync()
    {
        await Make("/v1/tenants", new { name = _acme, title = "Acme Ltd" });
        await Make("/v1/tenants", new { name = _globex });
    }

    [Fact]
    public async Task A_key_is_shown_once_and_ends_at_once_when_it_is_revoked()
    {
        var made = await Make("/v1/keys", new { name = "deploy", scopes = new[] { "send" } }, _acme);
        var (id, text) = ((string)made["id"]!, (string)made["key"]!);
        using var key = new Api(Installation.Server.Url, text);

        Assert.StartsWith($"am_{id}_", text, StringComparison.Ordinal);
        var listed = await Admin.Http.GetStringAsync($"/v1/keys/{id}");
        Assert.DoesNotContain(text[^20..], listed, StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(listed)!["key"]);
        Assert.Equal(HttpStatusCode.Forbidden, await Status(key, HttpMethod.Get, "/v1/messages"));
        await key.Send(Mails.To("ann@d1.test"));

        Assert.Equal(HttpStatusCode.NoContent, await Status(Admin, HttpMethod.Delete, $"/v1/keys/{id}"));
        using var late = await key.Post(Mails.To("ann@d1.test"));
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task A_keys_last_use_is_told_and_outlasts_a_restart()
    {
        var made = await Make("/v1/keys", new { name = "shop", scopes = new[] { "send" } }, _acme);
        var path = $"/v1/keys/{made["id"]}";
        Assert.Null(JsonNode.Parse(await Admin.Http.GetStringAsync(path))!["last_used_at"]);
        using var key = new Api(Installation.Server.Url, (string)made["key"]!);
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);   // Times are told in whole ones.
        await key.Send(Mails.To("ann@d1.test"));

        var used = JsonNode.Parse(await Admin.Http.GetStringAsync(path))!;
        Assert.InRange((DateTimeOffset)used["last_used_at"]!, before, TimeProvider.System.GetUtcNow());
        Assert.Equal("127.0.0.1", (string?)used["last_used_from"]);
        await Installation.Restart();
        await Wait.Until(async () => await Status(Admin, HttpMethod.Get, path) == HttpStatusCode.OK);
        var after = JsonNode.Parse(await Admin.Http.GetStringAsync(path))!;
        Assert.Equal((DateTimeOffset)used["last_used_at"]!, (DateTimeOffset)after["last_used_at"]!);
        // Refused is not used.
        Assert.Equal(HttpStatusCode.Forbidden, await Status(key, HttpMethod.Get, "/v1/messages"));
        Assert.Equal((DateTimeOffset)used["last_used_at"]!,
            (DateTimeOffset)JsonNode.Parse(await Admin.Http.GetStringAsync(path))!["last_used_at"]!);
    }

    [Fact]
    public async Task Keys_and_tenants_outlast_a_restart_and_no_file_has_a_secret()
    {
        var text = (string)(await Make("/v1/keys", new { name = "k", scopes = new[] { "send" } }, _acme))["key"]!;
        await Installation.Restart();
        using var key = new Api(Installation.Server.Url, text);
        await Wait.Until(async () =>
        {
            using var answer = await key.Post(Mails.To("ann@d1.test"));
            return answer.StatusCode == HttpStatusCode.Accepted;
        });
        Assert.Equal("Acme Ltd",
            (string?)JsonNode.Parse(await Admin.Http.GetStringAsync($"/v1/tenants/{_acme}"))!["title"]);

        await Installation.WhileStopped(() =>
        {
            Assert.Empty(Installation.PlacesWith(text[^52..]));
            Assert.DoesNotContain(text[^52..], Installation.Server.Output, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_suspended_tenant_sends_nothing_new_and_a_closed_one_has_no_key()
    {
        var acme = await Key(_acme, "send", "read");
        var waiting = (await acme.Send(Mails.To("slow@d1.test")))[0];

        Assert.Equal(HttpStatusCode.OK,
            await Status(Admin, HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"suspended":true}"""));
        using var refused = await acme.Post(Mails.To("ann@d1.test"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("delivered", (await acme.Ended(waiting)).Status);

        Assert.Equal(HttpStatusCode.NoContent, await Status(Admin, HttpMethod.Delete, $"/v1/tenants/{_acme}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(acme, HttpMethod.Get, "/v1/messages"));
        Assert.Equal(HttpStatusCode.Conflict,
            await Status(Admin, HttpMethod.Post, "/v1/tenants", $$"""{"name":"{{_acme}}"}"""));
    }

    [Fact]
    public async Task A_key_makes_keys_for_its_own_tenant_and_none_with_more_than_it_has()
    {
        var manager = await Key(_acme, "manage");
        using var more = await manager.Http.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { "admin" } });
        using var same = await manager.Http.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { "send" } });
        var made = JsonNode.Parse(await same.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, more.StatusCode);
        Assert.Equal((HttpStatusCode.Created, _acme), (same.StatusCode, (string?)made["tenant"]));
        var listed = JsonNode.Parse(await manager.Http.GetStringAsync("/v1/keys"))!["keys"]!.AsArray();
        Assert.All(listed, k => Assert.Equal(_acme, (string?)k!["tenant"]));
        manager.Http.DefaultRequestHeaders.Add("AkkaMail-Tenant", _globex);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status(manager, HttpMethod.Get, "/v1/keys"));
    }

    [Fact]
    public async Task Networks_and_expiry_of_a_key_hold()
    {
        var elsewhere = await Make("/v1/keys",
            new { name = "office", scopes = new[] { "read" }, networks = new[] { "192.0.2.0/24" } }, _acme);
        using var key = new Api(Installation.Server.Url, (string)elsewhere["key"]!);
        Assert.Equal(HttpStatusCode.Forbidden, await Status(key, HttpMethod.Get, "/v1/messages"));
        Assert.Equal(HttpStatusCode.OK,
            await Status(Admin, HttpMethod.Patch, $"/v1/keys/{elsewhere["id"]}", """{"networks":["127.0.0.1","::1"]}"""));
        Assert.Equal(HttpStatusCode.OK, await Status(key, HttpMethod.Get, "/v1/messages"));

        var soon = TimeProvider.System.GetUtcNow().AddSeconds(1);
        Assert.Equal(HttpStatusCode.OK,
            await Status(Admin, HttpMethod.Patch, $"/v1/keys/{elsewhere["id"]}", $$"""{"expires_at":"{{soon:O}}"}"""));
        await Wait.Until(async () =>
            await Status(key, HttpMethod.Get, "/v1/messages") == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log_with_who_ordered_it()
    {
        var made = await Make("/v1/keys", new { name = "boss", scopes = new[] { "manage" } }, _acme);
        using var boss = new Api(Installation.Server.Url, (string)made["key"]!);
        using var other = await boss.Http.PostAsJsonAsync("/v1/keys", new { name = "shop", scopes = new[] { "send" } });
        var shop = (string)JsonNode.Parse(await other.Content.ReadAsStringAsync())!["id"]!;
        await Status(boss, HttpMethod.Delete, $"/v1/keys/{shop}");
        await Status(Admin, HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"suspended":true}""");

        var first = JsonNode.Parse(await Admin.Http.GetStringAsync("/v1/audit?limit=2"))!;
        var rest = JsonNode.Parse(await Admin.Http.GetStringAsync($"/v1/audit?cursor={first["next_cursor"]}"))!;

        Assert.Equal(
            [
                $"tenant_changed {_acme} by admin",
                $"key_revoked {shop} by {made["id"]}", $"key_created {shop} by {made["id"]}",
                $"key_created {made["id"]} by admin", $"tenant_created {_globex} by admin",
                $"tenant_created {_acme} by admin",
            ],
            first["events"]!.AsArray().Concat(rest["events"]!.AsArray()).Take(6)   // The others are older.
                .Select(e => $"{e!["type"]} {e["key_id"] ?? e["tenant"]} by {e["by"]}"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(boss, HttpMethod.Get, "/v1/audit"));
    }

    [Fact]
    public async Task What_is_taken_away_for_good_is_in_the_audit_log_with_the_reason()
    {
        var made = await Make("/v1/keys", new { name = "shop", scopes = new[] { "manage" } }, _acme);
        using var manager = new Api(Installation.Server.Url, (string)made["key"]!);
        using var news = await manager.Http.PostAsJsonAsync("/v1/streams", new { name = "news", kind = "broadcast" });
        var why = Uri.EscapeDataString(" found in a log & sold ");

        var tooLong = await Status(Admin, HttpMethod.Delete, $"/v1/keys/{made["id"]}?note={new string('x', 501)}");
        var stream = await Status(manager, HttpMethod.Delete, $"/v1/streams/news?note={why}");
        var key = await Status(Admin, HttpMethod.Delete, $"/v1/keys/{made["id"]}?note={why}");
        var tenant = await Status(Admin, HttpMethod.Delete, $"/v1/tenants/{_acme}?note={why}");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.NoContent, HttpStatusCode.NoContent,
            HttpStatusCode.NoContent), (tooLong, stream, key, tenant));
        var audit = JsonNode.Parse(await Admin.Http.GetStringAsync("/v1/audit?limit=3"))!["events"]!.AsArray();
        Assert.Equal(
            [("tenant_closed", "found in a log & sold"), ("key_revoked", "found in a log & sold"),
                ("stream_deleted", "found in a log & sold")],
            audit.Select(e => ((string)e!["type"]!, (string?)e["note"])));
    }

    [Fact]
    public async Task Each_faulty_field_is_named()
    {
        using var answer = await Admin.Http.PostAsJsonAsync("/v1/keys", new
        {
            name = "",
            scopes = new[] { "sned" },
            networks = new[] { "192.0.2.0/33" },
            expires_at = "2020-01-01T00:00:00Z",
        });
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal(["name", "scopes[0]", "networks[0]", "expires_at"],
            problem["errors"]!.AsArray().Select(e => (string?)e!["field"]));
    }

    [Fact]
    public async Task Who_tries_wrong_keys_is_told_to_wait_and_a_right_key_passes()
    {
        // From an address that nobody else comes from: they would have to wait as well.
        using var guess = new Api(
            Installation.Server.Url, "am_aaaaaaaaaaaa_" + new string('a', 52), from: IPAddress.Parse("127.0.0.77"));

        await Wait.Until(async () =>
            await Status(guess, HttpMethod.Get, "/v1/messages") == HttpStatusCode.TooManyRequests);

        using var answer = await guess.Http.GetAsync("/v1/messages");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, await Status(Admin, HttpMethod.Get, "/v1/messages"));
    }

    private Task<Api> Key(string tenant, params string[] scopes) => Installation.Key(tenant, scopes);

    private Task<JsonNode> Make(string path, object body, string? tenant = null) =>
        Installation.Make(path, body, tenant);

    private static Task<HttpStatusCode> Status(Api api, HttpMethod method, string path, string? json = null) =>
        api.Status(method, path, json);

    public Task DisposeAsync() => Task.CompletedTask;
}
