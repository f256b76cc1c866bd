using AkkaMail.Core.Messages;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>What a ledger promises, and when it does not.</summary>
public sealed class LedgerAcceptTests
{
    private readonly Ledger _ledger = New();

    [Fact]
    public void A_submission_is_promised_with_an_id_that_leads_back_to_its_ledger()
    {
        var decided = _ledger.Decide([Accept("a.test", "b.test")], UsualRules, Noon);

        var accepted = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        Assert.Equal(7, accepted.Id.Partition);
        Assert.Equal(
            2, Assert.IsType<SubmissionsAccepted>(decided.Events.Single()).Submissions.Single().Recipients.Length);
        Assert.Equal(2, _ledger.Unfinished);
    }

    [Fact]
    public void One_commit_has_one_event_of_a_kind_whatever_it_carries()
    {
        var decided = _ledger.Decide(
            [Accept("a.test"), Take("a.test", 1), Accept("a.test"), Take("a.test", 1)], UsualRules, Noon);

        Assert.Equal([typeof(SubmissionsAccepted), typeof(AttemptsStarted)], decided.Events.Select(e => e.GetType()));
        Assert.Equal(2, Assert.IsType<AttemptsStarted>(decided.Events[1]).Attempts.Length);
    }

    [Fact]
    public void At_the_bound_a_submission_is_refused_as_a_whole()
    {
        var rules = UsualRules with { UnfinishedMax = 3 };
        _ledger.Decide([Accept("a.test", "a.test")], rules, Noon);

        var decided = _ledger.Decide([Accept("a.test", "a.test"), Accept("a.test")], rules, Noon);

        Assert.Equal(new LedgerFull(2), decided.Replies[0]);
        Assert.IsType<SubmissionAccepted>(decided.Replies[1]);
    }

    [Fact]
    public void Submissions_that_come_together_are_taken_together_or_not_at_all()
    {
        var rules = UsualRules with { UnfinishedMax = 3 };
        var two = Accept(Submit(Facts, "a.test"), Submit(Facts with { Tags = ["b"] }, "b.test")) with { Key = Key };

        var decided = _ledger.Decide([two, Accept(Submit(Facts, "a.test"), Submit(Facts, "a.test"))], rules, Noon);

        var first = Assert.IsType<SubmissionAccepted>(decided.Replies[0]);
        Assert.Equal(new LedgerFull(2), decided.Replies[1]);
        var accepted = Assert.IsType<SubmissionsAccepted>(decided.Events.Single()).Submissions;
        Assert.Equal(2, first.Count);
        Assert.Equal([first.Id, new(first.Id.High, first.Id.Low + 1)], accepted.Select(s => s.Id));
        Assert.Equal([new(Key, two.Request, 2), null], accepted.Select(s => s.Key));
        Assert.Equal([[], ["b"]], accepted.Select(s => s.Facts.Tags.ToArray()));
    }

    [Fact]
    public void A_command_nobody_waits_for_any_more_does_nothing()
    {
        var decided = _ledger.Decide([Accept("a.test") with { AnswerBy = Noon.AddTicks(-1) }], UsualRules, Noon);

        Assert.IsType<TooLate>(decided.Replies[0]);
        Assert.Empty(decided.Events);
    }
}
