using AkkaMail.Cli.Frame;

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
    public async Task A_rebuild_tells_how_far_it_is_and_ends_when_it_is_ready()
    {
        await using var server = await StubServer.Start(
        [
            (202, Projection(Building(0, 0))), (200, All(Building(250_000, 26_000))),
            (200, All(Building(990_000, 26_000, heldBy: "commits"))), (200, All(Beside("ready", 1_000_000))),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["projections", "rebuild", "messages", "--throttle", "0.25"], time: TimeProvider.System);

        Assert.Equal((0, "2\tready\n"), (ran.Code, ran.Out));
        Assert.Equal("""
            ██████░░░░░░░░░░░░░░░░░░  25 %  250,000 of 1,000,000 events  26,000 facts/s
            ███████████████████████░  99 %  990,000 of 1,000,000 events  26,000 facts/s  waits: commits take long
            ████████████████████████ 100 %  1,000,000 of 1,000,000 events

            """, ran.Error);
        Assert.Equal("""{"throttle":0.25}""", server.Requests.First().Body);
    }

    [Fact]
    public async Task One_that_is_ready_can_be_swapped_in_at_once()
    {
        await using var server = await StubServer.Start(
            [(202, Projection(Building(0, 0))), (200, All(Beside("ready", 1_000_000))), (200, Projection(Beside("old", 5)))]);

        var ran = await Runs.Akkamail(server.Url, ["projections", "rebuild", "messages", "--swap"], time: TimeProvider.System);

        Assert.Equal((0, "2\tcurrent\n"), (ran.Code, ran.Out));
        Assert.Equal("/v1/projections/messages/swap", server.Requests.ElementAt(2).Target);
    }

    [Fact]
    public async Task One_that_is_dropped_meanwhile_is_no_success()
    {
        await using var server = await StubServer.Start([(202, Projection(Building(0, 0))), (200, All())]);

        var ran = await Runs.Akkamail(server.Url, ["projections", "rebuild", "messages"], time: TimeProvider.System);

        Assert.Equal((ExitCode.Found, "It was dropped meanwhile.\n"), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task Projections_are_listed_a_generation_a_line()
    {
        await using var server = await StubServer.Start(All(Building(5, 26_000)));

        var ran = await Runs.Akkamail(server.Url, ["projections", "list"]);

        Assert.Equal("messages\t1\tcurrent\t1000000\t1000000\t\t\t\t\t\t\n"
            + "messages\t2\tbuilding\t5\t1000000\t26000\t\t\t0.5\t2026-11-30T12:00:00.000Z\t\n", ran.Out);
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

    private static string All(params string[] beside) => $$"""{"projections":[{{Projection(beside)}}]}""";

    private static string Projection(params string[] beside) => $$"""
        {"name":"messages","generations":[{"generation":1,"state":"current","events":1000000,"newest":1000000}{{string.Concat(beside.Select(b => "," + b))}}]}
        """;

    private static string Building(int events, int facts, string? heldBy = null) => Beside("building", events,
        $",\"throttle\":0.5,\"facts_per_second\":{facts}{(heldBy is null ? "" : $",\"held_by\":\"{heldBy}\"")}");

    private static string Beside(string state, int events, string more = "") => $$"""
        {"generation":2,"state":"{{state}}","events":{{events}},"newest":1000000,"since":"2026-11-30T12:00:00Z"{{more}}}
        """;
}
