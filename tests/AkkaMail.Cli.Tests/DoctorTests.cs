namespace AkkaMail.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Sources_and_domains_are_checked_and_a_failed_rule_is_an_exit_code()
    {
        await using var server = await StubServer.Start(
        [
            (200, """{"rules":[{"rule":"reverse-name 192.0.2.7","state":"ok","seen":"mx.a.test","source":"Gmail"}]}"""),
            (200, """{"domains":[{"domain":"a.test"}]}"""),
            (200, """
                {"domain":"a.test","rules":[
                {"rule":"spf","state":"failed","seen":"missing","what_to_do":"Publish it","source":"Gmail"}]}
                """),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["doctor"]);

        Assert.Equal("-\tok\treverse-name 192.0.2.7\tmx.a.test\t\tGmail\n"
            + "a.test\tfailed\tspf\tmissing\tPublish it\tGmail\n", ran.Out);
        Assert.Equal(4, ran.Code);
        Assert.Equal(["/v1/readiness", "/v1/domains?limit=500", "/v1/domains/a.test/readiness"],
            server.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task Whoever_has_nothing_to_check_is_told_so()
    {
        await using var server = await StubServer.Start([(200, """{"rules":[]}"""), (200, """{"domains":[]}""")]);

        var ran = await Runs.Akkamail(server.Url, ["doctor"]);

        Assert.Equal((0, "", "Nothing was checked: there is no source with an address, and no domain.\n"),
            (ran.Code, ran.Out, ran.Error));
    }

    [Fact]
    public async Task Who_may_not_see_the_sources_is_not_told_that_there_are_none()
    {
        await using var server = await StubServer.Start([(403, "{}"), (200, """{"domains":[]}""")]);

        var ran = await Runs.Akkamail(server.Url, ["doctor"]);

        Assert.Equal("The sources are not looked at: that needs a key with all rights.\n"
            + "Nothing was checked: there is no domain.\n", ran.Error);
    }
}
