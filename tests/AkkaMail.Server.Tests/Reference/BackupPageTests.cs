using System.Text.RegularExpressions;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Tests.Reference;

/// <summary>docs/operating/backup.md names all that lies in the data directory, and copies what nothing else has.</summary>
public sealed partial class BackupPageTests
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "operating", "backup.md"));

    [Fact]
    public void The_table_names_every_file_and_what_a_backup_does_with_it()
    {
        var told = Row().Matches(Page).SelectMany(row => Name().Matches(row.Groups[1].Value)
            .Select(name => (name.Groups[1].Value,
                IsCopied: row.Groups[2].Value.StartsWith("has", StringComparison.Ordinal),
                row.Groups[3].Value.Replace("`", "", StringComparison.Ordinal))));

        Assert.Equal(
            DataFiles.All.Select(f => (f.Name, f.Keeping == Keeping.Copied, f.Without)).Order(), told.Order());
    }

    /// <summary>What notes its place in the journal is copied before it, what the journal names after it.</summary>
    [Fact]
    public void The_databases_are_copied_in_the_order_of_the_registry() => Assert.Equal(
        DataFiles.All.Where(f => f.Keeping == Keeping.Copied && f.Name.EndsWith(".db", StringComparison.Ordinal))
            .Select(f => f.Name[..^3]),
        Loop().Match(Page).Groups[1].Value.Split(' '));

    [GeneratedRegex(@"^\| (`[^|]+) \| [^|]+ \| ((?:has|leaves)[^|]+) \| ?(.*?) ?\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("^for file in (suppressions [a-z -]+); do$", RegexOptions.Multiline)]
    private static partial Regex Loop();
}
