namespace AkkaMail.Cli.Tests;

public sealed class ShapingTests
{
    [Fact]
    public async Task A_file_that_holds_is_one_line()
    {
        await using var server = await StubServer.Start(
            """{"valid":true,"version":"v1+abc","warnings":[{"field":"sources.x","message":"is idle","line":3}]}""");

        var ran = await Runs.Akkamail(server.Url, ["shaping", "validate", "-"], input: "{ // mine\n}");

        Assert.Equal((0, "valid\tv1+abc\n", "line 3 sources.x: is idle\n"), (ran.Code, ran.Out, ran.Error));
        Assert.Equal(("POST", "/v1/shaping/validate", "{ // mine\n}"),
            server.Requests.Select(r => (r.Method, r.Target, r.Body)).Single());
    }

    [Fact]
    public async Task A_faulty_file_is_a_line_each_fault()
    {
        await using var server = await StubServer.Start("""
            {"title":"The shaping file is not valid","detail":"x","errors":[
            {"field":"defaults.rate","message":"'fast' is no rate","line":2},{"field":"$","message":"is too large"}]}
            """, 422);

        var ran = await Runs.Akkamail(server.Url, ["shaping", "validate", "-"]);

        Assert.Equal(1, ran.Code);
        Assert.Equal("422 The shaping file is not valid\n  line 2 defaults.rate: 'fast' is no rate\n  $: is too large\n",
            ran.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_wrong_command_line()
    {
        await using var server = await StubServer.Start("");

        var ran = await Runs.Akkamail(server.Url, ["shaping", "validate", "/nowhere/shaping.json"]);

        Assert.Equal(2, ran.Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_rules_that_hold_and_what_was_refused_are_shown()
    {
        await using var server = await StubServer.Start("""
            {"version":"v1","file":"/data/shaping.json","loaded_at":"2026-11-24T12:00:00Z","counts":{"rules":3},
            "missing_sources":["ip1","ip2"],"refused":{"errors":[{"field":"a.b","message":"is wrong","line":7}]}}
            """);

        var ran = await Runs.Akkamail(server.Url, ["shaping", "show"]);

        Assert.Equal("version\tv1\nfile\t/data/shaping.json\nloaded_at\t2026-11-24T12:00:00.000Z\n"
            + "missing_sources\tip1,ip2\ncounts.rules\t3\nrefused\t7\ta.b\tis wrong\n", ran.Out);
    }

    [Fact]
    public async Task A_domain_is_explained_with_the_origin_of_each_limit()
    {
        await using var server = await StubServer.Start("""
            {"domain":"a.test","mx_hosts":["mx1.a.test","mx2.a.test"],"site":"mx1+mx2.a.test","reason":"its 2 MX hosts",
            "pool":"default","rules":["blocked"],"retry":{"first_delay":"00:15:00","max_delay":"04:00:00",
            "origin":"AkkaMail:Retry"},"sources":[{"source":"ip1","missing":true,
            "limits":{"rate":{"value":"100/s","origin":"defaults.rate (shipped)"}}}]}
            """);

        var ran = await Runs.Akkamail(server.Url, ["sites", "explain", "a.test", "--source", "ip1"]);

        Assert.Equal("domain\ta.test\nmx_hosts\tmx1.a.test,mx2.a.test\nsite\tmx1+mx2.a.test\nreason\tits 2 MX hosts\n"
            + "pool\tdefault\nrules\tblocked\nretry\t00:15:00 to 04:00:00\nretry.origin\tAkkaMail:Retry\n"
            + "limit\tip1\taddress\tmissing\t\nlimit\tip1\trate\t100/s\tdefaults.rate (shipped)\n", ran.Out);
        Assert.Equal("/v1/sites/a.test/explain?source=ip1", server.Requests.Single().Target);
    }

    [Fact]
    public async Task The_sites_of_a_domain_are_listed()
    {
        await using var server = await StubServer.Start("""
            {"domain":"a.test","changes":[{"at":"2026-11-24T12:00:00Z","site":"google","before":"mx.a.test",
            "reason":"providers.google MXSuffix .google.com","mx_hosts":[],"version":"v1"}]}
            """);

        var ran = await Runs.Akkamail(server.Url, ["sites", "history", "a.test"]);

        Assert.Equal("2026-11-24T12:00:00.000Z\tgoogle\tmx.a.test\tproviders.google MXSuffix .google.com\n", ran.Out);
        Assert.Equal("/v1/sites/a.test/history", server.Requests.Single().Target);
    }
}
