using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Tenants and their keys in a running server: nobody sees or sends what is another's.</summary>
public sealed class TenantKeys : IAsyncLifetime
{
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;

    private Api Admin => _installation.Api;

    public async Task InitializeAsync()
    {
        _sink = await TestSink.TestSink.StartAsync();
        _installation = await Installation.Relaying(_sink.Port);
        await Make("/v1/tenants", new { name = "acme", title = "Acme Ltd" });
        await Make("/v1/tenants", new { name = "globex" });
    }

    [Fact]
    public async Task A_tenant_sends_and_reads_its_own_mail_and_no_other()
    {
        var (acme, globex) = (await Key("acme", "send", "read"), await Key("globex", "send", "read"));
        var id = (await acme.Send(Mails.To("ann@d1.test"), "key-1"))[0];
        Assert.Equal("delivered", (await acme.Ended(id)).Status);

        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Get, $"/v1/messages/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Get, $"/v1/messages/{id}/raw"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Delete, $"/v1/messages/{id}"));
        await Wait.Until(async () => (await acme.List("")).Messages.Length == 1);
        Assert.Empty((await globex.List("")).Messages);
        // The same Idempotency-Key is another one in another tenant.
        Assert.NotEqual(id, (await globex.Send(Mails.To("ann@d1.test"), "key-1"))[0]);
        await Wait.Until(async () => (await Admin.List("")).Messages.Length == 2);
    }

