using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Core.Replies;

namespace AkkaMail.Server.Tests.Reference;

public sealed partial class BouncesPageTests
{
    private static string Page =>
        File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "operating", "bounces.md"));

    [Fact]
    public void Every_example_of_the_page_is_read()
    {
        var readings = Example().Matches(Page)
            .Select(m => BounceRulesReader.Read(Encoding.UTF8.GetBytes(m.Groups[1].Value), "bounces.json")).ToList();

        Assert.NotEmpty(readings);
        Assert.All(readings, reading => Assert.IsType<BounceReading.Good>(reading));
    }

    [Fact]
    public void Every_reason_is_in_the_table_with_its_fault_and_category()
    {
        foreach (var reason in Enum.GetValues<BounceReason>())
            Assert.Contains($"| `{reason.ToWord()}` | {Reasons.Fault(reason).ToWord()} | "
                + $"{Reasons.Category(reason, false).ToWord()} |", Page, StringComparison.Ordinal);
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
