using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Who sends what receivers refuse is told so, and nobody else hears of it.</summary>
public sealed class Reputations : IAsyncLifetime
{
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;

    private Api Admin => _installation.Api;

    public async Task InitializeAsync()
    {
        _sink = await TestSink.TestSink.StartAsync(new()
        {
            OnRecipient = r => r.StartsWith("gone", StringComparison.Ordinal) ? new(550, "5.1.1 User unknown") : null,
        });
        _installation = await Installation.Relaying(_sink.Port);
    }

    [Fact]
    public async Task A_tenant_that_mails_unknown_users_has_an_alert_that_names_its_domain_and_only_it_can_see_that()
    {
        using var acme = await Key("acme");
        using var globex = await Key("globex");
        await Send(acme, "bought-list.test", "gone", 150);
        await Send(acme, "shop.test", "ann", 50);
        await Send(globex, "globex.test", "bob", 50);
        await Wait.Until(async () =>
            (await Admin.All("")).Count(m => m.Status is "delivered" or "bounced") == 250);

        var standing = (await Get(acme, "/v1/reputation"))["reputations"]!.AsArray();
        await _installation.Restart();   // Scores are read at the start, and each minute after.
        JsonArray alerts = [];
        await Wait.Until(async () => (alerts = (await Get(acme, "/v1/alerts"))["alerts"]!.AsArray()).Count == 2);

        Assert.Equal(["acme", "acme bought-list.test", "acme shop.test"],
            standing.Select(s => $"{s!["tenant"]} {s["domain"]}".Trim()));
        Assert.Equal(["poor", "poor", "good"], standing.Select(s => (string?)s!["standing"]));
        Assert.Equal(("unknown_user", 1.0), ((string?)standing[1]!["worst"], (double)standing[1]!["share"]!));
        Assert.Equal(["domain bought-list.test critical", "tenant acme critical"],
            alerts.Select(a => $"{a!["subject"]!["kind"]} {a["subject"]!["name"]} {a["to"]}").Order());
        Assert.All(alerts, a => Assert.StartsWith("unknown_user ", (string)a!["detail"]!));
        Assert.Equal(2, (await Get(acme, "/v1/alerts/history"))["alerts"]!.AsArray().Count);
        Assert.Empty((await Get(globex, "/v1/alerts"))["alerts"]!.AsArray());
        Assert.Empty((await Get(globex, "/v1/alerts/history"))["alerts"]!.AsArray());
        Assert.Equal(2, (await Get(Admin, "/v1/alerts"))["alerts"]!.AsArray().Count);
        var figures = (await Admin.Http.GetStringAsync("/metrics")).Split('\n')
            .Where(l => l.StartsWith("akkamail_alerts_open{", StringComparison.Ordinal));
        Assert.Matches("level=\"critical\",rule=\"reputation\"} 2( |$)", Assert.Single(figures));
        Assert.Contains("bought-list.test", _installation.Server.Output, StringComparison.Ordinal);
    }

    private static async Task Send(Api tenant, string domain, string name, int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(50))
            await tenant.Send(new
            {
                from = $"a@{domain}",
                personalizations = some.Select(i => new { to = new[] { $"{name}{i}@d1.test" } }),
                subject = "s",
                text = "t",
            });
    }

    private async Task<Api> Key(string tenant)
    {
        using var made = await Admin.Http.PostAsJsonAsync("/v1/tenants", new { name = tenant });
        made.EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keys")
        {
            Content = JsonContent.Create(new { name = "k", scopes = new[] { "send", "read" } }),
        };
        request.Headers.Add("AkkaMail-Tenant", tenant);
        using var answer = await Admin.Http.SendAsync(request);
        var key = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return new(_installation.Server.Url, (string)key["key"]!);
    }

    private static async Task<JsonNode> Get(Api api, string path) => JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    public async Task DisposeAsync()
    {
        _installation.Dispose();
        await _sink.DisposeAsync();
    }
}
