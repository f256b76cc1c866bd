namespace AkkaMail.Cli.Tests;

public sealed class OperatingTests
{
    [Fact]
    public async Task The_status_is_a_line_each_figure()
    {
        await using var server = await StubServer.Start(
            """
            {"accepted":3,"statuses":{"deferred":1,"delivered":2},"alive":1,"complete":true,
            "unfinished":1,"projector_lag":0}
            """);

        var ran = await Runs.Akkamail(server.Url, ["status"]);

        Assert.Equal(
            "accepted\t3\nunfinished\t1\ncomplete\tyes\nprojector_lag\t0\nstatus\tdeferred\t1\nstatus\tdelivered\t2\n",
            ran.Out);
    }

    [Fact]
    public async Task A_rebuild_ends_when_all_that_was_there_is_back()
    {
        await using var server = await StubServer.Start(
        [
            (200, Status(accepted: 3, lag: 0)), (202, """{"ledgers":16,"progress":"/v1/status"}"""),
            (200, Status(accepted: 0, lag: 0)), (200, Status(accepted: 1, lag: 2)), (200, Status(accepted: 3, lag: 0)),
        ]);

        string[] args = ["projections", "rebuild", "messages", "--yes"];
        var ran = await Runs.Akkamail(server.Url, args, time: TimeProvider.System);

        Assert.Equal((0, "rebuilt\t3\n"), (ran.Code, ran.Out));
        Assert.Equal("0 of 3 messages, projector_lag 0\n1 of 3 messages, projector_lag 2\n", ran.Error);
        Assert.Equal(["GET", "POST", "GET", "GET", "GET"], server.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task No_server_is_an_end_of_its_own()
    {
        var gone = await StubServer.Start("");
        var url = gone.Url;
        await gone.DisposeAsync();

        var ran = await Runs.Akkamail(url, ["status"]);

        Assert.Equal(3, ran.Code);
        Assert.StartsWith("The server is not reachable at http://127.0.0.1", ran.Error);
    }

    [Theory]
    [InlineData(401, """{"title":"The key is missing or wrong","detail":"Send it"}""",
        "401 The key is missing or wrong\nSend it\nGive the key by AKKAMAIL_KEY or --key.\n")]
    [InlineData(502, "<html>Bad gateway", "502 The server refused\n")]
    public async Task A_refusal_is_told_in_the_servers_words(int status, string body, string error)
    {
        await using var server = await StubServer.Start(body, status);

        var ran = await Runs.Akkamail(server.Url, ["status"]);

        Assert.Equal((1, error), (ran.Code, ran.Error));
    }

    [Theory]
    [InlineData("no-such-command")]
    [InlineData("status", "--url", "ftp://127.0.0.1")]
    [InlineData("status", "--output", "xml")]
    [InlineData("messages", "show")]
    [InlineData("messages", "list", "--all", "--limit", "3")]
    [InlineData("messages", "list", "--limit", "0")]
    public async Task What_it_does_not_understand_ends_with_two(params string[] args)
    {
        await using var server = await StubServer.Start("{}");

        var ran = await Runs.Akkamail(server.Url, args);

        Assert.Equal(2, ran.Code);
        Assert.Empty(server.Requests);
    }

    private static string Status(int accepted, int lag) =>
        $$"""{"accepted":{{accepted}},"statuses":{},"complete":true,"projector_lag":{{lag}}}""";
}
