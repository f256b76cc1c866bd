using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using Xunit.Abstractions;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>How many of the corpus' mails are read as expected; docs/operating/bounces.md: where we differ.</summary>
public sealed class MailScoreTests(ITestOutputHelper output)
{
    private static readonly Lazy<Dictionary<string, IReadOnlyList<BounceResult>>> Results = new(() =>
        Corpus.All.Select(e => e.File).Distinct().ToDictionary(file => file, file => Corpus.Parse(Corpus.Mail(file))));

    [Fact]
    public void Recipients_are_found() =>
        Holds("recipients", 0.98, Corpus.All.Where(e => e.Kind != "other"), _ => true);

    [Fact]
    public void Hard_and_soft_are_told_apart() => Holds("hard/soft", 0.96, Corpus.All.Where(e => e.IsAct),
        pair => (pair.Result.Verdict?.Permanence == Permanence.Hard) is var hard
            && (hard == pair.Expected.Hard || hard == pair.Expected.AltHard));

    [Fact]
    public void Reasons_are_right() => Holds("reason", 0.88, Corpus.All.Where(e => e.IsAct),
        pair => pair.Result.Verdict is { } verdict && Corpus.IsReason(pair.Expected, verdict.Reason));

    [Fact]
    public void Feedback_has_its_type() => Holds("feedback type", 1, Corpus.All.Where(e => e.Kind == "feedback"),
        pair => pair.Result.FeedbackType == pair.Expected.FeedbackType);

    [Fact]
    public void A_delay_is_no_failure() => Holds("delayed", 1, Corpus.All.Where(e => e.Kind == "delayed"),
        pair => pair.Result.Kind == BounceKind.Delayed);

    [Fact]
    public void Answers_by_programs_and_success_notices_are_known() => Holds("vacation, delivered", 1,
        Corpus.All.Where(e => e.Kind is "vacation" or "delivered"),
        pair => pair.Result.Kind.ToWord() == pair.Expected.Kind);

    [Fact]
    public void Ordinary_mails_are_left_alone() =>
        Assert.Empty(Corpus.All.Where(e => e.Kind == "other" && Results.Value[e.File].Count > 0).Select(e => e.File));

    [Fact]
    public void Line_ends_change_nothing() => Assert.All(Corpus.WithCrlf,
        file => Assert.Equal(Corpus.Parse(Corpus.Mail(file)), Corpus.Parse(Corpus.Crlf(file))));

    private void Holds(
        string name, double floor, IEnumerable<Expected> all,
        Func<(Expected Expected, BounceResult Result), bool> isRight)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var expected in all)
        {
            count++;
            var result = Results.Value[expected.File].FirstOrDefault(r => IsFor(r, expected));
            if (result is null || !isRight((expected, result)))
                wrong.Add($"{expected.File} <{expected.Recipient}> {expected.Reason}, got {result?.Verdict?.Rule}");
        }
        var share = 1 - (double)wrong.Count / count;
        output.WriteLine($"{name} {count - wrong.Count}/{count} = {share:P1}");
        foreach (var line in wrong) output.WriteLine($"  {line}");
        Assert.InRange(share, floor, 1);
    }

    /// <summary>A complaint that hides its recipient is met by any.</summary>
    private static bool IsFor(BounceResult result, Expected expected) =>
        result.Recipient.Equals(expected.Recipient, StringComparison.OrdinalIgnoreCase)
        || result.Recipient.Equals(expected.Alias, StringComparison.OrdinalIgnoreCase)
        || expected is { Recipient: "", Kind: "feedback" } && result.Kind == BounceKind.Feedback;
}
