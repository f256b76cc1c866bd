using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Replies;

/// <summary>
/// Replies collected from mails, providers' tables and other classifiers, with what they mean (replies.tsv and its
/// licences). The label was given with the whole mail in view, so the text alone cannot always be right.
/// </summary>
public sealed class ReplyScoreTests(ITestOutputHelper output)
{
    private sealed record Row(string Reply, string Category, string Bounce, string[] AlsoAccept);

    private static readonly List<Row> Rows = [.. File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Replies", "replies.tsv")).Skip(1)
        .Select(line => line.Split('\t')).Select(f => new Row(f[0], f[1], f[3], f[6].Split(',')))];

    [Fact]
    public void The_category_is_right_for_more_than_nine_of_ten_replies()
    {
        var right = Rows.Count(r => r.AlsoAccept.Append(r.Category).Contains(Of(r).Category.ToWord()));

        output.WriteLine($"category {right}/{Rows.Count} = {Share(right):P1}");
        foreach (var group in Rows.GroupBy(r => r.Category).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var same = group.Count(r => Of(r).Category.ToWord() == r.Category);
            output.WriteLine($"  {group.Key} {same}/{group.Count()}");
        }
        Assert.True(Rows.Count > 450);
        Assert.InRange(Share(right), 0.90, 1);
    }

    [Fact]
    public void Hard_soft_and_transient_are_told_apart()
    {
        var right = Rows.Count(r => Of(r).Permanence.ToWord() == r.Bounce);

        output.WriteLine($"hard/soft/transient {right}/{Rows.Count} = {Share(right):P1}");
        Assert.InRange(Share(right), 0.94, 1);
    }

    private static Verdict Of(Row row) => BounceRulesReader.Shipped.Classify(row.Reply);

    private static double Share(int right) => (double)right / Rows.Count;
}
