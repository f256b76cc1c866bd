using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A sending domain from its first record to a rotation: our own zone in dnsmasq, and npm's mailauth as the receiver.
/// </summary>
[Collection(Strict.Name)]
public partial class Domains(Strict server)
{
    private readonly string _domain = $"{Mails.Unique("sender")}.test", _to = server.Domain();

    private Api Admin => server.Api;

    [Fact]
    public async Task Added_published_and_verified_its_mail_passes_everything_at_the_receiver()
    {
        var added = await Call(Admin, HttpMethod.Post, "/v1/domains", HttpStatusCode.Created,
            $$"""{"domain":"{{_domain.ToUpperInvariant()}}."}""");
        Assert.Equal((_domain, "unverified"), ((string)added["domain"]!, (string)added["state"]!));
        var before = await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/verify");
        Assert.All(before["records"]!.AsArray(), r => Assert.Equal("missing", (string)r!["state"]!));

        await server.Publish(_domain);
        var after = await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/verify");

        Assert.True((string)after["state"]! == "verified", after.ToJsonString());
        Assert.All(after["records"]!.AsArray(), r => Assert.Equal("found", (string)r!["state"]!));
        Assert.Equal(["active", "pending", "active", "pending"], States(after));
        var mail = await Send(Admin, $"ann@{_to}", "broadcast");
        var verdict = await Judge(mail);
        Assert.Equal(["rsa-sha256 pass akkamail-r1", "ed25519-sha256 pass akkamail-e1"], Signatures(verdict));
        Assert.Equal(("pass", "pass"), (verdict.Spf, verdict.Dmarc));
        Assert.EndsWith($"@bounce.{_domain}", mail.MailFrom, StringComparison.Ordinal);
        var text = Encoding.UTF8.GetString(mail.Bytes);
        Assert.Contains("Feedback-ID: broadcast:default:akkamail\r\n", text, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe: <https://mail.engine.test/u/", text, StringComparison.Ordinal);
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_domain_that_is_not_verified_for_its_tenant_nothing_is_accepted()
    {
        using var acme = await Manager("acme");
        using var globex = await Manager("globex");
        await Refused(acme, _domain);
        await Verified(acme);

        await Send(acme, $"ann@{_to}");
        await Send(acme, $"ann@{_to}", from: $"shop@news.{_domain}");
        await Refused(globex, _domain);
        await Refused(Admin, $"news.{_domain}");
        await Refused(acme, $"not{_domain}");
    }

    [Fact]
    public async Task Another_tenants_domain_is_taken_and_not_there()
    {
        var (acme, globex) = (await Manager("acme"), await Manager("globex"));
        await Call(acme, HttpMethod.Post, "/v1/domains", HttpStatusCode.Created, $$"""{"domain":"{{_domain}}"}""");

        var taken = await Call(
            globex, HttpMethod.Post, "/v1/domains", HttpStatusCode.Conflict, $$"""{"domain":"{{_domain}}"}""");

        Assert.DoesNotContain("acme", taken.ToJsonString(), StringComparison.Ordinal);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, ""), (HttpMethod.Get, "/zone"), (HttpMethod.Post, "/verify"), (HttpMethod.Post, "/rotate"),
            (HttpMethod.Delete, ""),
        })
            await Call(globex, method, $"/v1/domains/{_domain}{path}", HttpStatusCode.NotFound);
        Assert.Empty((await Call(globex, HttpMethod.Get, "/v1/domains"))["domains"]!.AsArray());
        Assert.Single((await Call(acme, HttpMethod.Get, "/v1/domains"))["domains"]!.AsArray());
        foreach (var wrong in new[] { "co.uk", "localhost", "a b.test", "192.0.2.1" })
            await Call(acme, HttpMethod.Post, "/v1/domains", HttpStatusCode.UnprocessableEntity, $$"""{"domain":"{{wrong}}"}""");
        await Call(acme, HttpMethod.Delete, $"/v1/domains/{_domain}", HttpStatusCode.NoContent);
        await Call(globex, HttpMethod.Post, "/v1/domains", HttpStatusCode.Created, $$"""{"domain":"{{_domain}}"}""");
    }

    [Fact]
    public async Task An_unsubscribe_link_opens_without_a_key_and_a_wrong_one_leads_nowhere()
    {
        await Verified(Admin);
        var text = Encoding.UTF8.GetString((await Send(Admin, $"ann@{_to}", "broadcast")).Bytes);
        var begin = text.IndexOf("<https://mail.engine.test/u/", StringComparison.Ordinal) + "<https://mail.engine.test".Length;
        var path = text[begin..text.IndexOf('>', begin)];
        using var http = new HttpClient { BaseAddress = Admin.Http.BaseAddress };

        Assert.Contains("<form method=\"post\">", await http.GetStringAsync(path), StringComparison.Ordinal);
        using var cut = await http.GetAsync(path[..^1]);
        Assert.Equal(HttpStatusCode.NotFound, cut.StatusCode);
        await Wait.Until(async () =>
        {
            using var wrong = await http.PostAsync("/u/" + new string('a', 45), null);
            return wrong.StatusCode == HttpStatusCode.TooManyRequests;
        });
        Assert.Contains("<form", await http.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_click_takes_the_recipient_off_that_stream_and_off_no_other()
    {
        using var acme = await server.NewTenant("acme");
        await Verified(acme);
        var text = Encoding.UTF8.GetString((await Send(acme, $"ann@{_to}", "broadcast")).Bytes);
        var begin = text.IndexOf("<https://mail.engine.test/u/", StringComparison.Ordinal) + "<https://mail.engine.test".Length;
        var path = text[begin..text.IndexOf('>', begin)];
        using var http = new HttpClient { BaseAddress = Admin.Http.BaseAddress };
        using var looked = await http.GetAsync(path);   // A scanner opens every link.
        Assert.Empty((await Call(acme, HttpMethod.Get, "/v1/suppressions"))["suppressions"]!.AsArray());

        for (var twice = 0; twice < 2; twice++)
            await Wait.Until(async () =>
            {
                using var left = await http.PostAsync(path, new StringContent("List-Unsubscribe=One-Click"));
                return left.StatusCode == HttpStatusCode.OK;
            });

        var entry = (await Call(acme, HttpMethod.Get, "/v1/suppressions"))["suppressions"]!.AsArray().Single()!;
        Assert.Equal(("unsubscribe", "stream", "broadcast", $"ann@{_to}"),
            ((string?)entry["origin"], (string?)entry["scope"], (string?)entry["stream"], (string?)entry["address"]));
        var news = (await acme.Send(Mail($"ann@{_to}", $"shop@{_domain}", "broadcast")))[0];
        Assert.Equal("suppressed", (await acme.Ended(news)).Status);
        await Send(acme, $"ann@{_to}");
    }

    [Fact]
    public async Task Readiness_names_each_rule_with_what_was_seen_and_what_to_do()
    {
        await Call(Admin, HttpMethod.Post, "/v1/domains", HttpStatusCode.Created, $$"""{"domain":"{{_domain}}"}""");
        var before = Rules(await Call(Admin, HttpMethod.Get, $"/v1/domains/{_domain}/readiness"));
        await server.Publish(_domain);
        await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/verify");
        await Send(Admin, $"ann@{_to}");
        Dictionary<string, JsonNode> after = [];
        await Wait.Until(async () => (string?)(after = Rules(await Call(
            Admin, HttpMethod.Get, $"/v1/domains/{_domain}/readiness")))["tls"]["state"] == "failed");

        foreach (var rule in new[] { "spf", "dkim", "dmarc", "dmarc-alignment" })
            Assert.Equal(("failed", "ok"), ((string?)before[rule]["state"], (string?)after[rule]["state"]));
        Assert.Contains("Publish", (string)before["spf"]["what_to_do"]!, StringComparison.Ordinal);
        Assert.Equal("p=none", (string?)after["dmarc"]["seen"]);
        Assert.Equal("0 of 1 delivered over TLS", (string?)after["tls"]["seen"]);   // The sink offers none.
        Assert.Equal(("ok", "unknown"), ((string?)after["one-click"]["state"], (string?)after["complaints"]["state"]));
        using var globex = await Manager("globex");
        await Call(globex, HttpMethod.Get, $"/v1/domains/{_domain}/readiness", HttpStatusCode.NotFound);
        await Call(globex, HttpMethod.Get, "/v1/readiness", HttpStatusCode.Forbidden);
        Assert.Empty((await Call(Admin, HttpMethod.Get, "/v1/readiness"))["rules"]!.AsArray());   // No public source here.
    }

    private static Dictionary<string, JsonNode> Rules(JsonNode readiness) =>
        readiness["rules"]!.AsArray().ToDictionary(r => (string)r!["rule"]!, r => r!);

    [Fact]
    public async Task Every_change_of_a_domain_is_in_the_audit_log()
    {
        await Verified(Admin);
        await Call(Admin, HttpMethod.Post, $"/v1/domains/{_domain}/verify");
        await Call(Admin, HttpMethod.Delete, $"/v1/domains/{_domain}?note=sold", HttpStatusCode.NoContent);

        var audit = await Call(Admin, HttpMethod.Get, "/v1/audit");

        Assert.Equal(
            [$"domain_removed {_domain} sold", $"domain_checked {_domain} verified", $"domain_added {_domain} "],
            audit["events"]!.AsArray().Where(e => (string?)e!["domain"] == _domain)
                .Select(e => $"{e!["type"]} {e["domain"]} {e["state"] ?? e["note"]}"));
    }

    private async Task Verified(Api api)
    {
        await Call(api, HttpMethod.Post, "/v1/domains", HttpStatusCode.Created, $$"""{"domain":"{{_domain}}"}""");
        await server.Publish(_domain);
        var verified = await Call(api, HttpMethod.Post, $"/v1/domains/{_domain}/verify");
        Assert.True((string)verified["state"]! == "verified", verified.ToJsonString());
    }

    private async Task<TestSink.SunkMail> Send(Api api, string to, string stream = "transactional", string? from = null)
    {
        var id = (await api.Send(Mail(to, from ?? $"shop@{_domain}", stream)))[0];
        var story = await api.Ended(id);
        Assert.True(story.Status == "delivered", story.Types);
        var mail = Sunk(to);
        Assert.Equal(mail.Bytes, await api.Http.GetByteArrayAsync($"/v1/messages/{id}/raw"));
        return mail;
    }

    private TestSink.SunkMail Sunk(string to) => server.Sink.Mails.Last(m => m.Recipients.Contains(to));

    private static object Mail(string to, string from, string stream = "transactional") =>
        new { from, to, subject = "Receipt", text = "Thank you!\n", stream };

    private async Task<Verdict> Judge(TestSink.SunkMail mail)
    {
        using var mails = new MailDirectory();
        mails.Add(mail.Bytes, new("127.0.0.1", "mail.engine.test", mail.MailFrom));
        return (await mails.MailauthAsync($"127.0.0.1:{server.Dns.Port}"))[0];
    }

    private static string[] Signatures(Verdict verdict) =>
        [.. verdict.Dkim.Select(d => $"{d.Algorithm} {d.Result} {d.Selector}")];

    private static string[] States(JsonNode domain) =>
        [.. domain["keys"]!.AsArray().Select(k => (string)k!["state"]!)];

    private async Task Refused(Api api, string domain)
    {
        using var answer = await api.Post(Mail($"ann@{_to}", $"shop@{domain}"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
        var error = JsonNode.Parse(text)!["errors"]!.AsArray().Single()!;
        Assert.Equal("from", (string)error["field"]!);
        Assert.Contains(domain, (string)error["message"]!, StringComparison.Ordinal);
    }

    /// <summary>All that a tenant can do for itself.</summary>
    private Task<Api> Manager(string prefix) => server.Installation.Tenant(Mails.Unique(prefix), null, "manage");

    private static async Task<JsonNode> Call(
        Api api, HttpMethod method, string path, HttpStatusCode expected = HttpStatusCode.OK, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await api.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 || expected == HttpStatusCode.NoContent ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