    [Fact]
    public async Task What_waits_is_not_cancelled_by_another_tenant()
    {
        var (acme, globex) = (await Key("acme", "send", "read"), await Key("globex", "send", "read"));
        var id = (await acme.Send(new
        {
            from = "a@sender.test",
            to = "ann@d1.test",
            text = "t",
            send_at = TimeProvider.System.GetUtcNow().AddHours(1),
        }))[0];

        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Delete, $"/v1/messages/{id}"));
        Assert.Equal("scheduled", (await acme.Story(id)).Status);
        Assert.Equal(HttpStatusCode.OK, await Status(acme, HttpMethod.Delete, $"/v1/messages/{id}"));
    }

    /// <summary>
    /// Every path of the description: a key that may send and read its own finds nothing else open but what classifies
    /// the text it is given.
    /// </summary>
    [Fact]
    public async Task A_tenants_key_opens_nothing_of_the_installation_or_of_another_tenant()
    {
        var globex = await Key("globex", "send", "read");
        var open = new HashSet<string>
        {
            "post /v1/messages", "get /v1/messages", "get /v1/alerts", "get /v1/alerts/history", "get /v1/reputation",
            "get /v1/suppressions", "get /v1/suppressions/export",
            "post /v1/bounces/parse", "post /v1/bounces/classify", "get /v1/bounces/mails", "get /v1/complaints",
            "get /v1/feedback-loops", "post /v1/engagement", "get /v1/hygiene/unengaged",   // Of its own tenant.
            "post /v1/hygiene/check",   // By its own tenant's suppressions.
            "get /v1/streams",   // Its own tenant's.
            "get /v1/domains",
        };
        var paths = JsonNode.Parse(await Admin.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        var tried = 0;
        foreach (var (path, operations) in paths.Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal)))
            foreach (var (method, _) in operations!.AsObject().Where(o => !open.Contains($"{o.Key} {path}")))
            {
                var at = path.Replace("{source}", "default").Replace("{site}", "mx.d1.test")
                    .Replace("{domain}", "d1.test").Replace("{name}", "acme");
                var status = await Status(
                    globex, new(method.ToUpperInvariant()), at[..(at.Contains('{') ? at.IndexOf('{') : at.Length)]
                        + (at.Contains('{') ? "01m86t5zn900000000000000000-1" : ""));
                Assert.True(status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{method} {at}: {status}");
                tried++;
            }
        Assert.True(tried >= 25, $"only {tried}");
    }

    /// <summary>
    /// The same walk with a key that may do everything in its own tenant, among real things of another: each is found by its
    /// owner, and not by the stranger.
    /// </summary>
    [Fact]
    public async Task Of_what_another_tenant_has_a_key_with_all_scopes_of_its_own_finds_nothing()
    {
        var (acme, globex) = (await Key("acme", "manage"), await Key("globex", "manage"));
        var message = (await acme.Send(Mails.To("ann@d1.test")))[0];
        await acme.Ended(message);
        async Task<string> Made(string path, object body, string id) =>
            (string)(await Make(path, body, "acme"))[id]!;
        using var suppressed = await acme.Http.PostAsJsonAsync("/v1/suppressions",
            new { entries = new[] { new { address = "gone@d1.test" } } });
        var entry = (string)JsonNode.Parse(await suppressed.Content.ReadAsStringAsync())!["ids"]![0]!;
        using var import = await acme.Http.PostAsync("/v1/suppressions/import", new StringContent("x@d1.test\n"));
        var things = new Dictionary<string, string>
        {
            ["/v1/messages/{id}"] = message,
            ["/v1/keys/{id}"] = await Made("/v1/keys", new { name = "k", scopes = new[] { "send" } }, "id"),
            ["/v1/streams/{name}"] = await Made("/v1/streams", new { name = Mails.Unique("s"), kind = "broadcast" }, "name"),
            ["/v1/domains/{domain}"] = await Made("/v1/domains", new { domain = $"{Mails.Unique("d")}.test" }, "domain"),
            ["/v1/suppressions/{id}"] = entry,
            ["/v1/suppressions/imports/{id}"] = import.Headers.Location!.ToString().Split('/')[^1],
        };
        var paths = JsonNode.Parse(await Admin.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        var (strangers, owners) = (0, 0);
        foreach (var (path, operations) in paths)
        {
            // The longest that fits: an import is no entry.
            var thing = things.Keys.Where(t => path.StartsWith(t, StringComparison.Ordinal)).MaxBy(t => t.Length);
            if (thing is null) continue;
            var at = things[thing] is var id ? thing[..thing.IndexOf('{')] + id + path[thing.Length..] : path;
            foreach (var method in operations!.AsObject().Select(o => new HttpMethod(o.Key.ToUpperInvariant())))
            {
                var status = await Status(globex, method, at, method == HttpMethod.Get ? null : "{}");
                Assert.True(status == HttpStatusCode.NotFound, $"stranger {method} {at}: {status}");
                strangers++;
                if (method != HttpMethod.Get) continue;
                Assert.Equal(HttpStatusCode.OK, await Status(acme, method, at));
                owners++;
            }
        }
        Assert.True(strangers >= 15 && owners >= 8, $"{strangers} {owners}");
    }

    [Fact]
    public async Task A_key_is_shown_once_and_ends_at_once_when_it_is_revoked()
    {
        var made = await Make("/v1/keys", new { name = "deploy", scopes = new[] { "send" } }, "acme");
        var (id, text) = ((string)made["id"]!, (string)made["key"]!);
        using var key = new Api(_installation.Server.Url, text);

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
        var made = await Make("/v1/keys", new { name = "shop", scopes = new[] { "send" } }, "acme");
        var path = $"/v1/keys/{made["id"]}";
        Assert.Null(JsonNode.Parse(await Admin.Http.GetStringAsync(path))!["last_used_at"]);
        using var key = new Api(_installation.Server.Url, (string)made["key"]!);
        var before = TimeProvider.System.GetUtcNow();
        await key.Send(Mails.To("ann@d1.test"));

        var used = JsonNode.Parse(await Admin.Http.GetStringAsync(path))!;
        Assert.InRange((DateTimeOffset)used["last_used_at"]!, before, TimeProvider.System.GetUtcNow());
        Assert.Equal("127.0.0.1", (string?)used["last_used_from"]);
        await _installation.Restart();
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
        var text = (string)(await Make("/v1/keys", new { name = "k", scopes = new[] { "send" } }, "acme"))["key"]!;
        await _installation.Restart();
        using var key = new Api(_installation.Server.Url, text);
        await Wait.Until(async () =>
        {
            using var answer = await key.Post(Mails.To("ann@d1.test"));
            return answer.StatusCode == HttpStatusCode.Accepted;
        });

        await _installation.Server.Stop();
        var secret = Encoding.ASCII.GetBytes(text[^52..]);
        Assert.All(Directory.EnumerateFiles(_installation.Directory, "*", SearchOption.AllDirectories),
            file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(secret)));
        Assert.DoesNotContain(text[^52..], _installation.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_tenant_sends_nothing_new_and_a_closed_one_has_no_key()
    {
        var acme = await Key("acme", "send", "read");
        var waiting = (await acme.Send(Mails.To("slow@d1.test")))[0];

        Assert.Equal(HttpStatusCode.OK, await Status(Admin, HttpMethod.Patch, "/v1/tenants/acme", """{"suspended":true}"""));
        using var refused = await acme.Post(Mails.To("ann@d1.test"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("delivered", (await acme.Ended(waiting)).Status);

        Assert.Equal(HttpStatusCode.NoContent, await Status(Admin, HttpMethod.Delete, "/v1/tenants/acme"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(acme, HttpMethod.Get, "/v1/messages"));
        Assert.Equal(HttpStatusCode.Conflict, await Status(Admin, HttpMethod.Post, "/v1/tenants", """{"name":"acme"}"""));
    }

    [Fact]
    public async Task A_key_makes_keys_for_its_own_tenant_and_none_with_more_than_it_has()
    {
        var manager = await Key("acme", "manage");
        using var more = await manager.Http.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { "admin" } });
        using var same = await manager.Http.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { "send" } });
        var made = JsonNode.Parse(await same.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, more.StatusCode);
        Assert.Equal((HttpStatusCode.Created, "acme"), (same.StatusCode, (string?)made["tenant"]));
        var listed = JsonNode.Parse(await manager.Http.GetStringAsync("/v1/keys"))!["keys"]!.AsArray();
        Assert.All(listed, k => Assert.Equal("acme", (string?)k!["tenant"]));
        manager.Http.DefaultRequestHeaders.Add("AkkaMail-Tenant", "globex");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status(manager, HttpMethod.Get, "/v1/keys"));
    }

    [Fact]
    public async Task Networks_and_expiry_of_a_key_hold()
    {
        var elsewhere = await Make("/v1/keys",
            new { name = "office", scopes = new[] { "read" }, networks = new[] { "192.0.2.0/24" } }, "acme");
        using var key = new Api(_installation.Server.Url, (string)elsewhere["key"]!);
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
        var made = await Make("/v1/keys", new { name = "boss", scopes = new[] { "manage" } }, "acme");
        using var boss = new Api(_installation.Server.Url, (string)made["key"]!);
        using var other = await boss.Http.PostAsJsonAsync("/v1/keys", new { name = "shop", scopes = new[] { "send" } });
        var shop = (string)JsonNode.Parse(await other.Content.ReadAsStringAsync())!["id"]!;
        await Status(boss, HttpMethod.Delete, $"/v1/keys/{shop}");
        await Status(Admin, HttpMethod.Patch, "/v1/tenants/acme", """{"suspended":true}""");

        var first = JsonNode.Parse(await Admin.Http.GetStringAsync("/v1/audit?limit=2"))!;
        var rest = JsonNode.Parse(await Admin.Http.GetStringAsync($"/v1/audit?cursor={first["next_cursor"]}"))!;

        Assert.Equal(
            [
                "tenant_changed acme by admin", $"key_revoked {shop} by {made["id"]}", $"key_created {shop} by {made["id"]}",
                $"key_created {made["id"]} by admin", "tenant_created globex by admin", "tenant_created acme by admin",
            ],
            first["events"]!.AsArray().Concat(rest["events"]!.AsArray())
                .Select(e => $"{e!["type"]} {e["key_id"] ?? e["tenant"]} by {e["by"]}"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(boss, HttpMethod.Get, "/v1/audit"));
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
        using var guess = new Api(_installation.Server.Url, "am_aaaaaaaaaaaa_" + new string('a', 52));

        await Wait.Until(async () =>
            await Status(guess, HttpMethod.Get, "/v1/messages") == HttpStatusCode.TooManyRequests);

        using var answer = await guess.Http.GetAsync("/v1/messages");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, await Status(Admin, HttpMethod.Get, "/v1/messages"));
    }

    private async Task<Api> Key(string tenant, params string[] scopes) => new(
        _installation.Server.Url, (string)(await Make("/v1/keys", new { name = "k", scopes }, tenant))["key"]!);

    private async Task<JsonNode> Make(string path, object body, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (tenant is not null) request.Headers.Add("AkkaMail-Tenant", tenant);
        using var answer = await Admin.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<HttpStatusCode> Status(Api api, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null || method == HttpMethod.Post)
            request.Content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json");
        using var answer = await api.Http.SendAsync(request);
        return answer.StatusCode;
    }

    public async Task DisposeAsync()
    {
        _installation.Dispose();
        await _sink.DisposeAsync();
    }
}
