using System.Net;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>A tenant's own streams, and fields of tenants and keys that are cleared, in a running server.</summary>
[Collection(Relaying.Name)]
public sealed class TenantStreams(Relaying server)
{
    private readonly string _acme = Mails.Unique("acme"), _globex = Mails.Unique("globex");

    private Installation Installation => server.Installation;

    [Fact]
    public async Task A_stream_is_made_used_changed_and_deleted_and_what_was_accepted_goes_on()
    {
        var acme = await Installation.Tenant(_acme, null, "manage");
        using var unknown = await acme.Post(Mail("codes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Contains("\"field\":\"stream\"", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var (made, stream) = await acme.Ask(
            HttpMethod.Post, "/v1/streams", """{"name":"codes","title":"Codes","kind":"transactional"}""");
        Assert.Equal((HttpStatusCode.Created, _acme, "codes", "transactional", false),
            (made, (string?)stream!["tenant"], (string?)stream["name"], (string?)stream["kind"],
                (bool)stream["unsubscribe"]!));
        var waiting = (await acme.Send(Mail("codes", "slow@d1.test"), "key-1"))[0];

        var (changed, after) = await acme.Ask(
            HttpMethod.Patch, "/v1/streams/codes", """{"title":null,"unsubscribe":true}""");
        Assert.Equal((HttpStatusCode.OK, null, true), (changed, after!["title"], (bool)after["unsubscribe"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await acme.Ask(HttpMethod.Delete, "/v1/streams/codes")).Status);
        using var late = await acme.Post(Mail("codes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        var story = await acme.Ended(waiting);
        Assert.Equal(("delivered", "codes"), (story.Status, story.Stream));
        // A repeat of what was accepted is answered as it was, though the stream is gone.
        await Wait.Until(async () => (await acme.List("stream=codes")).Messages.Length == 1);
        Assert.Equal([waiting], await acme.Send(Mail("codes", "slow@d1.test"), "key-1"));
    }

    [Fact]
    public async Task Two_streams_are_there_from_the_start_and_stay()
    {
        var acme = await Installation.Tenant(_acme, null, "manage");

        var (_, list) = await acme.Ask(HttpMethod.Get, "/v1/streams");
        Assert.Equal(["broadcast True", "transactional False"],
            list!["streams"]!.AsArray().Select(s => $"{s!["name"]} {(bool)s["unsubscribe"]!}"));
        Assert.Equal(HttpStatusCode.Conflict, (await acme.Ask(HttpMethod.Delete, "/v1/streams/broadcast")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await acme.Ask(
            HttpMethod.Post, "/v1/streams", """{"name":"broadcast","kind":"broadcast"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await acme.Ask(
            HttpMethod.Patch, "/v1/streams/broadcast", """{"unsubscribe":false}""")).Status);
        Assert.False((bool)(await acme.Ask(HttpMethod.Get, "/v1/streams/broadcast")).Body!["unsubscribe"]!);
    }

    [Fact]
    public async Task Streams_are_a_tenants_own_outlast_a_restart_and_stand_in_the_audit_log()
    {
        var acme = await Installation.Tenant(_acme, null, "manage");
        var globex = await Installation.Tenant(_globex, null, "manage");
        await acme.Ask(HttpMethod.Post, "/v1/streams", """{"name":"news","kind":"broadcast"}""");

        Assert.Equal(HttpStatusCode.NotFound, (await globex.Ask(HttpMethod.Get, "/v1/streams/news")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await globex.Ask(HttpMethod.Delete, "/v1/streams/news")).Status);
        using var foreign = await globex.Post(Mail("news"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, foreign.StatusCode);

        await Installation.Restart();
        await Wait.Until(async () => (await acme.Ask(HttpMethod.Get, "/v1/streams/news")).Status == HttpStatusCode.OK);
        await acme.Send(Mail("news"));
        await acme.Ask(HttpMethod.Delete, "/v1/streams/news");
        var (_, audit) = await Installation.Api.Ask(HttpMethod.Get, "/v1/audit?limit=500");
        Assert.Equal([$"stream_deleted {_acme} news", $"stream_created {_acme} news"], audit!["events"]!.AsArray()
            .Where(e => (string?)e!["tenant"] == _acme
                && ((string)e!["type"]!).StartsWith("stream", StringComparison.Ordinal))
            .Select(e => $"{e!["type"]} {e["tenant"]} {e["stream"]}"));
    }

    [Fact]
    public async Task A_field_that_is_null_is_cleared_and_one_that_is_left_out_stays()
    {
        var admin = Installation.Api;
        await Installation.Make("/v1/tenants", new { name = _acme, title = "Acme", quota = new { day = 5 } });
        var id = (string)(await Installation.Make("/v1/keys", new
        {
            name = "k",
            scopes = new[] { "read" },
            networks = new[] { "192.0.2.0/24" },
            expires_at = "2100-01-01T00:00:00Z",
        }, _acme))["id"]!;

        var (_, kept) = await admin.Ask(HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"suspended":true}""");
        Assert.Equal(("Acme", 5, "reject"),
            ((string?)kept!["title"], (int)kept["quota"]!["day"]!, (string?)kept["quota"]!["mode"]));
        var (_, cleared) = await admin.Ask(HttpMethod.Patch, $"/v1/tenants/{_acme}", """{"title":null,"quota":null}""");
        Assert.Equal((null, null, true), (cleared!["title"], cleared["quota"], (bool)cleared["suspended"]!));

        var (_, named) = await admin.Ask(HttpMethod.Patch, $"/v1/keys/{id}", """{"name":"other"}""");
        Assert.Equal(("other", 1, true),
            ((string?)named!["name"], named["networks"]!.AsArray().Count, named["expires_at"] is not null));
        var (_, open) = await admin.Ask(HttpMethod.Patch, $"/v1/keys/{id}", """{"networks":null,"expires_at":null}""");
        Assert.Equal(("other", 0, null),
            ((string?)open!["name"], open["networks"]!.AsArray().Count, open["expires_at"]));
    }

    [Theory]
    [InlineData("/v1/streams", """{"name":"News","title":"x","kind":"bulk"}""", "name kind")]
    [InlineData("/v1/streams", "{}", "name kind")]
    [InlineData("/v1/streams", """{"name":"t","kind":"transactional","engaged_first":true}""", "engaged_first")]
    [InlineData("/v1/tenants", """{"name":"t","quota":{}}""", "quota")]
    [InlineData("/v1/tenants", """{"name":"t","quota":{"day":0,"minute":2000000000,"mode":"drop"}}""",
        "quota.minute quota.day quota.mode")]
    [InlineData("/v1/tenants", """{"name":"t","quota":{"week":1}}""", "quota.week")]
    public async Task Each_faulty_field_is_named(string path, string json, string fields)
    {
        var (status, problem) = await Installation.Api.Ask(HttpMethod.Post, path, json);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(fields, string.Join(' ', problem!["errors"]!.AsArray().Select(e => (string?)e!["field"])));
    }

    private static object Mail(string stream, string to = "ann@d1.test") =>
        new { from = "a@sender.test", to, subject = "s", text = "t", stream };
}
