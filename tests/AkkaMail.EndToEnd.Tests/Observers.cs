using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A key with the scope <c>observe</c>: for a wall of figures or whoever is on call. It reads everything of everybody, and
/// no address, no mail, no order comes with it.
/// </summary>
[Collection(Listening.Name)]
public sealed partial class Observers(Listening server) : IAsyncLifetime
{
    /// <summary>What an answer must not have in it.</summary>
    private readonly string _who = Mails.Unique("zq");

    private readonly string _to = server.Domain(), _acme = Mails.Unique("acme"), _own = $"{Mails.Unique("own")}.test";
    private readonly Dictionary<string, string> _things = [];
    private Api _observer = null!;
    private string _delivered = "";

    private Api Admin => server.Api;

    /// <summary>An address everywhere one can stand: mail, replies, lists, returned mail, notes, names.</summary>
    public async Task InitializeAsync()
    {
        var at = server.Installation;
        await at.Make("/v1/tenants", new { name = _acme, title = $"{_who}@boss.test" });
        var acme = await at.Key(_acme, "manage");
        _observer = await at.Key(_acme, "observe");
        server.Answers(_to, r => r.Contains("gone") ? new(550, $"5.1.1 <{r.ToUpperInvariant()}> is gone, ask {_who}@{_to}") : null);
        _delivered = (await acme.Send(Mail($"{_who}@{_to}")))[0];
        Assert.Equal("delivered", (await acme.Ended(_delivered)).Status);
        var gone = (await acme.Send(Mail($"{_who}.gone@{_to}")))[0];
        Assert.Equal("bounced", (await acme.Ended(gone)).Status);
        _things["/v1/messages/{id}"] = gone;
        _things["/v1/keys/{id}"] = (string)(await at.Make("/v1/keys", new { name = $"{_who}@k.test", scopes = new[] { "send" } }, _acme))["id"]!;
        await at.Make("/v1/domains", new { domain = _own }, _acme);
        var note = new { note = $"{_who}@note.test has asked" };
        var entry = await Post(acme, "/v1/suppressions", new { entries = new[] { new { address = $"{_who}.no@{_to}", note.note } } });
        _things["/v1/suppressions/{id}"] = (string)entry["ids"]![0]!;
        using var import = await acme.Http.PostAsync("/v1/suppressions/import",
            new StringContent($"email\n{_who}.listed@{_to}\n\"{_who} two\"@{_to}\n{_who}@@{_to}\n"));
        _things["/v1/suppressions/imports/{id}"] = import.Headers.Location!.ToString().Split('/')[^1];
        await Post(Admin, $"/v1/lanes/default/mx.{_to}/limit", new { rate = "900/s", note.note });
        var path = server.SunkAt(_to).First(m => m.Recipients[0].StartsWith(_who, StringComparison.Ordinal)).MailFrom;
        await Bringer.Bring(server.SmtpPort, path, Bringer.Bounce($"{_who}@{_to}", "5.2.2", $"552 5.2.2 <{_who}@{_to}> is full"),
            mailFrom: $"{_who}@mx.far.test");
        JsonArray mails = [];
        await Wait.Until(async () => (mails = (await Get(acme, "/v1/bounces/mails"))["mails"]!.AsArray()).Count == 1
            && (string)mails[0]!["outcome"]! != "waiting");
        _things["/v1/bounces/mails/{id}"] = (string)mails[0]!["id"]!;
        _things["/v1/streams/{name}"] = "transactional";
        _things["/v1/rules/{kind}/{version}"] = $"shaping/{(await Get(Admin, "/v1/shaping"))["version"]}";
    }

    private object Mail(string to) => new
    {
        from = $"{_who}@sender.test",
        to,
        reply_to = $"{_who}@reply.test",
        subject = $"For {_who}@{_to}",
        text = $"Dear {_who}",
        metadata = new Dictionary<string, string> { ["crm"] = $"{_who}@crm.test" },
    };

