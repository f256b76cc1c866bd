namespace AkkaMail.Cli.Tests;

public sealed class HistoryTests
{
    [Fact]
    public async Task Rules_are_listed_and_shown_as_they_were_written()
    {
        await using var list = await StubServer.Start("""
            {"rules":[{"kind":"shaping","version":"ours+1f3a","first_seen":"2026-11-24T12:00:00Z","node":"n#1","current":true}]}
            """);
        await using var one = await StubServer.Start("""
            {"kind":"shaping","version":"ours+1f3a","current":true,"text":"{\"version\": \"ours\",\n \"rules\": []}\n"}
            """);

        var listed = await Runs.Akkamail(list.Url, ["rules", "list", "--kind", "shaping"]);
        var shown = await Runs.Akkamail(one.Url, ["rules", "show", "shaping", "ours+1f3a"]);

        Assert.Equal("shaping\tours+1f3a\t2026-11-24T12:00:00.000Z\tyes\t\n", listed.Out);
        Assert.Equal("/v1/rules?kind=shaping&limit=50", list.Requests.Single().Target);
        Assert.Equal("{\"version\": \"ours\",\n \"rules\": []}\n", shown.Out);
        Assert.Equal("/v1/rules/shaping/ours+1f3a", one.Requests.Single().Target);
    }

    [Fact]
    public async Task A_change_is_told_in_words()
    {
        await using var server = await StubServer.Start("""
            {"events":[
              {"type":"tenant_closed","at":"2026-11-24T12:00:00Z","number":3,"by":"admin","tenant":"acme","note":"moved away"},
              {"type":"tenant_changed","at":"2026-11-24T11:00:00Z","number":2,"by":"admin","tenant":"acme","suspended":false,
               "quota":{"month":100000,"mode":"reject"}},
              {"type":"domain_added","at":"2026-11-24T10:00:00Z","number":1,"by":"k1","tenant":"acme","domain":"a.test",
               "keys":["akkamail-r1 added","akkamail-e1 added"]}]}
            """);

        var ran = await Runs.Akkamail(server.Url, ["audit", "list"]);

        Assert.Equal("2026-11-24T12:00:00.000Z\tadmin\ttenant_closed\tacme\tnote moved away\n"
            + "2026-11-24T11:00:00.000Z\tadmin\ttenant_changed\tacme\tsuspended false; quota 100000/month, reject\n"
            + "2026-11-24T10:00:00.000Z\tk1\tdomain_added\tacme\tdomain a.test; keys akkamail-r1 added, akkamail-e1 added\n", ran.Out);
    }

    [Fact]
    public async Task Lives_of_nodes_are_shown_with_the_rules_they_went_by_last()
    {
        await using var server = await StubServer.Start("""
            {"nodes":[{"node":"n#2","program":"0.1.0","settings":"aa","started_at":"2026-11-24T12:00:00Z",
              "seen_at":"2026-11-24T12:05:00Z","rules":[{"at":"2026-11-24T12:00:00Z","kind":"shaping","version":"v1"},
              {"at":"2026-11-24T12:00:00Z","kind":"bounces","version":"b1"},
              {"at":"2026-11-24T12:03:00Z","kind":"shaping","version":"v2"}]},
             {"node":"n#1","program":"0.1.0","settings":"aa","started_at":"2026-11-23T12:00:00Z",
              "seen_at":"2026-11-23T12:05:00Z","end":"lost","rules":[]}]}
            """);

        var ran = await Runs.Akkamail(server.Url, ["cluster", "history"]);

        Assert.Equal("n#2\t0.1.0\taa\t2026-11-24T12:00:00.000Z\t2026-11-24T12:05:00.000Z\t\tshaping=v2 bounces=b1\n"
            + "n#1\t0.1.0\taa\t2026-11-23T12:00:00.000Z\t2026-11-23T12:05:00.000Z\tlost\t\n", ran.Out);
    }
}
