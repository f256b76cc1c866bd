using System.CommandLine;
using System.Text.RegularExpressions;
using AkkaMail.Server.Tests.Reference;

namespace AkkaMail.Cli.Tests.Reference;

/// <summary>Every command that the documentation and the dashboard tell somebody to type is one.</summary>
public sealed partial class CommandsInDocsTests
{
    private static readonly string[] Told =
    [
        .. Directory.GetFiles(Path.Combine(ReferencePage.Root, "docs"), "*.md", SearchOption.AllDirectories),
        Path.Combine(ReferencePage.Root, "README.md"),
        .. Directory.GetFiles(Path.Combine(ReferencePage.Root, "src", "AkkaMail.Server", "wwwroot"), "*.js"),
        Path.Combine(ReferencePage.Root, "src", "AkkaMail.Core", "Domains", "Readiness.cs"),
    ];

    [Fact]
    public void What_is_to_be_typed_is_a_command()
    {
        var typed = In(Typed());

        Assert.True(typed.Count > 60, $"only {typed.Count}");
        Assert.Empty(typed.Where(c => Parse(c.Command).Errors.Count > 0).Select(c => $"{c.File}: {c.Command}"));
    }

    /// <summary>There a verb may stand without what it needs, and a noun without a verb.</summary>
    [Fact]
    public void What_is_talked_about_is_there()
    {
        var named = In(Named());

        Assert.True(named.Count > 20, $"only {named.Count}");
        Assert.Empty(named
            .Where(c => Parse(c.Command) is { UnmatchedTokens.Count: > 0 } or { CommandResult.Command: RootCommand })
            .Select(c => $"{c.File}: {c.Command}"));
    }

    private static List<(string File, string Command)> In(Regex pattern) => [.. Told.SelectMany(file => pattern
        .Matches(File.ReadAllText(file)).Select(m => (Path.GetFileName(file), m.Groups["command"].Value.Trim())))];

    private static ParseResult Parse(string command) => VerbsPageTests.Tree().Parse(
        Word().Matches(command).Select(m => m.Value.Trim('\'', '"')).ToArray(),
        new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>On a line of its own, up to what the shell does with the answer.</summary>
    [GeneratedRegex(@"(?m)^(?:\$ )?akkamail (?<command>(?:'[^'\n]*'|""[^""\n]*""|[^'""|>;#\n])+)")]
    private static partial Regex Typed();

    /// <summary>Within a sentence.</summary>
    [GeneratedRegex(@"(?:`|""|: )akkamail (?<command>[a-z][^`""\n|>]*?)(?:`|\.?""|\)""| \|)")]
    private static partial Regex Named();

    [GeneratedRegex(@"'[^']*'|""[^""]*""|\S+")]
    private static partial Regex Word();
}
