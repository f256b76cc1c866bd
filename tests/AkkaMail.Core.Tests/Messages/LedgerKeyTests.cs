using AkkaMail.Core.Messages;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>Idempotency keys: what a repeat gets, and for how long.</summary>
public sealed class LedgerKeyTests
{
    private readonly Ledger _ledger = New();

    [Fact]
    public void The_same_key_gets_the_same_answer_and_another_body_a_conflict()
    {
        var first = _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon).Replies[0];
        var repeats = _ledger.Decide(
            [Accept("a.test") with { Key = Key }, Accept("a.test") with { Key = Key, Request = new(9, 9) }],
            UsualRules, Noon);

        var id = Assert.IsType<SubmissionAccepted>(first).Id;
        Assert.Equal(new SubmissionAccepted(id, false, IsRepeat: true), repeats.Replies[0]);
        Assert.Equal(new KeyConflict(id), repeats.Replies[1]);
        Assert.Empty(repeats.Events);
    }

    [Fact]
    public void A_key_can_be_asked_for_and_has_the_answer_of_the_first()
    {
        var at = Noon.AddHours(1);
        var accept = Accept(Submit(Facts with { SendAt = at }, "a.test")) with { Key = Key };
        var first = Assert.IsType<SubmissionAccepted>(_ledger.Decide([accept], UsualRules, Noon).Replies[0]);

        var asked = Ledger.From(_ledger.ToSnapshot()).Decide(
            [new FindKey(Key, accept.Request), new FindKey(Key, new(9, 9)), new FindKey(new(5, 5), new(1, 1))],
            UsualRules, Noon.AddHours(2));

        Assert.Equal(
            [first with { IsRepeat = true }, new KeyConflict(first.Id), new KeyUnknown()], asked.Replies);
        Assert.Equal(at, first.SendAt);
        Assert.Empty(asked.Events);
    }

    [Fact]
    public void A_key_is_remembered_until_the_read_model_has_it_and_older_look_ups_are_over()
    {
        _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon);

        _ledger.Projected(Noon, Noon + UsualRules.KeyMemory, UsualRules);
        Assert.True(Repeat().IsRepeat);
        _ledger.Projected(Noon.AddTicks(-1), Noon.AddHours(1), UsualRules);
        Assert.True(Repeat().IsRepeat);
        _ledger.Projected(Noon, Noon + UsualRules.KeyMemory + TimeSpan.FromTicks(1), UsualRules);
        Assert.False(Repeat().IsRepeat);

        SubmissionAccepted Repeat() =>
            Assert.IsType<SubmissionAccepted>(
                _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon).Replies[0]);
    }

    [Fact]
    public void A_key_stands_for_all_that_came_with_it_also_after_a_replay_or_a_snapshot()
    {
        var two = Accept(Submit(Facts, "a.test"), Submit(Facts, "b.test")) with { Key = Key };
        var decided = _ledger.Decide([two], UsualRules, Noon);
        var first = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        var replayed = new Ledger(7);
        foreach (var e in decided.Events) replayed.Apply(e);

        foreach (var ledger in new[] { _ledger, replayed, Ledger.From(_ledger.ToSnapshot()) })
            Assert.Equal(first with { IsRepeat = true }, ledger.Decide([two], UsualRules, Noon).Replies[0]);
    }
}
