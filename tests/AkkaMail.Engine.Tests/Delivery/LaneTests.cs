using System.Threading.Channels;
using AkkaMail.Engine.Delivery;

namespace AkkaMail.Engine.Tests.Delivery;

public class LaneTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly Lane _lane = new("a.test", 8, Channel.CreateUnbounded<Core.Delivery.DueMessage>().Writer);

    [Fact]
    public void A_ledger_that_does_not_answer_gives_its_credit_back_and_is_asked_again()
    {
        _lane.MailIn(0);
        Assert.Equal((0, 8), Request(Noon));
        Assert.Equal(0, _lane.Credit);

        _lane.ForgetRequests(askedBefore: Noon);
        Assert.Null(Request(Noon));   // Asked at noon is not asked before noon.
        _lane.ForgetRequests(askedBefore: Noon.AddTicks(1));

        Assert.Equal(8, _lane.Credit);
        Assert.Equal((0, 8), Request(Noon));
    }

    [Fact]
    public void Only_the_request_that_is_too_old_is_forgotten()
    {
        _lane.MailIn(0);
        _lane.MailIn(1);
        Assert.Equal((0, 4), Request(Noon));
        Assert.Equal((1, 2), Request(Noon.AddSeconds(1)));

        _lane.ForgetRequests(askedBefore: Noon.AddSeconds(1));

        Assert.Equal(6, _lane.Credit);
        Assert.Equal(2, _lane.Requested);
    }

    [Fact]
    public void An_answer_after_its_request_was_forgotten_gives_nothing_back_twice()
    {
        _lane.MailIn(0);
        Request(Noon);
        _lane.ForgetRequests(askedBefore: Noon.AddTicks(1));

        _lane.Answered(0);

        Assert.Equal((8, 0), (_lane.Credit, _lane.Requested));
    }

    [Fact]
    public void Mail_that_comes_and_goes_stands_in_line_once_so_the_others_have_their_turn()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _lane.MailIn(0);
            _lane.Emptied(0);
        }
        _lane.MailIn(0);
        _lane.MailIn(1);

        Assert.Equal(2, _lane.InLine);
        var asked = Enumerable.Range(0, 4).Select(_ =>
        {
            var ledger = Request(Noon)!.Value.Ledger;
            _lane.Answered(ledger);
            return ledger;
        });
        Assert.Equal([0, 1, 0, 1], asked);
    }

    private (int Ledger, int Count)? Request(DateTimeOffset now) =>
        _lane.TryRequest(now, out var ledger, out var count) ? (ledger, count) : null;
}
