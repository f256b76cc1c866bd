using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tests;

public sealed class TenantTests
{
    [Fact]
    public async Task Tenants_are_listed_to_the_last_page()
    {
        await using var server = await StubServer.Start(
        [
            (200, """{"tenants":[{"name":"acme","title":"Acme Ltd","suspended":true,"created_at":"2026-11-24T12:00:00Z"}],"next_cursor":"acme"}"""),
            (200, """{"tenants":[{"name":"default","suspended":false}]}"""),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["tenants", "list", "--all"]);

        Assert.Equal("acme\tsuspended\t2026-11-24T12:00:00.000Z\t\tAcme Ltd\ndefault\tactive\t\t\t\n", ran.Out);
        Assert.Equal(["/v1/tenants?limit=500", "/v1/tenants?limit=500&cursor=acme"],
            server.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData("add acme --title Acme", "POST", "/v1/tenants", """{"name":"acme","title":"Acme"}""")]
    [InlineData("change acme --title Ltd", "PATCH", "/v1/tenants/acme", """{"title":"Ltd"}""")]
    [InlineData("change acme --title ", "PATCH", "/v1/tenants/acme", """{"title":null}""")]
    [InlineData("show acme", "GET", "/v1/tenants/acme", "")]
    [InlineData("suspend acme", "PATCH", "/v1/tenants/acme", """{"suspended":true}""")]
    [InlineData("resume acme", "PATCH", "/v1/tenants/acme", """{"suspended":false}""")]
    [InlineData("quota acme --month 100 --mode schedule", "PATCH", "/v1/tenants/acme",
        """{"quota":{"month":100,"mode":"schedule"}}""")]
    [InlineData("quota acme", "PATCH", "/v1/tenants/acme", """{"quota":null}""")]
    [InlineData("close acme --yes", "DELETE", "/v1/tenants/acme", "")]
    public async Task Each_order_is_one_request(string line, string method, string target, string body)
    {
        await using var server = await StubServer.Start("""{"name":"acme","suspended":false}""");

        var ran = await Runs.Akkamail(server.Url, ["tenants", .. line.Split(' ')]);

        Assert.Equal(0, ran.Code);
        Assert.Contains("acme", ran.Out.Split('\n', '\t'));
        Assert.Equal((method, target, body), server.Requests.Select(r => (r.Method, r.Target, r.Body)).Single());
    }

    [Theory]
    [InlineData("add codes --kind transactional --title Codes", "POST", "/v1/streams",
        """{"name":"codes","kind":"transactional","title":"Codes"}""")]
    [InlineData("change codes --unsubscribe true", "PATCH", "/v1/streams/codes", """{"unsubscribe":true}""")]
    [InlineData("change codes --engaged-first false", "PATCH", "/v1/streams/codes", """{"engaged_first":false}""")]
    [InlineData("remove codes --tenant acme -y", "DELETE", "/v1/streams/codes", "")]
    public async Task Each_order_to_a_stream_is_one_request(string line, string method, string target, string body)
    {
        await using var server = await StubServer.Start(
            """{"name":"codes","kind":"transactional","unsubscribe":false}""");

        var ran = await Runs.Akkamail(server.Url, ["streams", .. line.Split(' ')]);

        Assert.Equal(0, ran.Code);
        Assert.Contains("codes", ran.Out.Split('\n', '\t'));
        Assert.Equal((method, target, body), server.Requests.Select(r => (r.Method, r.Target, r.Body)).Single());
    }

    [Fact]
    public async Task The_use_of_a_quota_is_a_line_a_window()
    {
        await using var server = await StubServer.Start(
            """{"tenant":"acme","mode":"reject","windows":[{"window":"day","used":3,"limit":10,"resets_at":"2026-11-25T00:00:00+00:00"}]}""");

        var ran = await Runs.Akkamail(server.Url, ["tenants", "usage", "acme"]);

        Assert.Equal("day\t3\t10\t0.3\t2026-11-25T00:00:00.000Z\n", ran.Out);
    }

    [Fact]
    public async Task Streams_are_listed()
    {
        await using var server = await StubServer.Start(
            """{"streams":[{"name":"news","kind":"broadcast","unsubscribe":true,"engaged_first":true,"title":"News"},{"name":"codes","kind":"transactional","unsubscribe":false}]}""");

        var ran = await Runs.Akkamail(server.Url, ["streams", "list"]);

        Assert.Equal("news\tbroadcast\tunsubscribe,engaged_first\tNews\ncodes\ttransactional\t\t\n", ran.Out);
    }

    [Fact]
    public async Task A_key_is_printed_alone_so_that_a_script_can_keep_it()
    {
        await using var server = await StubServer.Start("""{"id":"k1","key":"am_k1_secret"}""");

        var ran = await Runs.Akkamail(server.Url, ["keys", "add", "shop", "--scope", "send", "--scope", "read",
            "--network", "192.0.2.0/24", "--expires-at", "2027-06-01T00:00:00Z", "--tenant", "acme"]);

        Assert.Equal((0, "am_k1_secret\n"), (ran.Code, ran.Out));
        var body = JsonNode.Parse(server.Requests.Single().Body)!;
        Assert.Equal("""{"name":"shop","scopes":["send","read"],"networks":["192.0.2.0/24"],"expires_at":"2027-06-01T00:00:00Z"}""",
            body.ToJsonString());
    }

    [Fact]
    public async Task A_key_is_listed_without_its_secret_and_removed_by_its_id()
    {
        await using var server = await StubServer.Start(
            [(200, """{"keys":[{"id":"k1","tenant":"acme","name":"shop","scopes":["send"],"networks":[],"last_used_at":"2026-11-24T11:59:00Z","last_used_from":"192.0.2.7"}]}"""), (204, "")]);

        var listed = await Runs.Akkamail(server.Url, ["keys", "list"]);
        var removed = await Runs.Akkamail(server.Url, ["keys", "remove", "k1", "--yes"]);

        Assert.Equal(("k1\tacme\tshop\tsend\t\t2026-11-24T11:59:00.000Z\t192.0.2.7\t\n", "k1\tremoved\n"), (listed.Out, removed.Out));
        Assert.Equal(["GET /v1/keys?limit=50", "DELETE /v1/keys/k1"],
            server.Requests.Select(r => $"{r.Method} {r.Target}"));
    }
}
