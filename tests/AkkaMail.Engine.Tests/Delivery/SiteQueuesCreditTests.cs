using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>What is asked of the ledgers: as much as lanes can use within a second, and not twice.</summary>
public class SiteQueuesCreditTests
{
    private static readonly QueueKey Mail = Queue("a.test");

    public static TheoryData<double?, int, int> Rooms => new()
    {
        { null, 10, 40 },   // Four for each connection,
        { 25, 10, 25 },     // but no more than go in a second,
        { 0.1, 10, 1 },     // and one at least.
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_lane_is_stocked_for_a_second_and_no_more(double? rate, int connections, int room)
    {
        var world = new QueueWorld { Limit = _ => (rate, connections), Took = (_, _) => null };

        world.Mail(Mail, 1_000);
        world.For(0.012);   // Its lease, then the request.

        Assert.Equal([room], world.Asked.Select(a => a.Take.Count));
    }

    [Fact]
    public void Without_a_lease_nothing_is_asked_for()
    {
        var world = new QueueWorld { Limit = _ => null };

        world.Mail(Mail, 1_000);
        world.For(20);

        Assert.Empty(world.Asked);
        Assert.InRange(world.Told.Count(t => t.Word.Limit.Path.Site == "a.test"), 15, 21);   // Its lease is, each second.
    }

    [Fact]
    public void What_is_at_hand_and_asked_for_is_never_more_than_the_room_there_is()
    {
        var world = new QueueWorld { Limit = _ => (200, 10) };
        world.Mail(Mail, 5_000);
        world.Mail(Mail, 5_000, ledger: 1);

        var most = 0;
        for (var i = 0; i < 1_000; i++)
        {
            world.For(0.01);
            var sent = world.Sent.Count;
            most = Math.Max(most, world.Asked.Sum(a => a.Take.Count) - sent);
        }

        Assert.InRange(most, 30, 40);
        Assert.InRange(world.Sent.Count, 960, 1_000);   // Ten connections, 100 ms each: it was never short either.
        Assert.Equal(0.5, world.Asked.Average(a => a.Ledger), 0.1);
        Assert.InRange(world.Asked.Count, 80, 110);   // About ten each: a request costs its ledger a commit.
    }

    [Fact]
    public void A_ledger_that_lost_its_requests_is_asked_again_at_once_and_others_are_not()
    {
        var world = new QueueWorld { Took = (_, _) => null };
        world.Deaf.Add(0);
        world.Mail(Mail, 1_000);
        world.For(2);
        world.Do(queues => queues.LedgerLost(1));
        world.For(1);
        Assert.Single(world.Asked);

        world.Deaf.Clear();
        world.Do(queues => queues.LedgerLost(0));
        world.For(0.02);

        Assert.Equal(2, world.Asked.Count);
        Assert.Equal(10, world.Sent.Count);
    }

    [Fact]
    public void A_request_that_nobody_answers_is_made_again_after_its_time()
    {
        var world = new QueueWorld(DeliverySettings.Default with { RequestTimeout = TimeSpan.FromSeconds(10) });
        world.Deaf.Add(0);
        world.Mail(Mail, 1_000);

        world.For(35);

        Assert.Equal([0, 11, 22, 33], world.Asked.Select(a => (int)(a.At - Noon).TotalSeconds));
    }

    [Fact]
    public void What_no_lane_will_take_soon_goes_back_and_is_not_asked_for()
    {
        var world = new QueueWorld { Limit = _ => (5, 10), Took = (_, _) => null };
        world.Mail(Mail, 1_000);
        world.For(0.1);
        var (asked, sent) = (world.Asked.Sum(a => a.Take.Count), world.Sent.Count);

        world.Missing.Add(Source.DefaultName);   // The address has gone from the machine.
        world.For(60);

        Assert.Equal(sent, world.Sent.Count);
        Assert.Equal(asked, world.Asked.Sum(a => a.Take.Count));
        Assert.Equal(asked - sent, world.Results.Count);
        Assert.All(world.Results, r => Assert.Equal("its lanes are stopped", r.Reply.Text));
    }
}
