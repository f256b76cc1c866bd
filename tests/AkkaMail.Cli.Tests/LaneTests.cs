namespace AkkaMail.Cli.Tests;

public sealed class LaneTests
{
    private const string Lane = """
        {"source":"ip1","site":"mx1+mx2.a.test","state":"limited","rate":{"per_second":47.5,"text":"47.5/s"},
        "configured_rate":{"per_second":100,"text":"100/s"},"connections":{"in_use":3,"allowed":5,"configured":10},
        "at_hand":9,"credit":47,"depth":1200,"eta":"2026-11-24T14:30:00Z","why":{"rule":"aimd/limited","version":"v1",
        "cause":{"at":"2026-11-24T14:05:00Z","class":"rate_limited","message_id":"m-0",
        "reply":{"code":421,"enhanced_code":"4.7.28","text":"unusual rate"}}},
        "next_step":{"at":"2026-11-24T14:06:00Z"},
        "holds":[{"id":4,"kind":"limit_rate","value":"60/s","scope":"stream","tenant":"t","stream":"s",
        "rule":"operator","note":"careful"}],
        "warm_up":{"plan":"sparkpost","stage":2,"volume":500,"granted":40,"paused":true},
        "score":71.5,"nodes":["n"]}
        """;

    [Fact]
    public async Task Lanes_are_a_line_each_over_all_pages()
    {
        await using var server = await StubServer.Start(
        [
            (200, "{\"lanes\":[" + Lane + "],\"next_cursor\":\"c=\"}"),
            (200, """
                {"lanes":[{"source":"ip1","site":"relay","state":"running","depth":0,
                "connections":{"in_use":0,"allowed":9}}]}
                """),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["lanes", "list", "--source", "ip1"]);

        Assert.Equal("ip1\tmx1+mx2.a.test\tlimited\t47.5/s\t3/5\t1200\t2026-11-24T14:30:00.000Z\t"
            + "aimd/limited: 421 4.7.28 unusual rate\nip1\trelay\trunning\tno bound\t0/9\t0\t\t\n", ran.Out);
        Assert.Equal(["/v1/lanes?source=ip1&limit=500", "/v1/lanes?source=ip1&limit=500&cursor=c%3D"],
            server.Requests.Select(r => r.Target));
    }

    /// <summary>The worst may be on the last page: a limit cuts after all were read.</summary>
    [Theory]
    [InlineData("--limit 1", "b.test\n", "Left out: 1 less in trouble. All of them: --all\n")]
    [InlineData("--all", "b.test\na.test\n", "")]
    public async Task Those_in_trouble_come_first_and_what_is_cut_is_said(string how, string sites, string note)
    {
        await using var server = await StubServer.Start(
        [
            (200, """{"lanes":[{"source":"ip1","site":"a.test","state":"running"}],"next_cursor":"c"}"""),
            (200, """{"lanes":[{"source":"ip1","site":"b.test","state":"suspended"}]}"""),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["lanes", "list", .. how.Split(' ')]);

        Assert.Equal(sites, string.Concat(ran.Out.Split('\n')[..^1].Select(line => line.Split('\t')[1] + "\n")));
        Assert.Equal((0, note), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task A_lane_is_shown_with_its_reason_and_what_holds_it()
    {
        await using var server = await StubServer.Start(Lane);

        var ran = await Runs.Akkamail(server.Url, ["lanes", "show", "ip1", "mx1+mx2.a.test"]);

        Assert.Equal("source\tip1\nsite\tmx1+mx2.a.test\nstate\tlimited\nrate\t47.5/s, configured 100/s\n"
            + "connections\t3/5, configured 10\ndepth\t1200\nat_hand\t9\ncredit\t47\neta\t2026-11-24T14:30:00.000Z\n"
            + "why.rule\taimd/limited\nwhy.said\t421 4.7.28 unusual rate\nwhy.cause.at\t2026-11-24T14:05:00.000Z\n"
            + "why.cause.message_id\tm-0\nnext_step.at\t2026-11-24T14:06:00.000Z\nscore\t71.5\n"
            + "warm_up\tsparkpost, stage 2, 40 of 500, paused\n"
            + "hold\t4\tlimit rate 60/s tenant t stream s until lifted\t\toperator\t\tcareful\n", ran.Out);
        Assert.Equal("/v1/lanes/ip1/mx1+mx2.a.test", server.Requests.Single().Target);
    }

    [Fact]
    public async Task A_history_is_a_line_each_event()
    {
        await using var server = await StubServer.Start("""
            {"events":[{"type":"rate_changed","at":"t2","number":2,"to":47.5,"rule":"aimd/limited","version":"v1",
            "cause":{"reply":{"code":0,"text":"reset"}}},
            {"type":"hold_began","at":"t1","number":1,"rule":"operator","note":"why",
            "hold":{"kind":"suspend","scope":"lane","until":"t9"}},
            {"type":"outcomes","at":"t0","counts":{"accepted":7,"blocked":1}}]}
            """);

        string[] args = ["lanes", "history", "ip1", "a.test", "--type", "x,y", "--limit", "3"];
        var ran = await Runs.Akkamail(server.Url, args);

        Assert.Equal("t2\trate_changed\tconfigured -> 47.5/s\taimd/limited\treset\n"
            + "t1\thold_began\tsuspend until t9\toperator\twhy\nt0\toutcomes\taccepted=7 blocked=1\t\t\n", ran.Out);
        Assert.Equal("/v1/lanes/ip1/a.test/history?type=x%2Cy&limit=3", server.Requests.Single().Target);
    }

    [Theory]
    [InlineData("suspend ip1 a.test --note stop --for 2h --scope tenant --tenant acme", "suspend",
        """{"note":"stop","for":"2h","scope":"tenant","tenant":"acme"}""")]
    [InlineData("suspend ip1 a.test --reason stop", "suspend", """{"note":"stop"}""")]
    [InlineData("resume ip1 a.test", "resume", "{}")]
    [InlineData("limit ip1 a.test --rate 10/min --connections 2 --note slow", "limit",
        """{"note":"slow","rate":"10/min","connections":2}""")]
    [InlineData("limit ip1 a.test --lift", "limit", """{"lift":true}""")]
    [InlineData("warm-up start ip1 a.test --plan ses-45", "warm-up/start", """{"plan":"ses-45"}""")]
    [InlineData("warm-up complete ip1 a.test --note done", "warm-up/complete", """{"note":"done"}""")]
    public async Task An_order_is_sent_and_the_lane_shown(string line, string path, string body)
    {
        await using var server = await StubServer.Start(Lane);

        var ran = await Runs.Akkamail(server.Url, ["lanes", .. line.Split(' ')]);

        Assert.Equal((0, true), (ran.Code, ran.Out.StartsWith("source\tip1", StringComparison.Ordinal)));
        Assert.Equal(("POST", $"/v1/lanes/ip1/a.test/{path}", body),
            server.Requests.Select(r => (r.Method, r.Target, r.Body)).Single());
    }

    [Fact]
    public async Task An_order_to_a_new_site_says_so()
    {
        await using var server = await StubServer.Start(Lane);

        await Runs.Akkamail(server.Url, ["lanes", "suspend", "ip1", "x.test", "--note", "n", "--new"]);

        Assert.Equal("/v1/lanes/ip1/x.test/suspend?new=true", Assert.Single(server.Requests).Target);
    }
}
