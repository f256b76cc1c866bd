using System.Text.RegularExpressions;

namespace AkkaMail.Server.Tests.Architecture;

/// <summary>How much stands side by side before it has to be divided.</summary>
public sealed partial class SizeTests
{
    /// <summary>What is in a folder is seen at one glance.</summary>
    private const int FilesMax = 20;

    /// <summary>Values behind each other are told apart by their place alone.</summary>
    private const int ParametersMax = 10;

    [Fact]
    public void A_folder_has_few_files() => Assert.Empty(Sources.Src.CountBy(f => f.Folder)
        .Where(f => f.Value > FilesMax).Select(f => $"{f.Key} has {f.Value}"));

    [Fact]
    public void A_positional_record_has_few_parameters()
    {
        var records = Sources.Src.SelectMany(f => PositionalRecord().Matches(f.Code)
            .Select(m => (Name: m.Groups[1].Value, Parameters: ParametersOf(f.Code[(m.Index + m.Length)..])))).ToList();

        Assert.True(records.Count > 300, $"only {records.Count}");
        Assert.Contains(("JournalParts", 3), records);   // One of them is generic, with a comma inside.
        Assert.DoesNotContain(records, r => r.Parameters > ParametersMax);
    }

    /// <summary>Commas up to the bracket that closes, outside of all others.</summary>
    private static int ParametersOf(string behindBracket)
    {
        var (depth, commas, i) = (1, 0, 0);
        for (; depth > 0; i++)
            switch (behindBracket[i])
            {
                case '(' or '[' or '{' or '<': depth++; break;
                case ')' or ']' or '}' or '>': depth--; break;
                case ',' when depth == 1: commas++; break;
            }
        return behindBracket[..i].Trim() is ")" ? 0 : commas + 1;
    }

    [GeneratedRegex(@"\brecord (?:struct |class )?(\w+)(?:<[^>]*>)?\s*\(")]
    private static partial Regex PositionalRecord();
}
