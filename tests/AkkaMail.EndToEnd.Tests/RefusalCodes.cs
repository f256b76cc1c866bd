using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Each code of docs/reference/errors.md as something real causes it. Elsewhere: <c>busy</c> and <c>ledger_full</c> are
/// told by a server that is full (FullServer), <c>unavailable</c> while a store fails (JournalTrouble); <c>internal</c>
/// is a bug.
/// </summary>
[Collection(Strict.Name)]
public sealed class RefusalCodes(Strict server)
{
    private readonly string _tenant = Mails.Unique("code");

    private static HttpRequestMessage Post(string path, string body, string type = "application/json") =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)) };

    private static HttpRequestMessage Mail(string from = "a@nobodys.test", string? key = null, string to = "c@d1.test")
    {
        var request = Post("/v1/messages", $$"""{"from":"{{from}}","to":["{{to}}"],"subject":"s","text":"t"}""");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    [Fact]
    public async Task What_cannot_be_read_or_found()
    {
        using var api = await server.Installation.Tenant(_tenant);

        await Is("malformed", 400, api, Post("/v1/messages", "{"));
        await Is("invalid", 422, api, Post("/v1/messages", "{}"));
        await Is("too_large", 413, server.Api, Post("/v1/keys", new string(' ', 100_000)));
        await Is("unsupported_type", 415, server.Api, Post("/v1/messages", "from=a", "application/x-www-form-urlencoded"));
        await Is("not_found", 404, api, new(HttpMethod.Get, "/v1/messages/01m862d76v001b20c16pcc7hmx-0"));
        await Is("method_not_allowed", 405, server.Api, new(HttpMethod.Put, "/v1/messages"));
        await Is("conflict", 409, server.Api, Post("/v1/tenants", $$"""{"name":"{{_tenant}}"}"""));
        await Is("sender_not_verified", 422, api, Mail());
    }

    [Fact]
    public async Task Keys_that_are_wrong_or_may_not()
    {
        using var reads = await server.Installation.Tenant(_tenant, null, "read");
        var elsewhere = (string)(await server.Installation.Make(
            "/v1/keys", new { name = "k", scopes = new[] { "read" }, networks = new[] { "192.0.2.0/24" } }, _tenant))["key"]!;
        using var far = new Api(server.Installation.Server.Url, elsewhere);
        using var guesser = new Api(server.Installation.Server.Url, "am_guessed", from: IPAddress.Parse("127.9.8.7"));

        var soon = (string)(await server.Installation.Make("/v1/keys", new
        {
            name = "k",
            scopes = new[] { "read" },
            expires_at = TimeProvider.System.GetUtcNow().AddSeconds(2),
        }, _tenant))["key"]!;
        using var ends = new Api(server.Installation.Server.Url, soon, from: IPAddress.Parse("127.9.8.6"));

        await Is("key_scope", 403, reads, Mail());
        await Is("key_network", 403, far, new(HttpMethod.Get, "/v1/messages"));
        await Is("key_wrong", 401, guesser, new(HttpMethod.Get, "/v1/messages"));
        for (var i = 0; i < 30; i++) (await guesser.Http.GetAsync("/v1/messages")).Dispose();
        await Is("too_many_wrong_keys", 429, guesser, new(HttpMethod.Get, "/v1/messages"));
        await Wait.Until(async () => await ends.Status(HttpMethod.Get, "/v1/messages") == HttpStatusCode.Unauthorized);
        await Is("key_expired", 401, ends, new(HttpMethod.Get, "/v1/messages"));
    }

    [Fact]
    public async Task What_a_tenant_may_not_send_now()
    {
        var domain = $"{_tenant}.test";
        using var api = await server.Installation.Tenant(_tenant, new { day = 2, mode = "reject" });
        await server.Verify(domain, _tenant);
        await api.Send(new { from = $"a@{domain}", to = "c@d1.test", subject = "s", text = "t" }, "once");

        await Is("key_in_use", 409, api, Mail($"a@{domain}", "once", "other@d1.test"));
        (await api.Http.SendAsync(Mail($"a@{domain}"))).Dispose();
        await Is("over_quota", 429, api, Mail($"a@{domain}"));
        (await server.Api.Http.SendAsync(new(HttpMethod.Patch, $"/v1/tenants/{_tenant}")
        {
            Content = new StringContent("""{"suspended":true}""", Encoding.UTF8, "application/json"),
        })).EnsureSuccessStatusCode().Dispose();
        await Wait.Until(async () => await api.Status(HttpMethod.Post, "/v1/messages") == HttpStatusCode.Forbidden);
        await Is("tenant_suspended", 403, api, Mail($"a@{domain}"));
    }

    private static async Task Is(string code, int status, Api api, HttpRequestMessage request)
    {
        using var answer = await api.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal((status, "application/problem+json"),
            ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.True((string?)JsonNode.Parse(text)!["code"] == code, $"{code}: {text}");
        if (status is 429 or 503) Assert.NotNull(answer.Headers.RetryAfter);
    }
}
