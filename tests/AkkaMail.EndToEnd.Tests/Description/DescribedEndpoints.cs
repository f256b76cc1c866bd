using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>What <c>/openapi/v1.json</c> has: every endpoint, with every way it answers beside those of all.</summary>
[Collection(Resolving.Name)]
public sealed class DescribedEndpoints(Resolving server)
{
    private Api Api => server.Api;

    public static TheoryData<string, string, string> All => new()
    {
        { "post", "/v1/messages", "202 409 413 415" },
        { "get", "/v1/messages", "200" },
        { "get", "/v1/messages/{id}", "200 404" },
        { "get", "/v1/messages/{id}/raw", "200 404" },
        { "delete", "/v1/messages/{id}", "200 404 409" },
        { "get", "/v1/status", "200" },
        { "get", "/v1/projections", "200" },
        { "post", "/v1/projections/{name}/rebuild", "202 404 409 413 415" },
        { "post", "/v1/projections/{name}/swap", "200 404 409" },
        { "post", "/v1/projections/{name}/drop", "200 404 409" },
        { "get", "/v1/shaping", "200" },
        { "post", "/v1/shaping/validate", "200 413" },
        { "get", "/v1/sites/{domain}/explain", "200" },
        { "get", "/v1/sites/{domain}/history", "200" },
        { "get", "/v1/rules", "200" },
        { "get", "/v1/rules/{kind}/{version}", "200 404" },
        { "get", "/v1/cluster/history", "200" },
        { "get", "/v1/cluster", "200" },
        { "post", "/v1/cluster/nodes/{node}/leave", "202 404 409 413 415" },
        { "post", "/v1/cluster/nodes/{node}/down", "202 404 409 413 415" },
        { "post", "/v1/cluster/ledgers/{ledger}/move", "202 404 409 413 415" },
        { "get", "/v1/lanes", "200" },
        { "get", "/v1/lanes/{source}/{site}", "200 404" },
        { "get", "/v1/lanes/{source}/{site}/history", "200 404" },
        { "post", "/v1/lanes/{source}/{site}/suspend", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/resume", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/limit", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/start", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/pause", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/resume", "200 404 409 413 415" },
        { "post", "/v1/lanes/{source}/{site}/warm-up/complete", "200 404 409 413 415" },
        { "post", "/v1/tenants", "201 409 413 415" },
        { "get", "/v1/tenants", "200" },
        { "get", "/v1/tenants/{name}", "200 404" },
        { "patch", "/v1/tenants/{name}", "200 404 413 415" },
        { "delete", "/v1/tenants/{name}", "204 404 409" },
        { "post", "/v1/keys", "201 404 409 413 415" },
        { "get", "/v1/keys", "200" },
        { "get", "/v1/keys/{id}", "200 404" },
        { "patch", "/v1/keys/{id}", "200 404 413 415" },
        { "delete", "/v1/keys/{id}", "204 404" },
        { "get", "/v1/tenants/{name}/usage", "200 404" },
        { "post", "/v1/streams", "201 404 409 413 415" },
        { "get", "/v1/streams", "200" },
        { "get", "/v1/streams/{name}", "200 404" },
        { "patch", "/v1/streams/{name}", "200 404 413 415" },
        { "delete", "/v1/streams/{name}", "204 404 409" },
        { "get", "/v1/audit", "200" },
        { "post", "/v1/domains", "201 404 409 413 415" },
        { "get", "/v1/domains", "200" },
        { "get", "/v1/domains/{domain}", "200 404" },
        { "get", "/v1/domains/{domain}/zone", "200 404" },
        { "post", "/v1/domains/{domain}/verify", "200 404" },
        { "post", "/v1/domains/{domain}/rotate", "200 404 409 413 415" },
        { "delete", "/v1/domains/{domain}", "204 404" },
        { "get", "/v1/tls-reports", "200" },
        { "get", "/v1/alerts", "200" },
        { "get", "/v1/alerts/history", "200" },
        { "get", "/v1/reputation", "200" },
        { "get", "/v1/domains/{domain}/readiness", "200 404" },
        { "get", "/v1/readiness", "200" },
        { "get", "/v1/domains/{domain}/dmarc", "200 404" },
        { "get", "/v1/domains/{domain}/tls", "200 404" },
        { "post", "/v1/reports/dmarc", "200 201 413" },
        { "post", "/v1/reports/tls", "200 201 413" },
        { "get", "/v1/suppressions", "200" },
        { "post", "/v1/suppressions", "201 413 415" },
        { "get", "/v1/suppressions/{id}", "200 404" },
        { "delete", "/v1/suppressions/{id}", "204 404" },
        { "post", "/v1/suppressions/undo", "200 413 415" },
        { "post", "/v1/suppressions/import", "202 413" },
        { "get", "/v1/suppressions/imports/{id}", "200 404" },
        { "get", "/v1/suppressions/export", "200" },
        { "post", "/v1/bounces/parse", "200 413" },
        { "post", "/v1/bounces/classify", "200 413 415" },
        { "get", "/v1/bounces/mails", "200" },
        { "get", "/v1/bounces/mails/{id}", "200 404" },
        { "get", "/v1/bounces/mails/{id}/raw", "200 404" },
        { "post", "/v1/bounces/mails/{id}/reread", "200 404 409" },
        { "post", "/v1/bounces/mails/reread", "200" },
        { "get", "/v1/complaints", "200" },
        { "get", "/v1/feedback-loops", "200" },
        { "post", "/v1/hygiene/check", "200 413" },
        { "get", "/v1/hygiene/unengaged", "200" },
        { "post", "/v1/engagement", "200 413 415" },
    };

    /// <summary>What every request may be answered with: <c>Http/Problems.cs</c>.</summary>
    private static readonly string[] OfEvery = ["400", "401", "403", "422", "429", "500", "503"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_description_has_every_endpoint_with_its_answers(string method, string path, string statuses)
    {
        var api = await Described.Read(Api.Http);

        var responses = api.Operation(method, path)["responses"]!.AsObject();

        Assert.Equal(OfEvery.Concat(statuses.Split(' ')).Order(), responses.Select(r => r.Key).Order());
        Assert.All(responses.Where(r => r.Key[0] is '4' or '5'),
            r => Assert.NotNull(api.Resolve(r.Value!)["content"]!["application/problem+json"]));
    }

    [Fact]
    public async Task Nothing_is_described_that_is_not_in_this_list()
    {
        var api = await Described.Read(Api.Http);

        Assert.Empty(api.Operations.Select(o => $"{o.Method} {o.Path}").Except(All.Select(e => $"{e[0]} {e[1]}")));
    }
}
