using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>Where a message stands in its ledger, for whoever asks how many are before it.</summary>
public class PlaceTests
{
    private readonly Ledger _ledger = New();

    private MessageId[] Accepted(int count, string site = "a.test")
    {
        var reply = (SubmissionAccepted)_ledger.Decide(
            [Accept([.. Enumerable.Range(0, count).Select(_ => Submit(Facts, site))])], UsualRules, Noon).Replies.Single()!;
        return [.. Enumerable.Range(0, count).Select(i => new MessageId(reply.Id.Next(i), 0))];
    }

    [Fact]
    public void Those_accepted_before_it_are_before_it_and_those_taken_no_longer()
    {
        var ids = Accepted(9_000);
        Assert.Equal((0, 4_500, 8_999), (Before(ids[0]), Before(ids[4_500]), Before(ids[^1])));

        // As many in one message as it carries, however many are asked for.
        var handed = _ledger.Decide([Take("a.test", 4_400)], UsualRules, Noon).Replies.OfType<HandedOut>().Single();
        Assert.Equal((TakeDue.CountMax, 9_000 - TakeDue.CountMax), (handed.Messages.Length, handed.Left));
        for (var left = 4_400 - TakeDue.CountMax; left > 0; left -= TakeDue.CountMax)
            _ledger.Decide([Take("a.test", left)], UsualRules, Noon);

        Assert.Equal((null, 100, 4_599), (Before(ids[0]), Before(ids[4_500]), Before(ids[^1])));
        Assert.Equal(MessageStatus.Sending, _ledger.PlaceOf(ids[0])!.Value.Status);
    }

    [Fact]
    public void A_retry_has_one_turn_in_five_while_there_is_fresh_mail()
    {
        var retried = Accepted(1)[0];
        var due = _ledger.Decide([Take("a.test", 1)], UsualRules, Noon).Replies.OfType<HandedOut>().Single().Messages[0];
        _ledger.Decide([new ConcludeAttempts([Answer(due, SmtpReply.Parse(451, "4.7.1 greylisted")).JudgedBy(
            BounceRulesReader.Shipped)])], UsualRules, Noon);
        var later = _ledger.PlaceOf(retried)!.Value.Time;
        Assert.Null(Before(retried));   // Its time has not come.
        Accepted(100);

        _ledger.Decide([PassTime.Instance], UsualRules, later);

        Assert.Equal(4, Before(retried));
    }

    [Fact]
    public void What_has_ended_stands_nowhere()
    {
        var id = Accepted(1)[0];
        _ledger.Decide([new CancelMessage(id, "default", "k1")], UsualRules, Noon);

        Assert.Null(_ledger.PlaceOf(id));
    }

    private int? Before(MessageId id) => _ledger.PlaceOf(id)!.Value.Before;
}
