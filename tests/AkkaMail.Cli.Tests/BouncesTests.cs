namespace AkkaMail.Cli.Tests;

public sealed class BouncesTests
{
    [Fact]
    public async Task A_mail_is_a_line_each_recipient()
    {
        await using var server = await StubServer.Start("""
            {"results":[{"recipient":"a@b.test","kind":"bounce","reason":"unknown_user","hard":true,"bounce":"hard",
            "status":"5.1.1","reply":"550 5.1.1 no\tsuch user","rule":"unknown-user"},
            {"recipient":"","kind":"feedback","hard":false,"feedback_type":"abuse","reply":""}],"version":"1"}
            """);

        var ran = await Runs.Akkamail(server.Url, ["bounces", "parse", "-"], input: "From: x\r\n\r\ngr\u00fc\u00dfe");

        Assert.Equal("-\tbounce\ta@b.test\tunknown_user\thard\t5.1.1\t\tunknown-user\t550 5.1.1 no such user\n"
            + "-\tfeedback\t\t\t\t\tabuse\t\t\n", ran.Out);
        var asked = server.Requests.Single();
        Assert.Equal(("POST", "/v1/bounces/parse"), (asked.Method, asked.Target));
        Assert.StartsWith("From: x\r\n\r\ngr", asked.Body);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_wrong_command_line()
    {
        await using var server = await StubServer.Start("");

        var ran = await Runs.Akkamail(server.Url, ["bounces", "parse", "/nowhere/mail.eml"]);

        Assert.Equal(2, ran.Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Replies_are_classified_line_by_line_a_thousand_a_call()
    {
        await using var server = await StubServer.Start(Enumerable.Repeat((200, """
            [{"reply":"550 no","category":"hard","bounce":"hard","reason":"unknown_user",
            "fault":"recipient","rule":"r"}]
            """), 2));

        var ran = await Runs.Akkamail(server.Url, ["bounces", "classify"],
            input: string.Concat(Enumerable.Range(0, 1_001).Select(i => $"550 no {i}\n\n")));

        Assert.Equal("hard\thard\tunknown_user\trecipient\tr\t550 no\n", ran.Out.Split("\n")[0] + "\n");
        Assert.Equal([1_000, 1], server.Requests.Select(r => r.Body.Split("550 no").Length - 1));
    }
}
