using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>
/// An edge that got no answer asks once more with the same words: the ledger has moved meanwhile, or the answer was lost.
/// </summary>
public sealed class LedgerAskedAgainTests
{
    private readonly Ledger _ledger = New();

    private static SubmissionAccepted First(Ledger ledger, AcceptSubmissions accept) =>
        Assert.IsType<SubmissionAccepted>(ledger.Decide([accept], UsualRules, Noon).Replies[0]);

    [Fact]
    public void It_gets_the_answer_of_the_first_time_and_nothing_is_taken_twice()
    {
        var accept = Accept(Submit(Facts with { SendAt = Noon.AddHours(1) }, "a.test"), Submit(Facts, "b.test"));
        var first = First(_ledger, accept);

        var again = _ledger.Decide([accept], UsualRules, Noon.AddSeconds(4));

        Assert.Equal(first, Assert.Single(again.Replies));
        Assert.Equal((2, false, Noon.AddHours(1)), (first.Count, first.IsRepeat, first.SendAt));
        Assert.Empty(again.Events);
    }

    [Fact]
    public void Also_of_a_life_that_read_it_from_the_journal_or_a_snapshot_and_when_the_mail_has_left()
    {
        var accept = Accept("a.test");
        var decided = _ledger.Decide([accept], UsualRules, Noon);
        var first = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        var replayed = new Ledger(_ledger.Partition);
        foreach (var e in decided.Events) replayed.Apply(e);
        replayed.Apply(new MessagesEnded(Noon, [new(new(first.Id, 0), MessageStatus.Cancelled, Facts.SentBy)]));
        replayed.Recovered(Noon);

        Assert.Equal(first, First(replayed, accept));
        Assert.Equal(first, First(Ledger.From(replayed.ToSnapshot()), accept));
    }

    [Fact]
    public void With_a_key_it_is_no_repeat_of_the_client()
    {
        var accept = Accept("a.test") with { Key = Key };
        var first = First(_ledger, accept);

        Assert.Equal(first, First(_ledger, accept));
        Assert.True(First(_ledger, accept with { Chance = accept.Chance + 1 }).IsRepeat);
    }

    [Fact]
    public void Nobody_asks_for_longer_than_half_a_minute_and_it_is_forgotten()
    {
        var accept = Accept("a.test") with { AnswerBy = Noon.AddDays(1) };
        var first = First(_ledger, accept);

        var later = Noon + RecentAccepts.Kept + TimeSpan.FromMilliseconds(1);
        _ledger.Decide([PassTime.Instance], UsualRules, later);

        Assert.NotEmpty(_ledger.Decide([accept], UsualRules, later).Events);
        Assert.NotEqual(default, first.Id);
    }

    [Fact]
    public void While_a_long_journal_is_read_no_more_is_remembered_than_of_half_a_minute()
    {
        var recent = new RecentAccepts();

        for (var second = 0; second < 600; second++)
            recent.Add(SubmissionId.Create(0, Noon.AddSeconds(second), (ulong)second));

        Assert.Equal(31, recent.Count);
    }
}
