using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Core.Ids;
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
    public void Every_reason_is_in_the_table_with_what_follows_from_it()
    {
        foreach (var reason in Enum.GetValues<BounceReason>())
            Assert.Contains($"| `{reason.ToWord()}` | {Reasons.Fault(reason).ToWord()} | "
                + $"{Reasons.Category(reason, false).ToWord()} |{LaneOf(reason)} |", Page, StringComparison.Ordinal);
    }

    private static string LaneOf(BounceReason reason) =>
        Reasons.Class(reason, false) is not ReplyClass.OtherPermanent and var @class ? $" `{@class.ToWord()}`" : "";

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
