using System.CommandLine;
using System.Globalization;
using AkkaMail.Cli.Frame;
using AkkaMail.Server.Tests.Reference;
using Xunit.Abstractions;

namespace AkkaMail.Cli.Tests.Reference;

/// <summary>The whole tree of commands, as help, completion and docs/reference/cli.md show it.</summary>
public sealed class VerbsPageTests(ITestOutputHelper output)
{
    private static readonly (string Path, Command Command)[] All = [.. Walk("", Tree())];

    internal static readonly (string Path, Verb Verb)[] Verbs =
        [.. All.Where(c => c.Command is Verb).Select(c => (c.Path, (Verb)c.Command))];

    [Fact]
    public void Every_verb_option_and_argument_is_described()
    {
        IEnumerable<(string Path, Symbol Symbol)> symbols = All.SelectMany(c => (IEnumerable<(string, Symbol)>)
        [
            (c.Path, c.Command), .. c.Command.Options.Select(o => ($"{c.Path} {o.Name}", (Symbol)o)),
            .. c.Command.Arguments.Select(a => ($"{c.Path} {a.Name}", (Symbol)a)),
        ]);

        Assert.Empty(symbols.Where(s => string.IsNullOrWhiteSpace(s.Symbol.Description)).Select(s => s.Path));
        Assert.True(Verbs.Length > 60, $"only {Verbs.Length}");
    }

    [Fact]
    public void Every_command_without_inner_ones_is_a_verb_of_the_frame() => Assert.Empty(All
        .Where(c => c.Command is not Verb && c.Command.Subcommands.Count == 0).Select(c => c.Path));

    /// <summary>What cannot be undone, by its words: whoever adds such a verb gives it a <c>--yes</c>.</summary>
    [Fact]
    public void What_cannot_be_undone_has_a_yes() => Assert.Empty(Verbs
        .Where(v => v.Path.Split(' ')[^1] is "remove" or "close" or "undo" or "cancel" or "rotate" or "drop")
        .Where(v => v.Verb.Options.All(o => o.Name != "--yes"))
        .Select(v => v.Path));

    [Fact]
    public void The_page_has_every_verb_with_its_exit_codes()
    {
        var verbs = ReferencePage.Table(["Verb", "What it does", "Options", "Ends with"],
            Verbs.Select(v => new[] { Usage(v.Path, v.Verb), v.Verb.Description!, Options(v.Verb), Ends(v.Verb) }));
        var fields = ReferencePage.Table(["Verb", "Fields of a line"],
            Verbs.Where(v => v.Verb.Prints.Count > 0 || v.Verb.PrintsOnly is not null)
                .Select(v => new[] { $"`{v.Path}`", v.Verb.PrintsOnly ?? Fields(v.Verb.Prints) }));
        var ends = ReferencePage.Table(
            ["Code", "Meaning"], ExitCode.Meanings.Select(m => new[] { $"`{m.Key}`", m.Value }));
        output.WriteLine(verbs);

        ReferencePage.Holds("cli.md", "exit codes", ends);
        ReferencePage.Holds("cli.md", "verbs", verbs);
        ReferencePage.Holds("cli.md", "fields", fields);
    }

    private static string Usage(string path, Verb verb) =>
        $"`{string.Join(' ', [path, .. verb.Arguments.Select(Name)])}`";

    private static string Name(Argument argument)
    {
        var name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Options(Verb verb) => string.Join(' ', verb.Options.Select(o => $"`{o.Name}`"));

    private static string Fields(IEnumerable<Field> fields) =>
        string.Join(' ', fields.Where(f => f.By != ReadBy.People).Select(f => $"`{f.Name}`"));

    private static string Ends(Verb verb)
    {
        var more = new List<string>();
        if (verb.Finds is { } finds) more.Add(string.Create(CultureInfo.InvariantCulture, $"`{ExitCode.Found}`: {finds}"));
        if (verb.Waits) more.Add(string.Create(CultureInfo.InvariantCulture, $"`{ExitCode.StillWaiting}`"));
        return string.Join("; ", [string.Join(' ', ExitCode.OfAll.Select(c => $"`{c}`")), .. more]);
    }

    internal static RootCommand Tree()
    {
        var (root, shared) = (CommandLine.Tree(), new SharedOptions(_ => null));
        shared.AddTo(root);
        CommandLine.Bind(root, shared, Runs.Nowhere);
        return root;
    }

    private static IEnumerable<(string Path, Command Command)> Walk(string path, Command command) =>
        command.Subcommands.SelectMany(c => Walk($"{path} {c.Name}".Trim(), c)).Prepend((path, command));
}
