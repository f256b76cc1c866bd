using AkkaMail.Cli.Frame;
using AkkaMail.Cli.Tests.Reference;

namespace AkkaMail.Cli.Tests;

/// <summary>Whatever is typed, a run ends with a sentence and a code of the list.</summary>
public sealed class MisuseTests
{
    /// <summary>Each verb with as little as it takes: "x" for what it needs, nothing for what it does not.</summary>
    public static TheoryData<string> Least => [.. VerbsPageTests.Verbs.Select(v => string.Join(' ', [v.Path,
        .. v.Verb.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0).Select(a => a.Name == "name"
            && v.Path.StartsWith("projections ", StringComparison.Ordinal) ? "messages" : "x"),
        .. v.Verb.Options.Where(o => o.Name == "--yes").Select(o => o.Name)]))];

    [Theory]
    [MemberData(nameof(Least))]
    public async Task No_verb_fails_for_what_may_be_left_out(string line)
    {
        await using var server = await StubServer.Start(Enumerable.Repeat((200, "{}"), 9));

        var ran = await Runs.Akkamail(server.Url, line.Split(' '));

        Assert.True(ran.Code is ExitCode.Done or ExitCode.Usage or ExitCode.Found, $"{ran.Code}: {ran.Error}");
    }

    [Fact]
    public async Task Without_an_id_all_mails_are_read_again()
    {
        await using var server = await StubServer.Start("""{"mails":3}""");

        var ran = await Runs.Akkamail(server.Url, ["bounces", "reread"]);

        Assert.Equal((0, "3\n"), (ran.Code, ran.Out));
        Assert.Equal("/v1/bounces/mails/reread", Assert.Single(server.Requests).Target);
    }

    [Theory]
    [InlineData("--key", "API key")]
    [InlineData("--tenant", "tenant")]
    public async Task What_cannot_be_in_a_header_is_not_sent_and_not_echoed(string option, string what)
    {
        await using var server = await StubServer.Start("{}");

        var ran = await Runs.Akkamail(server.Url, ["domains", "list", option, "a\nb"]);

        Assert.Equal((2, $"The {what} has a line break or a character beyond ASCII, which none has.\n"),
            (ran.Code, ran.Error));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_fault_of_its_own_is_a_line_and_a_code()
    {
        // No AkkaMail answers so, and nothing in the frame looks for it.
        await using var server = await StubServer.Start("""{"no":"list"}""");

        var ran = await Runs.Akkamail(server.Url, ["bounces", "classify", "550 no"]);

        Assert.Equal(70, ran.Code);
        Assert.Matches("^akkamail itself has failed: InvalidOperationException: [^\n]+\n$", ran.Error);
    }

    [Theory]
    [InlineData("message list", "There is no 'message' here.\nDid you mean messages?\nSee: akkamail --help\n")]
    [InlineData("lanes lsit", "There is no 'lsit' here.\nDid you mean list?\nSee: akkamail lanes --help\n")]
    [InlineData("foo", "There is no 'foo' here.\nSee: akkamail --help\n")]
    [InlineData("domains list --al", "Unrecognized command or argument '--al'.\nDid you mean --all?\n"
        + "See: akkamail domains list --help\n")]
    [InlineData("status --outptu json", "Unrecognized command or argument '--outptu'.\n"
        + "Unrecognized command or argument 'json'.\nDid you mean --output?\nSee: akkamail status --help\n")]
    [InlineData("domains list --limit many",
        "--limit takes a whole number, 1 or more, and not 'many'.\nSee: akkamail domains list --help\n")]
    [InlineData("lanes limit ip1 google --connections x",
        "--connections takes a whole number, 1 or more, and not 'x'.\nSee: akkamail lanes limit --help\n")]
    [InlineData("tenants quota acme --month 1e6",
        "--month takes a whole number, 1 or more, and not '1e6'.\nSee: akkamail tenants quota --help\n")]
    [InlineData("domains list --all=x", "Unrecognized command or argument 'x'.\nSee: akkamail domains list --help\n")]
    [InlineData("status --output yaml",
        "--output takes json, jsonl, table or tabs, and not 'yaml'.\nSee: akkamail status --help\n")]
    [InlineData("completion tcsh",
        "<shell> takes bash, fish, pwsh or zsh, and not 'tcsh'.\nSee: akkamail completion --help\n")]
    public async Task What_is_mistyped_comes_with_what_was_meant(string line, string says)
    {
        var ran = await Runs.Akkamail("http://127.0.0.1:1", line.Split(' '));

        Assert.Equal((2, says), (ran.Code, ran.Error));
    }

    /// <summary>Each option of each verb that is a number.</summary>
    public static TheoryData<string, string> Kinds
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (path, verb) in VerbsPageTests.Verbs.Select(v => (v.Path, v.Verb)))
                foreach (var option in verb.Options.Where(o => o.ValueType == typeof(int?) || o.ValueType == typeof(double?)))
                    data.Add(path, option.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wrong_value_is_told_by_the_name_of_its_option_and_what_it_takes(string path, string option)
    {
        var ran = await Runs.Akkamail("http://127.0.0.1:1", [.. path.Split(' '), $"{option}=?"]);

        Assert.Equal(2, ran.Code);
        Assert.Matches($"(?m)^{option} takes [a-z].*, and not '\\?'\\.$", ran.Error);
        Assert.DoesNotContain("System.", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>A client takes <c>..</c> out of a path: <c>domains show ..</c> would ask for something else.</summary>
    [Theory]
    [InlineData("../x")]
    [InlineData("..")]
    [InlineData("")]
    public async Task What_is_no_part_of_a_path_is_told_as_it_was_typed(string id)
    {
        await using var server = await StubServer.Start("{}");

        var ran = await Runs.Akkamail(server.Url, ["messages", "show", id]);

        Assert.Equal((2, $"'{id}' is no id and no name.\n"), (ran.Code, ran.Error));
        Assert.Empty(server.Requests);
    }
}
