namespace AkkaMail.Cli.Tests;

public sealed class HygieneTests
{
    private const string Bad = """
        {"line":1,"address":"ann@gmail.com","result":"ok","syntax":true,"mx":"found","reasons":[]}
        {"line":3,"address":"b@gmal.co","result":"bad","did_you_mean":"gmail.com","reasons":["mx_no_domain","misspelt"]}
        {"summary":{"addresses":2,"ok":1,"risky":0,"bad":1,"reasons":{"misspelt":1,"mx_no_domain":1},"complete":true}}
        """;

    [Fact]
    public async Task What_is_not_ok_is_a_line_and_the_counts_come_last()
    {
        await using var server = await StubServer.Start(Bad);

        var ran = await Runs.Akkamail(server.Url, ["hygiene", "check", "-"], input: "ann@gmail.com\n\nb@gmal.co\n");

        Assert.Equal((4, "3\tbad\tb@gmal.co\tmx_no_domain,misspelt\tgmail.com\n",
            "2 addresses: 1 ok, 0 risky, 1 bad (misspelt 1, mx_no_domain 1)\n"), (ran.Code, ran.Out, ran.Error));
        var asked = server.Requests.Single();
        Assert.Equal(("POST", "/v1/hygiene/check", "ann@gmail.com\n\nb@gmal.co\n"),
            (asked.Method, asked.Target, asked.Body));
    }

    [Fact]
    public async Task A_list_without_a_bad_address_ends_with_0()
    {
        await using var server = await StubServer.Start(
            """{"summary":{"addresses":0,"ok":0,"risky":0,"bad":0,"reasons":{},"complete":true}}""");

        var ran = await Runs.Akkamail(server.Url, ["hygiene", "check", "-", "--stream", "a&b"], input: "\n");

        Assert.Equal((0, "", "0 addresses: 0 ok, 0 risky, 0 bad\n"), (ran.Code, ran.Out, ran.Error));
        Assert.Equal("/v1/hygiene/check?stream=a%26b", server.Requests.Single().Target);
    }

    [Fact]
    public async Task One_address_too_many_is_told_with_its_line()
    {
        await using var server = await StubServer.Start("""
            {"line":100001,"error":"A list may have 100000 addresses"}
            {"summary":{"addresses":100000,"ok":100000,"risky":0,"bad":0,"reasons":{},"complete":false}}
            """);

        var ran = await Runs.Akkamail(server.Url, ["hygiene", "check", "-"], input: "x");

        Assert.Equal(4, ran.Code);
        Assert.StartsWith("line 100001: A list may have 100000 addresses\n", ran.Error);
    }

    [Fact]
    public async Task An_answer_without_its_summary_was_cut_off()
    {
        await using var server = await StubServer.Start(
            """{"line":1,"address":"a@b.test","result":"ok","reasons":[]}""");

        var ran = await Runs.Akkamail(server.Url, ["hygiene", "check", "-"], input: "a@b.test");

        Assert.Equal(3, ran.Code);
    }

    [Fact]
    public async Task JSON_is_what_the_server_says()
    {
        await using var server = await StubServer.Start(Bad);

        var ran = await Runs.Akkamail(server.Url, ["hygiene", "check", "-", "--output", "json"], input: "x");

        Assert.Equal(Bad.ReplaceLineEndings("\n"), ran.Out.TrimEnd('\n'));
    }
}
