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

    /// <summary>
    /// Who looks in the table a moment before a key is there comes to the ledger later: it has to know it then, however
    /// long the table took.
    /// </summary>
    [Fact]
    public void A_key_is_remembered_until_the_table_has_had_it_for_longer_than_a_look_up_takes()
    {
        _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon);
        _ledger.Stored(7);

        _ledger.KeysKept(6, Noon);
        Assert.True(IsRepeatAt(Noon.AddDays(1)));
        _ledger.KeysKept(7, Noon.AddDays(1));
        Assert.True(IsRepeatAt(Noon.AddDays(1) + UsualRules.KeyMemory));
        Assert.False(IsRepeatAt(Noon.AddDays(1) + UsualRules.KeyMemory + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void What_is_not_in_the_journal_yet_no_table_can_have()
    {
        _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon);
        _ledger.KeysKept(7, Noon);   // The journal was there when it was decided.
        _ledger.Stored(8);

        Assert.True(IsRepeatAt(Noon.AddDays(1)));
    }

    [Fact]
    public void A_snapshots_keys_are_no_newer_than_it_and_go_as_any_others()
    {
        _ledger.Decide([Accept("a.test") with { Key = Key }], UsualRules, Noon);
        _ledger.Stored(7);
        var next = Ledger.From(_ledger.ToSnapshot());
        next.Stored(9);

        next.KeysKept(8, Noon);
        Assert.True(IsRepeatAt(Noon.AddDays(1), next));
        next.KeysKept(9, Noon.AddDays(1));
        Assert.False(IsRepeatAt(Noon.AddDays(2), next));
    }

    private bool IsRepeatAt(DateTimeOffset now, Ledger? of = null)
    {
        var accept = Accept("a.test") with { Key = Key };
        (of ?? _ledger).Decide([PassTime.Instance], UsualRules, now);
        return (of ?? _ledger).Decide([new FindKey(Key, accept.Request)], UsualRules, now).Replies[0] is SubmissionAccepted;
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
            Assert.Equal(first with { IsRepeat = true },
                ledger.Decide([two with { Chance = two.Chance + 5 }], UsualRules, Noon).Replies[0]);
    }
}
