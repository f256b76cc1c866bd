namespace AkkaMail.Cli.Tests.Frame;

/// <summary>What people see on a screen.</summary>
public sealed class TableTests
{
    private const string Messages = """
        {"messages":[
        {"id":"01m8nwtw7kg00bwkynab7frtjs-0","status":"delivered","to":"ann@example.net","subject":"Your receipt",
         "accepted_at":"2026-11-24T11:57:01.1234567+00:00","stream":"transactional","tags":["receipt","eu"]},
        {"id":"01m8nwtw7kg00bwkynab7frtjs-1","status":"deferred","to":"somebody.with.a.long.name@mail.example.org",
         "subject":"Another receipt, with a very long subject that has no room","accepted_at":"2026-11-24T07:00:00Z",
         "waiting":{"held_by":"warm_up","until":"2026-11-25T00:30:00Z"},"stream":"transactional","tags":[]}]}
        """;

    [Fact]
    public async Task A_wide_screen_has_all_columns()
    {
        var lines = await Lines(Messages, ["messages", "list"], width: 200);

        Assert.Equal(
        [
            "Accepted   Status     ID                            To                                          "
                + "Subject                                                     Waits for         Stream         "
                + "Tags",
            "3 min ago  delivered  01m8nwtw7kg00bwkynab7frtjs-0  ann@example.net                             "
                + "Your receipt                                                                  transactional  "
                + "receipt, eu",
            "5 h ago    deferred   01m8nwtw7kg00bwkynab7frtjs-1  somebody.with.a.long.name@mail.example.org  "
                + "Another receipt, with a very long subject that has no room  warm up, in 13 h  transactional",
        ], lines);
    }

    [Fact]
    public async Task A_narrow_screen_leaves_out_what_is_extra_and_cuts_texts_but_no_id()
    {
        var lines = await Lines(Messages, ["messages", "list"], width: 80);

        Assert.Equal(
        [
            "Accepted   Status     ID                            To             Waits for",
            "3 min ago  delivered  01m8nwtw7kg00bwkynab7frtjs-0  ann@example.…",
            "5 h ago    deferred   01m8nwtw7kg00bwkynab7frtjs-1  somebody.wit…  warm up, in…",
        ], lines);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task In_a_pipe_no_line_ends_with_blanks()
    {
        await using var server = await StubServer.Start(Messages);

        var ran = await Runs.Akkamail(server.Url, ["messages", "list", "-o", "table"]);

        Assert.All(ran.Out.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
        Assert.Contains("Accepted   Status  ", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_the_point_is_wrapped()
    {
        var lines = await Lines("""
            [{"reply":"550 5.7.1 Message rejected as spam by content filtering, see our page about it",
            "category":"spam","bounce":"soft","reason":"spam","fault":"content","rule":"spam"}]
            """, ["bounces", "classify", "550"], width: 60);

        Assert.Equal(
        [
            "Category  Bounce  Reason  Fault    Reply",
            "spam      soft    spam    content  550 5.7.1 Message",
            "                                   rejected as spam by",
            "                                   content filtering, see",
            "                                   our page about it",
        ], lines);
    }

    [Fact]
    public async Task Letters_that_take_two_columns_are_counted_so()
    {
        var lines = await Lines("""
            {"tenants":[{"name":"a","title":"日本語の名前です","suspended":false},{"name":"b","title":"x","suspended":true}]}
            """, ["tenants", "list"], width: 24);

        Assert.Equal(["Name  State      Title", "a     active     日本語の名…", "b     suspended  x"], lines);
    }

    [Theory]
    [InlineData("\\u001b[31mred\\u001b]0;title\\u0007", " [31mred ]0;title")]       // Colours, and the window's title.
    [InlineData("\\u009b2J gone", "2J gone")]                                       // C1: the same in one octet.
    [InlineData("[red]no markup[/]", "[red]no markup[/]")]
    [InlineData("[/] [[", "[/] [[")]
    [InlineData("a\\u202egnp.exe\\u2028b\\r\\nc\\td", "a gnp.exe b  c d")]
    public async Task A_strangers_words_are_text_and_nothing_else(string json, string shown)
    {
        foreach (var output in (string[])["table", "tabs", "jsonl"])
        {
            await using var server = await StubServer.Start(
                "{\"tenants\":[{\"name\":\"a\",\"title\":\"" + json + "\"}]}");
            var ran = await Runs.Akkamail(server.Url, ["tenants", "list", "--output", output], width: 100);

            Assert.DoesNotContain(ran.Out, c => char.IsControl(c) && c is not ('\n' or '\t'));
            if (output != "jsonl") Assert.Contains(shown.Trim(), ran.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task States_have_the_colours_of_the_terminals_own_palette()
    {
        await using var server = await StubServer.Start(Messages);

        var ran = await Runs.Akkamail(server.Url, ["messages", "list"], width: 80, hasColour: true);

        Assert.Contains("\e[32mdelivered\e[0m", ran.Out, StringComparison.Ordinal);
        Assert.Contains("\e[33mdeferred", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thing_is_shown_line_by_line_with_what_it_has_in_tables_below()
    {
        var lines = await Lines("""
            {"id":"s-0","status":"accepted","to":"ann@example.net","attempts":0,"accepted_at":"2026-11-24T11:00:00Z",
            "engaged_on":"2026-11-21","waiting":{"lane":{"source":"ip1","site":"google"},"since":"2026-11-24T11:00:00Z","held_by":"rate",
            "rule":"aimd/limited","reply":{"code":421,"enhanced_code":"4.7.28","text":"unusual rate of mail"},
            "eta":"2026-11-24T15:30:00Z","ahead":1200,"engaged_ahead":300},
            "events":[{"type":"accepted","at":"2026-11-24T11:00:00.5Z"}]}
            """, ["messages", "show", "s-0"], width: 80);

        Assert.Equal(
        [
            "ID          s-0", "Status      accepted", "To          ann@example.net", "Attempts    0",
            "Accepted    2026-11-24 11:00:00Z (1 h ago)",
            "Goes first  its recipient showed life on 2026-11-21",
            "",
            "Why it waits",
            "Because            its lane has reached its rate",
            "Lane               ip1 google",
            "Since              2026-11-24 11:00:00Z (1 h ago)",
            "Expected           2026-11-24 15:30:00Z (in 4 h)",
            "Ahead              1,200",
            "Of them            300 go first: their recipients showed life of late",
            "Rule               aimd/limited",
            "The receiver said  421 4.7.28 unusual rate of mail",
            "Look at            akkamail lanes show ip1 google",
            "",
            "Story",
            "When (UTC)    What",
            "11:00:00.500  accepted",
        ], lines);
    }

    [Fact]
    public async Task Nothing_is_said_beside_the_answer()
    {
        await using var server = await StubServer.Start("""{"messages":[]}""");

        var ran = await Runs.Akkamail(server.Url, ["messages", "list"], width: 80);

        Assert.Equal(("", "No messages.\n"), (ran.Out, ran.Error));
    }

    private static async Task<string[]> Lines(string answer, string[] args, int width)
    {
        await using var server = await StubServer.Start(answer);
        var ran = await Runs.Akkamail(server.Url, args, width: width);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        return [.. ran.Out.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
