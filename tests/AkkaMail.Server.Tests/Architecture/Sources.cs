using System.Text.RegularExpressions;
using AkkaMail.Server.Tests.Reference;

namespace AkkaMail.Server.Tests.Architecture;

/// <summary>One source file: where it lies, what it is called inside, and what it has to do with other rooms.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary><c>src/AkkaMail.Core/Replies</c>.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string? Namespace => NamespaceLine().Match(Text) is { Success: true } m ? m.Groups[1].Value : null;

    public IEnumerable<string> Usings => UsingLine().Matches(Text).Select(m => m.Groups[1].Value);

    /// <summary>Without what is said in comments and texts.</summary>
    public string Code => Words().Replace(Comment().Replace(Text, ""), "\"\"");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(AkkaMail\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\\n])*\"")]
    private static partial Regex Words();
}

internal static class Sources
{
    public static IReadOnlyList<SourceFile> Src { get; } = Read("src");
    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    private static List<SourceFile> Read(string top) =>
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(ReferencePage.Root, top), "*.cs", SearchOption.AllDirectories)
            .Select(p => (Path: System.IO.Path.GetRelativePath(ReferencePage.Root, p).Replace('\\', '/'), File: p))
            .Where(p => !p.Path.Contains("/obj/", StringComparison.Ordinal)
                && !p.Path.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(p => new SourceFile(p.Path, File.ReadAllText(p.File))),
    ];
}
