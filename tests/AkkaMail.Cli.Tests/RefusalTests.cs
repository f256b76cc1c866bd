using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tests;

/// <summary>What the server says no to, in words that lead on.</summary>
public sealed class RefusalTests
{
    private const string NoTime = """
        {"title":"The request is not valid","status":422,"code":"invalid",
        "errors":[{"field":"from","message":"is not a time"},{"field":"cursor","message":"is not a cursor"}]}
        """;

    [Theory]
    [InlineData("messages", "list", "--since", "tomorrow")]
    [InlineData("suppressions", "undo", "--since", "tomorrow")]
    [InlineData("domains", "dmarc", "a.test", "--since", "tomorrow")]
    public async Task A_field_is_named_as_the_option_it_came_by(params string[] args)
    {
        await using var server = await StubServer.Start(NoTime, 422);

        var ran = await Runs.Akkamail(server.Url, args);

        Assert.Contains("  --since: is not a time\n", ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Code);
    }

    [Theory]
    [InlineData("""{"title":"No","status":404}""", "c0:01", "404 No\nIn the server's log: request c0:01\n")]
    [InlineData("""{"title":"No","status":404,"request_id":"a1"}""", "c0:01",
        "404 No\nIn the server's log: request a1\n")]
    [InlineData("<html>", "c0:01", "404 The server refused\nIn the server's log: request c0:01\n")]
    [InlineData("""{"title":"No","status":404}""", null, "404 No\n")]
    public async Task The_request_can_be_found_in_the_servers_log(string body, string? id, string says)
    {
        await using var server = await StubServer.Start(body, 404);
        server.RequestId = id;

        var ran = await Runs.Akkamail(server.Url, ["status"]);

        Assert.Equal((1, says), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task Whoever_reads_JSON_finds_the_request_in_it()
    {
        await using var server = await StubServer.Start("""{"title":"No","status":404}""", 404);
        server.RequestId = "c0:01";

        var ran = await Runs.Akkamail(server.Url, ["status", "-o", "json"]);

        Assert.Equal("c0:01", (string?)JsonNode.Parse(ran.Error)!["request_id"]);
    }
}
