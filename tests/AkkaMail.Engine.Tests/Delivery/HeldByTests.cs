using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>What an attempt's end says of how it left its queue: since when it was there, and what held it last.</summary>
public class HeldByTests
{
    private static readonly LimitKey Limit = new LimitKey.Lane(new(Source.DefaultName, "a.test"));

    [Fact]
    public void What_begins_at_once_was_held_by_nothing()
    {
        var world = new QueueWorld();
        world.Mail(Queue("a.test"), 3);

        world.For(1);

        Assert.All(world.Results, a => Assert.Equal((HeldBy.None, null), (a.Departure!.HeldBy, a.Departure.Hold)));
        Assert.Equal(("default", null, "v1"), Same(world.Results.Select(a =>
            (a.Departure!.Pool, a.Departure.Provider, a.Departure.Shaping))));
    }

    [Fact]
    public void The_first_ones_are_free_and_who_waits_for_a_connection_says_so()
    {
        var world = new QueueWorld { Limit = _ => (null, 2), Took = (_, _) => TimeSpan.FromSeconds(1) };
        world.Mail(Queue("a.test"), 6);

        world.For(10);

        Assert.Equal([HeldBy.None, HeldBy.None, .. Enumerable.Repeat(HeldBy.Connections, 4)],
            world.Results.Select(a => a.Departure!.HeldBy));
        // Ready as it was handed out, in good time before it began.
        Assert.All(world.Results[2..], a => Assert.True(a.StartedAt - a.Departure!.ReadyAt >= TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_rate_says_so_and_an_operators_names_the_order()
    {
        var hold = Order(7, new Reaction.LimitRate(new(2, TimeSpan.FromSeconds(1))));
        var world = Leased(2, hold);

        world.For(5);

        Assert.Equal((HeldBy.Rate, 7), Same(world.Results[3..].Select(a => (a.Departure!.HeldBy, a.Departure.Hold))));
    }

    [Fact]
    public void What_lay_in_its_ledger_while_the_lane_stood_tells_the_hold_that_was_lifted()
    {
        var world = Leased(null, Order(7, new Reaction.Suspend()));
        world.For(30);
        Assert.Empty(world.Sent);

        world.Do(q => q.Leased(LeaseOf(Limit, 2, null, 5, world.Now), world.Now));
        world.For(5);

        var first = world.Results[0].Departure!;
        Assert.Equal((HeldBy.Hold, 7), (first.HeldBy, first.Hold));
        Assert.True(first.ReadyAt >= Noon.AddSeconds(30));
    }

    [Fact]
    public void What_was_due_only_afterwards_knows_nothing_of_it()
    {
        var world = Leased(null, Order(7, new Reaction.Suspend()));
        world.For(30);

        world.Do(q => q.Leased(LeaseOf(Limit, 2, null, 5, world.Now), world.Now));
        world.DueAt = world.Now.AddMilliseconds(1);
        world.For(5);

        Assert.Equal(HeldBy.None, world.Results[0].Departure!.HeldBy);
    }

    private static Hold Order(int id, Reaction reaction) =>
        new(id, reaction, HoldTarget.Lane, Noon, Noon.AddHours(1), Hold.Operator, "v1", null, "wait");

    private static QueueWorld Leased(double? rate, Hold hold)
    {
        var world = new QueueWorld { Limit = _ => null };
        world.Mail(Queue("a.test"), 20);
        var lease = LeaseOf(Limit, 1, hold.Reaction is Reaction.Suspend ? 0 : rate, 5, Noon);
        world.Do(q => q.Leased(lease with { State = lease.State with { Rate = rate, Holds = [hold], Score = 100 } }, Noon));
        return world;
    }

    private static T Same<T>(IEnumerable<T> all) => Assert.Single(all.Distinct());
}
