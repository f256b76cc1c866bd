using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using static AkkaMail.Core.Tests.Messages.Given;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>Each event says by itself whose messages it is about and where they went: rows of them may be gone.</summary>
public class LedgerTellsTests
{
    private static readonly SubmissionFacts Shop = Facts with
    {
        Tenant = "shop",
        Sender = "shop.test",
        Door = Door.Smtp,
        By = "k1",
        Bytes = 1_234,
        Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    private static readonly Departure Left = new("own", "google", "v1", Noon, HeldBy.Rate, null);

    [Fact]
    public void A_conclusion_says_whose_message_it_is()
    {
        var (ledger, due) = Begun();

        var conclusion = ledger.Concluded(Answer(due, new(250, null, "ok")) with { Departure = Left }, Noon)!;

        Assert.Equal(new("shop", Facts.Stream, Facts.Kind, "shop.test"), conclusion.SentBy);
        Assert.Equal(Left, conclusion.Attempt.Departure);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_time_ends_says_where_it_went_last_also_after_a_snapshot(bool isRestored)
    {
        var (ledger, due) = Begun();
        ledger.Concluded(
            Answer(due, SmtpReply.None("reset")) with { Site = "google", Source = "ip1", Departure = Left }, Noon);
        if (isRestored)
        {
            ledger = Ledger.From(ledger.ToSnapshot());
            ledger.Recovered(Noon);
        }

        var end = Assert.Single(Assert.IsType<MessagesEnded>(
            ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(72)).Events.Single()).Ends);

        Assert.Equal(new(due.Id, MessageStatus.Expired, Shop.SentBy) { Last = new("google", "ip1", "google") }, end);
    }

    [Fact]
    public void A_try_that_came_to_no_site_leaves_the_one_before_it()
    {
        var (ledger, due) = Begun();
        ledger.Concluded(Answer(due, SmtpReply.None("reset")) with { Site = "google", Departure = Left }, Noon);
        ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(1));
        var again = Assert.Single(HandOut(ledger, Noon.AddHours(1)).Messages);
        ledger.Concluded(Answer(again, SmtpReply.Ours("stopping"), AttemptEnd.NotStarted), Noon.AddHours(1));

        var decided = ledger.Decide([PassTime.Instance], UsualRules, Noon.AddHours(72));

        Assert.Equal("google", decided.Events.OfType<MessagesEnded>().Single().Ends[0].Last!.Site);
    }

    [Fact]
    public void A_node_hears_since_when_a_message_is_due()
    {
        var (ledger, due) = Begun();
        ledger.Concluded(Answer(due, new(451, null, "later")), Noon);
        var at = ledger.ToSnapshot().Submissions[0].Messages[0].Time;
        ledger.Decide([PassTime.Instance], UsualRules, at.AddMinutes(1));

        var again = Assert.Single(HandOut(ledger, at.AddMinutes(1)).Messages);

        Assert.Equal((Noon, at), (due.DueAt, again.DueAt));
    }

    [Fact]
    public void A_trace_is_told_and_not_remembered()
    {
        var ledger = New();

        var told = ledger.Decide([Accept(Submit(Shop, "a.test"))], UsualRules, Noon).Events.OfType<SubmissionsAccepted>();

        Assert.Equal(Shop, Assert.Single(told.Single().Submissions).Facts);
        Assert.Null(ledger.ToSnapshot().Submissions[0].Facts.Trace);
    }

    private static (Ledger Ledger, DueMessage Due) Begun()
    {
        var ledger = New();
        ledger.Decide([Accept(Submit(Shop, "a.test"))], UsualRules, Noon);
        return (ledger, Assert.Single(HandOut(ledger, Noon).Messages));
    }

    private static HandedOut HandOut(Ledger ledger, DateTimeOffset now) => Assert.IsType<HandedOut>(ledger.Decide(
        [new TakeDue(Shop.QueueTo("a.test"), 1, "node#1")], UsualRules, now).Replies[0]);
}
