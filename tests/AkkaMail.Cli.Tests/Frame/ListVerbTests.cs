using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tests.Frame;

/// <summary>Lists have pages; whoever gets less than all is told so.</summary>
public sealed class ListVerbTests
{
    private static readonly (int, string)[] Pages =
    [
        (200, """{"domains":[{"domain":"a.test"},{"domain":"b.test"}],"next_cursor":"b="}"""),
        (200, """{"domains":[],"next_cursor":"c"}"""),   // As a page that looked at much and found nothing.
        (200, """{"domains":[{"domain":"c.test"}]}"""),
    ];

    [Fact]
    public async Task One_page_comes_and_what_is_left_is_said_beside_it()
    {
        await using var server = await StubServer.Start(Pages);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "--limit", "2", "--output", "json"]);

        Assert.Equal((0, Pages[0].Item2 + "\n"), (ran.Code, ran.Out));
        Assert.Equal("There are more: --all, or --cursor b=\n", ran.Error);
        Assert.Equal(["/v1/domains?limit=2"], server.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task All_of_them_come_page_by_page()
    {
        await using var server = await StubServer.Start(Pages);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "--all"]);

        Assert.Equal(("a.test\t\t\t\nb.test\t\t\t\nc.test\t\t\t\n", ""), (ran.Out, ran.Error));
        Assert.Equal(["/v1/domains?limit=500", "/v1/domains?limit=500&cursor=b%3D", "/v1/domains?limit=500&cursor=c"],
            server.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task So_many_come_as_were_asked_for()
    {
        await using var server = await StubServer.Start(Pages);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "--limit", "3"]);

        Assert.Equal(3, ran.Out.Count(c => c == '\n'));
        Assert.Equal(["/v1/domains?limit=3", "/v1/domains?limit=1&cursor=b%3D", "/v1/domains?limit=1&cursor=c"],
            server.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData("alerts", "list", "/v1/alerts")]
    [InlineData("complaints", "loops", "/v1/feedback-loops")]
    public async Task Alerts_and_loops_have_pages_as_well(string noun, string verb, string path)
    {
        await using var server = await StubServer.Start("""{"alerts":[{}],"loops":[{}],"next_cursor":"c"}""");

        var ran = await Runs.Akkamail(server.Url, [noun, verb, "--limit", "1"]);

        Assert.Equal($"{path}?limit=1", Assert.Single(server.Requests).Target);
        Assert.Equal("There are more: --all, or --cursor c\n", ran.Error);
    }

    [Fact]
    public async Task All_pages_are_one_document_of_JSON()
    {
        await using var server = await StubServer.Start(Pages);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "--all", "-o", "json"]);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ran.Out), JsonNode.Parse(
            """{"domains":[{"domain":"a.test"},{"domain":"b.test"},{"domain":"c.test"}]}""")), ran.Out);
    }

    [Fact]
    public async Task JSON_lines_are_an_entry_each()
    {
        await using var server = await StubServer.Start(Pages);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "--all", "-o", "jsonl"]);

        Assert.Equal("{\"domain\":\"a.test\"}\n{\"domain\":\"b.test\"}\n{\"domain\":\"c.test\"}\n", ran.Out);
    }

    [Fact]
    public async Task Whoever_reads_JSON_gets_a_refusal_as_JSON()
    {
        const string problem = """{"title":"The request is not valid","status":422,"code":"invalid"}""";
        await using var server = await StubServer.Start(problem, 422);

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", "-o", "json"]);

        Assert.Equal((1, "", problem + "\n"), (ran.Code, ran.Out, ran.Error));
    }

    [Fact]
    public async Task A_key_with_all_rights_says_whom_it_acts_for()
    {
        await using var server = await StubServer.Start([Pages[2], Pages[2]]);

        await Runs.Akkamail(server.Url, ["domains", "list", "--tenant", "acme"]);
        await Runs.Akkamail(server.Url, ["domains", "list"]);

        Assert.Equal(["acme", ""], server.Requests.Select(r => r.Tenant ?? ""));
    }
}
