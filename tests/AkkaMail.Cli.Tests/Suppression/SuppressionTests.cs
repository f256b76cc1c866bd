using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tests.Suppression;

public sealed class SuppressionTests
{
    private const string Found = """
        {"suppressions":[{"id":"7","address":"ann@example.net","scope":"stream","stream":"news","origin":"hard_bounce",
        "reason":"unknown_user","reply":"550 5.1.1 no such user","by":"engine","at":"2026-11-24T11:00:00Z"},
        {"id":"3","domain":"example.org","scope":"global","origin":"manual","note":"asked by phone","by":"admin",
        "at":"2026-11-23T11:00:00Z","expires_at":"2026-12-01T00:00:00Z"}]}
        """;

    [Fact]
    public async Task Entries_are_a_line_each_with_what_led_to_them()
    {
        await using var server = await StubServer.Start(Found);

        var ran = await Runs.Akkamail(server.Url,
            ["suppressions", "list", "--origin", "hard_bounce", "--since", "1d", "--tenant", "acme"]);

        Assert.Equal("7\tann@example.net\tstream news\thard_bounce\tunknown_user\t2026-11-24T11:00:00.000Z\t\tengine\t"
            + "550 5.1.1 no such user\n3\t@example.org\tglobal\tmanual\t\t2026-11-23T11:00:00.000Z\t"
            + "2026-12-01T00:00:00.000Z\tadmin\tasked by phone\n", ran.Out);
        var asked = server.Requests.Single();
        Assert.Equal(("/v1/suppressions?origin=hard_bounce&from=2026-11-23T12%3A00%3A00.000Z&limit=50", "acme"),
            (asked.Target, asked.Tenant));
    }

    [Fact]
    public async Task Addresses_and_domains_are_added_together()
    {
        await using var server = await StubServer.Start("""{"added":1,"known":1,"ids":["8","9"]}""", 201);

        var ran = await Runs.Akkamail(server.Url, ["suppressions", "add", "ann@example.net", "@example.org",
            "--stream", "news", "--note", "asked", "--expires-at", "7d"]);

        Assert.Equal((0, "1\t1\n"), (ran.Code, ran.Out));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"entries":[{"stream":"news","note":"asked","address":"ann@example.net","scope":"stream",
            "expires_at":"2026-12-01T12:00:00.000Z"},{"stream":"news","note":"asked","domain":"example.org",
            "scope":"stream","expires_at":"2026-12-01T12:00:00.000Z"}]}
            """), JsonNode.Parse(server.Requests.Single().Body)));
    }

    [Fact]
    public async Task Taking_an_address_off_takes_all_its_entries_off_once_somebody_has_said_yes()
    {
        await using var server = await StubServer.Start([(200, Found), (200, Found), (204, ""), (204, "")]);
        string[] args = ["suppressions", "remove", "ann@example.net"];

        var no = await Runs.Akkamail(server.Url, args);
        var yes = await Runs.Akkamail(server.Url, [.. args, "--yes"]);

        Assert.Equal((2, ""), (no.Code, no.Out));
        Assert.Equal((0, "7\tremoved\n3\tremoved\n"), (yes.Code, yes.Out));
        Assert.Equal(["GET", "GET", "DELETE /v1/suppressions/7", "DELETE /v1/suppressions/3"],
            server.Requests.Select(r => r.Method == "GET" ? "GET" : $"{r.Method} {r.Target}"));
    }

    [Fact]
    public async Task One_entry_by_its_id_needs_no_yes()
    {
        await using var server = await StubServer.Start("", 204);

        var ran = await Runs.Akkamail(server.Url, ["suppressions", "remove", "7"]);

        Assert.Equal((0, "7\tremoved\n"), (ran.Code, ran.Out));
    }

    [Fact]
    public async Task An_import_is_followed_to_its_end_and_lines_that_were_not_taken_are_an_exit_code()
    {
        static string Import(string state, int added, int faulty, string faults) => $$"""
            {"id":"i1","state":"{{state}}","lines":3,"added":{{added}},"known":0,"faulty":{{faulty}},"faults":[{{faults}}],
            "started_at":"2026-11-24T11:00:00Z"}
            """;
        await using var server = await StubServer.Start(
        [
            (202, Import("running", 0, 0, "")),
            (200, Import("done", 2, 1, """{"line":3,"message":"is not an address"}""")),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["suppressions", "import", "-"], input: "a@b.test\nb@b.test\nx\n",
            time: TimeProvider.System);

        Assert.Equal((4, "id\ti1\nstate\tdone\nlines\t3\nadded\t2\nknown\t0\nfaulty\t1\nfault\t3\tis not an address\n"),
            (ran.Code, ran.Out));
        Assert.Equal(["POST /v1/suppressions/import", "GET /v1/suppressions/imports/i1"],
            server.Requests.Select(r => $"{r.Method} {r.Target}"));
    }

    [Fact]
    public async Task An_export_comes_as_it_is()
    {
        await using var server = await StubServer.Start("address,domain\nann@example.net,\n");

        var ran = await Runs.Akkamail(server.Url, ["suppressions", "export"]);

        Assert.Equal("address,domain\nann@example.net,\n"u8.ToArray(), ran.Raw);
    }

    [Fact]
    public async Task An_undo_shows_what_it_would_be_before_it_asks()
    {
        const string plan = """
            {"dry_run":true,"entries":1200,"lifted":0,"sample":[{"id":"7","address":"ann@example.net"}]}
            """;
        const string done = """{"dry_run":false,"entries":1200,"lifted":1200,"undo":"undo-1","sample":[]}""";
        await using var server = await StubServer.Start([(200, plan), (200, plan), (200, done)]);
        string[] args = ["suppressions", "undo", "--rule", "mine-7", "--since", "2h"];

        var no = await Runs.Akkamail(server.Url, args, input: "n\n", asks: true, width: 100);
        var yes = await Runs.Akkamail(server.Url, [.. args, "--yes"]);

        Assert.Equal(2, no.Code);
        Assert.Contains("ann@example.net", no.Out, StringComparison.Ordinal);
        Assert.Contains("1,200 entries are taken off. This cannot be undone.", no.Error, StringComparison.Ordinal);
        Assert.Equal((0, "1200\tundo-1\n"), (yes.Code, yes.Out));
        Assert.Equal([true, true, false], server.Requests.Select(r => (bool)JsonNode.Parse(r.Body)!["dry_run"]!));
        Assert.Equal("2026-11-24T10:00:00.000Z", (string?)JsonNode.Parse(server.Requests.Last().Body)!["from"]);
    }
}
