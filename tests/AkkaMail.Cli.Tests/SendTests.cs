using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tests;

public sealed class SendTests
{
    private const string Accepted =
        """{"submission_id":"s","messages":[{"id":"s-0","to":"ann@example.net","status":"accepted"}]}""";

    [Fact]
    public async Task A_mail_of_options_becomes_a_request()
    {
        await using var server = await StubServer.Start(Accepted, 202);
        var file = Path.Combine(Directory.CreateTempSubdirectory("akkamail-cli-").FullName, "a.csv");
        await File.WriteAllTextAsync(file, "x,y");

        var ran = await Runs.Akkamail(server.Url,
        [
            "send", "--from", "Shop <shop@example.com>", "--to", "ann@example.net", "--to", "bob@example.net",
            "--cc", "c@example.net",
            "--bcc", "d@example.net", "--subject", "Grüße", "--text", "Hi", "--html", "<p>Hi</p>",
            "--attach", file, "--tag", "a",
            "--stream", "broadcast", "--send-at", "2030-01-31T08:00:00Z", "--idempotency-key", "once",
        ]);

        Assert.Equal((0, "s-0\tann@example.net\taccepted\n"), (ran.Code, ran.Out));
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v1/messages", $"Bearer {Runs.Key}", "once"),
            (asked.Method, asked.Target, asked.Authorization, asked.IdempotencyKey));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(asked.Body), JsonNode.Parse("""
            {
              "from": "Shop <shop@example.com>", "to": ["ann@example.net", "bob@example.net"], "cc": ["c@example.net"],
              "bcc": ["d@example.net"], "subject": "Grüße", "text": "Hi", "html": "<p>Hi</p>", "stream": "broadcast",
              "send_at": "2030-01-31T08:00:00Z", "tags": ["a"],
              "attachments": [{ "filename": "a.csv", "content_type": "text/csv", "content": "eCx5" }]
            }
            """)), asked.Body);
    }

    [Fact]
    public async Task A_request_from_standard_input_goes_out_as_it_is()
    {
        await using var server = await StubServer.Start(Accepted, 202);

        var ran = await Runs.Akkamail(
            server.Url, ["send", "--json", "-", "--output", "json"], input: """{ "any": 1 }""");

        Assert.Equal((0, Accepted + "\n"), (ran.Code, ran.Out));
        Assert.Equal("""{ "any": 1 }""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task A_refusal_names_each_field()
    {
        await using var server = await StubServer.Start(
            """{"title":"The request is not valid","detail":"x","errors":[{"field":"to[0]","message":"has no @"}]}""",
            422);

        var ran = await Runs.Akkamail(server.Url, ["send", "--from", "a@b.c", "--to", "x"]);

        Assert.Equal((1, "", "422 The request is not valid\n  to[0]: has no @\n"), (ran.Code, ran.Out, ran.Error));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("send", "--from", "a@b.c")]
    [InlineData("send", "--json", "-", "--to", "a@b.c")]
    [InlineData("send", "--json", "/nowhere/request.json")]
    [InlineData("send", "--from", "a@b.c", "--to", "b@b.c", "--attach", "/nowhere/file")]
    [InlineData("send", "--from", "a@b.c", "--to", "b@b.c", "--no-such-option")]
    public async Task A_command_line_that_is_no_mail_asks_nothing(params string[] args)
    {
        await using var server = await StubServer.Start(Accepted, 202);

        var ran = await Runs.Akkamail(server.Url, args);

        Assert.Equal((2, true), (ran.Code, ran.Error.Length > 0));
        Assert.Empty(server.Requests);
    }
}
