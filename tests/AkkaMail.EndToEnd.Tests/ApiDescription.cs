using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What <c>/openapi/v1.json</c> says: every endpoint, with every way it answers.</summary>
[Collection(Resolving.Name)]
public sealed class ApiDescription(Resolving server)
{
    private Api Api => server.Api;

    public static TheoryData<string, string, string> Endpoints => new()
    {
        { "post", "/v1/messages", "202 400 401 403 409 413 415 422 429 503" },
        { "get", "/v1/messages", "200 401 403 422 429 503" },
        { "get", "/v1/messages/{id}", "200 401 403 404 429 503" },
        { "get", "/v1/messages/{id}/raw", "200 401 403 404 429 503" },
        { "delete", "/v1/messages/{id}", "200 401 403 404 409 429 503" },
        { "get", "/v1/status", "200 401 403 429 503" },
        { "post", "/v1/read-model/rebuild", "202 401 403 429 503" },
        { "get", "/v1/shaping", "200 401 403 429 503" },
        { "post", "/v1/shaping/validate", "200 401 403 413 422 429 503" },
        { "get", "/v1/sites/{domain}/explain", "200 401 403 422 429 503" },
        { "get", "/v1/sites/{domain}/history", "200 401 403 422 429 503" },
        { "get", "/v1/rules", "200 401 403 422 429 503" },
        { "get", "/v1/rules/{kind}/{version}", "200 401 403 404 429 503" },
        { "get", "/v1/cluster/history", "200 401 403 422 429 503" },
        { "get", "/v1/lanes", "200 401 403 422 429 503" },
        { "get", "/v1/lanes/{source}/{site}", "200 401 403 404 429 503" },
        { "get", "/v1/lanes/{source}/{site}/history", "200 401 403 404 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/suspend", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/resume", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/limit", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/start", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/pause", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/resume", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/complete", "200 400 401 403 404 409 413 415 422 429 503" },
        { "post", "/v1/tenants", "201 400 401 403 409 413 415 422 429 503" },
        { "get", "/v1/tenants", "200 401 403 422 429 503" },
        { "get", "/v1/tenants/{name}", "200 401 403 404 429 503" },
        { "patch", "/v1/tenants/{name}", "200 400 401 403 404 413 415 422 429 503" },
        { "delete", "/v1/tenants/{name}", "204 401 403 404 409 429 503" },
        { "post", "/v1/keys", "201 400 401 403 404 409 413 415 422 429 503" },
        { "get", "/v1/keys", "200 401 403 422 429 503" },
        { "get", "/v1/keys/{id}", "200 401 403 404 429 503" },
        { "patch", "/v1/keys/{id}", "200 400 401 403 404 413 415 422 429 503" },
        { "delete", "/v1/keys/{id}", "204 401 403 404 429 503" },
        { "get", "/v1/tenants/{name}/usage", "200 401 403 404 429 503" },
        { "post", "/v1/streams", "201 400 401 403 404 409 413 415 422 429 503" },
        { "get", "/v1/streams", "200 401 403 422 429 503" },
        { "get", "/v1/streams/{name}", "200 401 403 404 429 503" },
        { "patch", "/v1/streams/{name}", "200 400 401 403 404 413 415 422 429 503" },
        { "delete", "/v1/streams/{name}", "204 401 403 404 409 429 503" },
        { "get", "/v1/audit", "200 401 403 422 429 503" },
        { "post", "/v1/domains", "201 400 401 403 404 409 413 415 422 429 503" },
        { "get", "/v1/domains", "200 401 403 422 429 503" },
        { "get", "/v1/domains/{domain}", "200 401 403 404 429 503" },
        { "get", "/v1/domains/{domain}/zone", "200 401 403 404 429 503" },
        { "post", "/v1/domains/{domain}/verify", "200 401 403 404 429 503" },
        { "post", "/v1/domains/{domain}/rotate", "200 400 401 403 404 409 413 415 422 429 503" },
        { "delete", "/v1/domains/{domain}", "204 401 403 404 429 503" },
        { "get", "/v1/tls-reports", "200 401 403 422 429 503" },
        { "get", "/v1/alerts", "200 401 403 429 503" },
        { "get", "/v1/alerts/history", "200 401 403 422 429 503" },
        { "get", "/v1/reputation", "200 401 403 422 429 503" },
        { "get", "/v1/domains/{domain}/readiness", "200 401 403 404 429 503" },
        { "get", "/v1/readiness", "200 401 403 429 503" },
        { "get", "/v1/domains/{domain}/dmarc", "200 401 403 404 422 429 503" },
        { "get", "/v1/domains/{domain}/tls", "200 401 403 404 422 429 503" },
        { "post", "/v1/reports/dmarc", "200 201 401 403 413 422 429 503" },
        { "post", "/v1/reports/tls", "200 201 401 403 413 422 429 503" },
        { "get", "/v1/suppressions", "200 401 403 422 429 503" },
        { "post", "/v1/suppressions", "201 400 401 403 413 415 422 429 503" },
        { "get", "/v1/suppressions/{id}", "200 401 403 404 429 503" },
        { "delete", "/v1/suppressions/{id}", "204 401 403 404 429 503" },
        { "post", "/v1/suppressions/undo", "200 400 401 403 413 415 422 429 503" },
        { "post", "/v1/suppressions/import", "202 401 403 413 422 429 503" },
        { "get", "/v1/suppressions/imports/{id}", "200 401 403 404 429 503" },
        { "get", "/v1/suppressions/export", "200 401 403 429 503" },
        { "post", "/v1/bounces/parse", "200 401 403 413 422 429 503" },
        { "post", "/v1/bounces/classify", "200 400 401 403 413 415 422 429 503" },
        { "get", "/v1/bounces/mails", "200 401 403 422 429 503" },
        { "get", "/v1/bounces/mails/{id}", "200 401 403 404 429 503" },
        { "get", "/v1/bounces/mails/{id}/raw", "200 401 403 404 429 503" },
        { "post", "/v1/bounces/mails/{id}/reread", "200 401 403 404 409 429 503" },
        { "post", "/v1/bounces/mails/reread", "200 401 403 429 503" },
        { "get", "/v1/complaints", "200 401 403 422 429 503" },
        { "get", "/v1/feedback-loops", "200 401 403 429 503" },
        { "post", "/v1/hygiene/check", "200 401 403 413 422 429 503" },
        { "get", "/v1/hygiene/unengaged", "200 401 403 422 429 503" },
        { "post", "/v1/engagement", "200 400 401 403 413 415 422 429 503" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task The_description_has_every_endpoint_with_its_errors(string method, string path, string statuses)
    {
        var api = JsonNode.Parse(await Api.Http.GetStringAsync("/openapi/v1.json"))!;

        var responses = api["paths"]![path]![method]!["responses"]!.AsObject();

        Assert.Equal(statuses, string.Join(' ', responses.Select(r => r.Key).Order()));
        Assert.All(responses.Where(r => r.Key[0] is '4' or '5'),
            r => Assert.NotNull(r.Value!["content"]!["application/problem+json"]));
    }

    [Fact]
    public async Task Nothing_is_described_that_is_not_in_this_list()
    {
        var paths = JsonNode.Parse(await Api.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        var described = paths.Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key} {p.Key}"));

        Assert.Empty(described.Except(Endpoints.Select(e => $"{e[0]} {e[1]}")));
    }
}
