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

    [Fact]
    public async Task Whatever_a_request_can_say_an_option_says()
    {
        await using var server = await StubServer.Start(Accepted, 202);

        await Runs.Akkamail(server.Url,
        [
            "send", "--from", "a@b.c", "--to", "b@b.c", "--header", "X-Order: 47:11", "--reply-to", "r@b.c",
            "--metadata", "order=4=7", "--variable", "name=Ann", "--send-at", "30m", "--expires-at", "2026-11-25T00:00:00Z", "--text-file", "-",
            "--tenant", "acme",
        ], input: "Hi {{name}}\n");

        var asked = Assert.Single(server.Requests);
        Assert.Equal("acme", asked.Tenant);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(asked.Body), JsonNode.Parse("""
            {
              "from": "a@b.c", "to": ["b@b.c"], "reply_to": ["r@b.c"], "headers": { "X-Order": "47:11" },
              "metadata": { "order": "4=7" }, "variables": { "name": "Ann" }, "text": "Hi {{name}}\n",
              "send_at": "2026-11-24T12:30:00.000Z", "expires_at": "2026-11-25T00:00:00Z"
            }
            """)), asked.Body);
    }

    [Theory]
    [InlineData("delivered", 0, "250 2.0.0 Ok")]
    [InlineData("bounced", 4, "550 5.1.1 No such user")]
    public async Task Who_waits_is_told_how_it_ended(string status, int code, string words)
    {
        await using var server = await StubServer.Start(
        [
            (202, Accepted), (200, """{"id":"s-0","to":"ann@example.net","status":"sending","events":[]}"""),
            (200, $$$"""
                {"id":"s-0","to":"ann@example.net","status":"{{{status}}}","events":[{"type":"accepted"},
                {"type":"x","reply":
                {"code":{{{words[..3]}}},"enhanced_code":"{{{words[4..9]}}}","text":"{{{words[10..]}}}"}}]}
                """),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["send", "--from", "a@b.c", "--to", "ann@example.net", "--wait"],
            time: TimeProvider.System);

        Assert.Equal((code, $"s-0\tann@example.net\t{status}\t{words}\n"), (ran.Code, ran.Out));
    }

    [Fact]
    public async Task Who_waits_for_nothing_is_told_why_it_waits()
    {
        await using var server = await StubServer.Start([(202, Accepted), .. Enumerable.Repeat((200,
            """{"id":"s-0","to":"ann@example.net","status":"accepted","waiting":{"held_by":"hold"},"events":[]}"""), 3)]);

        var ran = await Runs.Akkamail(server.Url, ["send", "--from", "a@b.c", "--to", "ann@example.net", "--wait", "0s"],
            time: TimeProvider.System);

        Assert.Equal((5, "s-0\tann@example.net\taccepted\ta rule or an operator has stopped it\n"), (ran.Code, ran.Out));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("send", "--from", "a@b.c")]
    [InlineData("send", "--json", "-", "--to", "a@b.c")]
    [InlineData("send", "--from", "a@b.c", "--to", "b@b.c", "--header", "no colon")]
    [InlineData("send", "--from", "a@b.c", "--to", "b@b.c", "--text", "x", "--text-file", "-")]
    [InlineData("send", "--from", "a@b.c", "--to", "b@b.c", "--wait", "soon")]
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
