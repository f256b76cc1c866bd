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
}
