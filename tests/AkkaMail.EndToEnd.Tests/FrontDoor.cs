using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What every request meets, whatever it asks for.</summary>
[Collection(Strict.Name)]
public sealed class FrontDoor(Strict server)
{
    private readonly string _tenant = Mails.Unique("door");

    [Theory]
    [InlineData("/v1/messages?tenant=acme", "tenant", "is not a parameter of this path: it has status")]
    [InlineData("/v1/messages?status=accepted&status=delivered", "status", "is given twice")]
    [InlineData("/v1/messages?Limit=5&nope", "nope", "is not a parameter")]
    [InlineData("/v1/lanes?page=2", "page", "is not a parameter")]
    [InlineData("/v1/status?x=1", "x", "is not a parameter of this path: it has none")]
    [InlineData("/v1/messages/01m862d76v001b20c16pcc7hmx-0?id=1", "id", "is not a parameter")]
    [InlineData("/v1/messages?=x", "?", "has a value without a name")]
    [InlineData("/health/ready?x=1", "x", "is not a parameter of this path: it has none")]
    [InlineData("/metrics?x=1", "x", "is not a parameter of this path: it has none")]
    public async Task A_parameter_that_nobody_reads_is_told_by_its_name(string path, string name, string message)
    {
        var (status, body) = await server.Api.Ask(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.BadRequest, "unknown_parameter"), (status, (string?)body!["code"]));
        var error = Assert.Single(body["errors"]!.AsArray());
        Assert.Equal(name, (string?)error!["field"]);
        Assert.StartsWith(message, (string?)error["message"]);
    }

    [Theory]
    [InlineData("AkkaMail-Tennant", "acme", 400, "is not a header of this server: did you mean AkkaMail-Tenant?")]
    [InlineData("X-AkkaMail-Tenant", "acme", 400, "is not a header of this server: did you mean AkkaMail-Tenant?")]
    [InlineData("akkamail_tenant", "acme", 400, "is not a header of this server: did you mean AkkaMail-Tenant?")]
    [InlineData("X-AkkaMail-Stream", "broadcast", 400, "is not a header of this server: it has AkkaMail-Tenant and Idempotency-Key")]
    [InlineData("X-Idempotency-Key", "a", 400, "is not a header of this server: did you mean Idempotency-Key?")]
    [InlineData("AkkaMail-Tenant", "", 422, "is empty: leave it out, or give it a value")]
    [InlineData("Idempotency-Key", "", 422, "is empty: leave it out, or give it a value")]
    public async Task A_header_of_ours_that_would_be_passed_over_is_told_by_its_name(string name, string value, int status, string says)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = JsonContent.Create(Mails.To("ann@d1.test")) };
        request.Headers.TryAddWithoutValidation(name, value);

        using var answer = await server.Api.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        var error = Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray());
        Assert.Equal((name, says), ((string?)error!["field"], (string?)error["message"]));
    }

    [Fact]
    public async Task Probes_ask_the_plain_path_and_get_their_answer()
    {
        foreach (var path in new[] { "/health/live", "/health/ready", "/health/ready?", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, await server.Api.Status(HttpMethod.Get, path));
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_path_has_a_parameter_too_many()
    {
        var (status, body) = await server.Api.Ask(HttpMethod.Post, "/v1/messages?dry_run=true", "{}");

        Assert.Equal((HttpStatusCode.BadRequest, "unknown_parameter"), (status, (string?)body!["code"]));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("read")]
    [InlineData("manage")]
    public async Task An_unknown_path_is_404_and_a_wrong_method_405_whatever_the_scopes(string scope)
    {
        using var api = await server.Installation.Tenant(Mails.Unique("door"), null, scope);

        Assert.Equal(HttpStatusCode.NotFound, await api.Status(HttpMethod.Get, "/v1/mesages"));
        Assert.Equal(HttpStatusCode.NotFound, await api.Status(HttpMethod.Get, "/v1"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await api.Status(HttpMethod.Put, "/v1/messages"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await api.Status(HttpMethod.Delete, "/v1/tenants"));
    }

    [Theory]
    [InlineData("GET", "/v1/mesages")]
    [InlineData("PUT", "/v1/messages")]
    [InlineData("GET", "/v1/messages?tenant=acme")]
    [InlineData("GET", "/v1/messages")]
    public async Task Without_a_key_everything_is_401(string method, string path)
    {
        using var nobody = new HttpClient { BaseAddress = server.Installation.Server.Url };
        using var answer = await nobody.SendAsync(new(new(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_names_its_request()
    {
        using var own = await server.Api.Http.GetAsync("/v1/status");
        using var refused = await server.Api.Http.GetAsync("/v1/nothing");
        using var page = await server.Api.Http.GetAsync("/");
        using var given = new HttpRequestMessage(HttpMethod.Get, "/v1/status") { Headers = { { "X-Request-Id", "web-7.1" } } };
        using var kept = await server.Api.Http.SendAsync(given);
        using var bad = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        bad.Headers.TryAddWithoutValidation("X-Request-Id", "a b");
        using var replaced = await server.Api.Http.SendAsync(bad);

        var ids = new[] { own, refused, page, replaced }.Select(a => Assert.Single(a.Headers.GetValues("X-Request-Id")));
        Assert.All(ids, id => Assert.Matches("^[0-9A-Z]{13}-[0-9A-F]{8}$", id));
        Assert.Equal("web-7.1", Assert.Single(kept.Headers.GetValues("X-Request-Id")));
        await Wait.Until(() => server.Installation.Server.Output.Contains("=> request web-7.1", StringComparison.Ordinal));
    }

    /// <summary>The server of this profile trusts 127.0.0.64/26 and nobody else.</summary>
    [Theory]
    [InlineData("127.0.0.70", "192.0.2.7", true)]
    [InlineData("127.0.0.70", "203.0.113.1, 192.0.2.7, 127.0.0.71", true)]
    [InlineData("127.0.0.70", "192.0.2.7, 203.0.113.1", false)]
    [InlineData("127.0.0.9", "192.0.2.7", false)]
    public async Task A_trusted_proxy_says_who_the_client_is(string from, string forwarded, bool mayCome)
    {
        using var _ = await server.Installation.Tenant(_tenant);
        var key = (string)(await server.Installation.Make(
            "/v1/keys", new { name = "k", scopes = new[] { "read" }, networks = new[] { "192.0.2.7" } }, _tenant))["key"]!;
        using var api = new Api(server.Installation.Server.Url, key, from: IPAddress.Parse(from));
        api.Http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);

        var (status, body) = await api.Ask(HttpMethod.Get, "/v1/messages");

        Assert.True(mayCome ? status == HttpStatusCode.OK : (string?)body!["code"] == "key_network", $"{status} {body}");
    }
}
