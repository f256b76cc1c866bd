using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Nobody sees, sends, changes or ends what is another tenant's.</summary>
[Collection(Relaying.Name)]
public sealed partial class TenantIsolation(Relaying server) : IAsyncLifetime
{
    private readonly string _acme = Mails.Unique("acme"), _globex = Mails.Unique("globex");

    private Installation Installation => server.Installation;
    private Api Admin => server.Api;

    public async Task InitializeAsync()
    {
        await Installation.Make("/v1/tenants", new { name = _acme, title = "Acme Ltd" });
        await Installation.Make("/v1/tenants", new { name = _globex });
    }

    [Fact]
    public async Task A_tenant_sends_and_reads_its_own_mail_and_no_other()
    {
        var acme = await Installation.Key(_acme, "send", "read");
        var globex = await Installation.Key(_globex, "send", "read");
        var id = (await acme.Send(Mails.To("ann@d1.test"), "key-1"))[0];
        Assert.Equal("delivered", (await acme.Ended(id)).Status);

        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Get, $"/v1/messages/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Get, $"/v1/messages/{id}/raw"));
        Assert.Equal(HttpStatusCode.NotFound, await Status(globex, HttpMethod.Delete, $"/v1/messages/{id}"));
        await Wait.Until(async () => (await acme.List("")).Messages.Length == 1);
        Assert.Empty((await globex.List("")).Messages);
        // The same Idempotency-Key is another one in another tenant.
        var theirs = (await globex.Send(Mails.To("ann@d1.test"), "key-1"))[0];
        Assert.NotEqual(id, theirs);
        await Wait.Until(async () => (await Admin.All("")).Count(m => m.Id == id || m.Id == theirs) == 2);
    }

    [Fact]
    public async Task A_tenant_is_told_which_of_its_own_keys_did_it_and_of_no_other()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var acme = await Installation.Key(_acme, "send", "read");
        acme.Http.DefaultRequestHeaders.Add("traceparent", trace);
        var inAnHour = TimeProvider.System.GetUtcNow().AddHours(1);
        var later = new { from = "a@sender.test", to = "ann@d1.test", text = "t", send_at = inAnHour };
        var own = (await acme.Send(later))[0];
        using var asAcme = new HttpRequestMessage(HttpMethod.Post, "/v1/messages");
        asAcme.Content = JsonContent.Create(later);
        asAcme.Headers.Add("AkkaMail-Tenant", _acme);
        using var answer = await Admin.Http.SendAsync(asAcme);
        var foreign = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["messages"]![0]!["id"]!;
        Assert.Equal(HttpStatusCode.OK, await Status(acme, HttpMethod.Delete, $"/v1/messages/{own}"));
        Assert.Equal(HttpStatusCode.OK, await Status(Admin, HttpMethod.Delete, $"/v1/messages/{foreign}"));

        var (mine, theirs) = (await acme.Story(own), await acme.Story(foreign));

        Assert.Equal(("api", trace), (mine.Door, mine.Trace));
        Assert.Equal(("cancelled", mine.Key, "message"), (mine.Events![^1].Type, mine.Events[^1].By, mine.Events[^1].Asked));
        Assert.NotNull(mine.Key);
        Assert.Equal((null, null, "cancelled"), (theirs.Key, theirs.Events![^1].By, theirs.Events[^1].Type));
        Assert.Equal("admin", (await Admin.Story(foreign)).Key);
    }

    [Fact]
    public async Task What_waits_is_not_cancelled_by_another_tenant()
    {
        var acme = await Installation.Key(_acme, "send", "read");
        var globex = await Installation.Key(_globex, "send", "read");
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
        var globex = await Installation.Key(_globex, "send", "read");
        var open = new HashSet<string>
        {
            "post /v1/messages", "get /v1/messages", "get /v1/alerts", "get /v1/alerts/history", "get /v1/reputation",
            "get /v1/suppressions", "get /v1/suppressions/export",
            "post /v1/bounces/parse", "post /v1/bounces/classify", "get /v1/bounces/mails", "get /v1/complaints",
            "get /v1/feedback-loops", "post /v1/engagement", "get /v1/hygiene/unengaged",   // Of its own tenant.
            "post /v1/hygiene/check",   // By its own tenant's suppressions.
            "get /v1/streams",   // Its own tenant's.
            "get /v1/domains", "get /v1/rules",   // Those behind its own stories.
        };
        var paths = JsonNode.Parse(await Admin.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        var tried = 0;
        foreach (var (path, operations) in paths.Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal)))
            foreach (var (method, _) in operations!.AsObject().Where(o => !open.Contains($"{o.Key} {path}")))
            {
                var at = path.Replace("{source}", "default").Replace("{site}", "mx.d1.test")
                    .Replace("{domain}", "d1.test").Replace("{name}", _acme);
                var status = await Status(
                    globex, new(method.ToUpperInvariant()), Placeholder().Replace(at, "01m86t5zn900000000000000000-1"));
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
        var (acme, globex) = (await Installation.Key(_acme, "manage"), await Installation.Key(_globex, "manage"));
        var message = (await acme.Send(Mails.To("ann@d1.test")))[0];
        await acme.Ended(message);
        async Task<string> Made(string path, object body, string id) =>
            (string)(await Installation.Make(path, body, _acme))[id]!;
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

    private static Task<HttpStatusCode> Status(Api api, HttpMethod method, string path, string? json = null) =>
        api.Status(method, path, json);

    public Task DisposeAsync() => Task.CompletedTask;

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();
}
