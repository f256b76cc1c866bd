using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Results go out in pieces that arrive, however many there are and whatever receivers said.</summary>
public sealed class OutboxTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static Attempt Result(int ledger, int n, int words) => new(
        new(new(SubmissionId.Create(ledger, Noon, (ulong)n), 0), 1), "a.test", new(451, null, new('\u20AC', words)),
        AttemptEnd.Answered, "mx", null, SmtpStep.Dot, null, Noon, TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(20, 50)]
    [InlineData(SmtpReply.TextMax, 1_000)]
    public void Five_thousand_that_nobody_confirmed_are_told_again_in_pieces(int words, int piecesMax)
    {
        var outbox = new Outbox();
        var results = Enumerable.Range(0, 5_000).Select(n => Result(n % 2, n, words)).ToList();
        foreach (var result in results) outbox.Add(result);

        var first = outbox.Send(Noon).ToList();
        var again = outbox.Unconfirmed(Noon.AddSeconds(5), Noon.AddSeconds(6)).ToList();

        foreach (var pieces in new[] { first, again })
        {
            Assert.Equal(results.ToHashSet(), pieces.SelectMany(p => p.Attempts).ToHashSet());
            Assert.Equal(5_000, pieces.Sum(p => p.Attempts.Length));
            Assert.All(pieces, p => Assert.InRange(p.Attempts.Sum(NodeBytes.Of), 1, NodeBounds.TargetBytes));
            Assert.All(pieces, p => Assert.All(
                p.Attempts, a => Assert.Equal(p.Ledger, a.Id.Message.Submission.Partition)));
            Assert.InRange(pieces.Count, 2, piecesMax);
        }
        Assert.Empty(outbox.Unconfirmed(Noon.AddSeconds(5), Noon.AddSeconds(6)));
    }

    [Fact]
    public void A_few_go_in_one_message_a_ledger()
    {
        var outbox = new Outbox();
        for (var n = 0; n < 200; n++) outbox.Add(Result(n % 2, n, 20));

        Assert.Equal([0, 1], outbox.Send(Noon).Select(p => p.Ledger));
    }
}