    /// <summary>Every path of the description, among the things that are there, as the tenant's and as everybody's.</summary>
    [Fact]
    public async Task It_reads_all_there_is_but_mails_and_no_answer_has_an_address()
    {
        var (read, closed) = (0, new List<string>());
        foreach (var tenant in new[] { null, _acme })
        {
            _observer.Http.DefaultRequestHeaders.Remove("AkkaMail-Tenant");
            if (tenant is not null) _observer.Http.DefaultRequestHeaders.Add("AkkaMail-Tenant", tenant);
            foreach (var path in await Paths("get"))
            {
                var at = At(path);
                using var answer = await _observer.Http.GetAsync(at);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == HttpStatusCode.Forbidden) closed.Add(path);
                else Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{at}: {(int)answer.StatusCode} {text}");
                Assert.False(text.Contains(_who, StringComparison.OrdinalIgnoreCase), $"{at}: {text}");
                read++;
            }
        }

        Assert.Equal(["/v1/bounces/mails/{id}/raw", "/v1/messages/{id}/raw"], closed.Distinct().Order());
        Assert.True(read >= 70, $"only {read}");
    }

    [Fact]
    public async Task It_orders_nothing()
    {
        var tried = 0;
        foreach (var method in (string[])["post", "put", "patch", "delete"])
            foreach (var path in await Paths(method))
            {
                Assert.Equal((HttpStatusCode.Forbidden, path), (await _observer.Status(new(method.ToUpperInvariant()), At(path), "{}"), path));
                tried++;
            }
        Assert.True(tried >= 30, $"only {tried}");
    }

    /// <summary>Who has an address already learns that mail went there: that is what it is asked.</summary>
    [Fact]
    public async Task What_it_sees_has_the_domain_and_it_can_look_for_an_address_it_has()
    {
        var masked = $"z***@{_to}";
        var story = await Get(_observer, $"/v1/messages/{_things["/v1/messages/{id}"]}");
        Assert.Equal((masked, "z***@sender.test", null, null),
            ((string?)story["to"], (string?)story["from"], (string?)story["subject"], story["metadata"]));
        var reply = story["events"]!.AsArray().Select(e => e!["reply"]).Last(r => r is not null)!;
        Assert.Equal($"<Z***@{_to.ToUpperInvariant()}> is gone, ask {masked}", (string?)reply["text"], ignoreCase: true);

        var found = await Get(_observer, $"/v1/messages?recipient={_who}@{_to}");
        Assert.Equal([_delivered], found["messages"]!.AsArray().Select(m => (string)m!["id"]!));
        Assert.Equal(masked, (string?)found["messages"]![0]!["to"]);
        var entries = await Get(_observer, $"/v1/suppressions?address={_who}.no@{_to}");
        Assert.Equal([masked], entries["suppressions"]!.AsArray().Select(e => (string?)e!["address"]));
        var export = await _observer.Http.GetStringAsync("/v1/suppressions/export");
        Assert.Contains($"\n{masked},", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_do_all_gives_it_and_it_goes_with_no_other_scope()
    {
        var manager = await server.Installation.Key(_acme, "manage");
        Task<HttpStatusCode> Ask(Api api, string scopes) =>
            api.Status(HttpMethod.Post, "/v1/keys", $$"""{"name": "wall", "scopes": [{{scopes}}]}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Ask(manager, "\"observe\""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Ask(Admin, "\"observe\", \"read\""));
        Assert.Equal(HttpStatusCode.Created, await Ask(Admin, "\"observe\""));
    }

    private async Task<List<string>> Paths(string method) =>
        [.. (await Get(Admin, "/openapi/v1.json"))["paths"]!.AsObject()
            .Where(p => p.Key.StartsWith("/v1/", StringComparison.Ordinal) && p.Value![method] is not null).Select(p => p.Key)];

    private string At(string path)
    {
        var thing = _things.Keys.Where(t => path.StartsWith(t, StringComparison.Ordinal)).MaxBy(t => t.Length);
        if (thing is not null) path = thing[..thing.IndexOf('{')] + _things[thing] + path[thing.Length..];
        if (path == "/v1/hygiene/unengaged") path += "?delivered=1";
        return Placeholder().Replace(path.Replace("/v1/sites/{domain}", $"/v1/sites/{_to}", StringComparison.Ordinal)
            .Replace("{domain}", _own, StringComparison.Ordinal).Replace("{source}", "default", StringComparison.Ordinal)
            .Replace("{site}", $"mx.{_to}", StringComparison.Ordinal).Replace("{name}", _acme, StringComparison.Ordinal), "x");
    }

    private static async Task<JsonNode> Get(Api api, string path) => JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    private static async Task<JsonNode> Post(Api api, string path, object body)
    {
        using var answer = await api.Http.PostAsJsonAsync(path, body, Api.Json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();
}
