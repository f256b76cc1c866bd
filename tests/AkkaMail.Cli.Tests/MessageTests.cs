namespace AkkaMail.Cli.Tests;

public sealed class MessageTests
{
    private const string Message = """
        {"id":"s-0","status":"deferred","from":"shop@example.com","to":"ann@example.net","tags":["a","b"],"attempts":1,
        "events":[{"type":"accepted","at":"2030-01-31T08:00:00Z"},
        {"type":"deferred","at":"2030-01-31T08:00:01Z","attempt":1,
        "reply":{"code":451,"enhanced_code":"4.7.1","text":"Later,\n\u001b[31mplease"},
        "mx":"mx1.example.net[192.0.2.1]:25","step":"rcpt_to","tls":"TLSv1.3","duration_ms":12.5,
        "due_at":"2030-01-31T08:15:01Z","rule":"retry/default"},
        {"type":"deferred","at":"2030-01-31T08:15:02Z","attempt":2,"reply":{"code":0,"text":"Gone"},"in_doubt":true}]}
        """;

    [Fact]
    public async Task A_story_is_a_line_each_event()
    {
        await using var server = await StubServer.Start(Message);

        var ran = await Runs.Akkamail(server.Url, ["messages", "show", "s-0"]);

        Assert.Equal("/v1/messages/s-0", Assert.Single(server.Requests).Target);
        Assert.Equal(
        [
            "id\ts-0", "status\tdeferred", "from\tshop@example.com", "to\tann@example.net", "tags\ta,b", "attempts\t1",
            "event\t2030-01-31T08:00:00.000Z\taccepted\t\t\t",
            "event\t2030-01-31T08:00:01.000Z\tdeferred\t1\t451 4.7.1 Later,  [31mplease\t"
                + "mx1.example.net[192.0.2.1]:25, TLSv1.3, rcpt_to, 12.5 ms, retry/default",
            "event\t2030-01-31T08:15:02.000Z\tdeferred\t2\tno answer: Gone\tin doubt",
        ], ran.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Why_it_waits_is_a_line_before_its_events()
    {
        await using var server = await StubServer.Start("""
            {"id":"s-0","status":"accepted","waiting":{"lane":{"source":"ip1","site":"google"},"since":"2026-11-24T11:00:00Z",
            "held_by":"rate","rule":"aimd/limited","reply":{"code":421,"enhanced_code":"4.7.28","text":"unusual rate"},
            "until":null,"eta":"2026-11-24T15:30:00.1234567Z","ahead":1200,"engaged_ahead":300},"events":[]}
            """);

        var ran = await Runs.Akkamail(server.Url, ["messages", "show", "s-0"]);

        Assert.Equal("waiting\trate\tip1 google\t2026-11-24T11:00:00.000Z\t\t2026-11-24T15:30:00.123Z\t1200\t"
            + "aimd/limited\t421 4.7.28 unusual rate\t300", ran.Out.TrimEnd('\n').Split('\n')[^1]);
    }

    [Fact]
    public async Task A_story_whose_begin_is_gone_says_since_when_it_is_kept()
    {
        await using var server = await StubServer.Start(
            """{"id":"s-0","status":"delivered","events":[],"story_begins":"2026-10-24T11:00:00Z"}""");

        var ran = await Runs.Akkamail(server.Url, ["messages", "show", "s-0"]);

        Assert.Contains("story_begins\t2026-10-24T11:00:00.000Z\n", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_raw_mail_comes_byte_by_byte()
    {
        await using var server = await StubServer.Start("From: a@b.c\r\n\r\nGrüße\r\n");

        var ran = await Runs.Akkamail(server.Url, ["messages", "show", "s-0", "--raw"]);

        Assert.Equal("/v1/messages/s-0/raw", Assert.Single(server.Requests).Target);
        Assert.Equal("From: a@b.c\r\n\r\nGrüße\r\n"u8.ToArray(), ran.Raw);
    }

    [Fact]
    public async Task A_list_has_its_filters_in_the_query_and_its_cursor_beside_the_lines()
    {
        await using var server = await StubServer.Start("""
            {"messages":[{"id":"s-0","status":"bounced","to":"ann@example.net","tags":["a"],
            "accepted_at":"2030-01-31T08:00:00Z"},
            {"id":"s-1","status":"accepted","to":"bob@example.net","tags":[],"accepted_at":"2030-01-31T08:00:01Z",
            "waiting":{"held_by":"hold","until":"2030-01-31T09:00:00.000Z"}}],
            "next_cursor":"abc"}
            """);

        var ran = await Runs.Akkamail(server.Url,
            ["messages", "list", "--status", "bounced", "--recipient", "a+b@example.net", "--since", "2h",
                "--limit", "2", "--cursor", "xyz"]);

        Assert.Equal(
            "/v1/messages?status=bounced&recipient=a%2Bb%40example.net&from=2026-11-24T10%3A00%3A00.000Z"
                + "&limit=2&cursor=xyz",
            Assert.Single(server.Requests).Target);
        Assert.Equal("2030-01-31T08:00:00.000Z\tbounced\ts-0\tann@example.net\t\t\t\t\t\ta\n"
            + "2030-01-31T08:00:01.000Z\taccepted\ts-1\tbob@example.net\t\thold\t2030-01-31T09:00:00.000Z\t\t\t\n", ran.Out);
        Assert.Equal("There are more: --all, or --cursor abc\n", ran.Error);
    }

    [Fact]
    public async Task A_cancel_says_how_the_message_stands()
    {
        await using var server = await StubServer.Start("""{"id":"s-0","status":"cancelled"}""");

        var ran = await Runs.Akkamail(server.Url, ["messages", "cancel", "s-0", "--reason", "sent twice", "--yes"]);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("DELETE", "/v1/messages/s-0?note=sent%20twice"), (request.Method, request.Target));
        Assert.Equal((0, "s-0\tcancelled\n"), (ran.Code, ran.Out));
    }
}
