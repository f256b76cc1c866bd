using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>What may go by what this node holds of the limits, and when it looks again.</summary>
public class SiteQueuesLeaseTests
{
    private static readonly LaneKey Lane = new(Source.DefaultName, "a.test");
    private static readonly LimitKey Own = new LimitKey.Lane(Lane);
    private static readonly LimitKey Total = new LimitKey.ProviderTotal("a.test");
    private static readonly LimitKey Tenant = new LimitKey.TenantTotal("shop");

    [Fact]
    public void The_first_lease_is_asked_for_at_once_and_nothing_goes_before_it()
    {
        var world = new QueueWorld { Limit = _ => null };

        world.Mail(Queue("a.test"), 1);

        Assert.Equal((Noon, Own), (world.Told.Single().At, world.Told.Single().Word.Limit));
        world.Do(q => q.Handed(new(0, Queue("b.test"), [Due("b.test", 1)], 0), "b.test", Noon));
        Assert.Empty(world.Sent);
        world.Limit = _ => (null, 1);
        world.Lease(new LimitKey.Lane(new(Source.DefaultName, "b.test")));
        world.Do(_ => { });
        Assert.Equal("b.test", world.Sent.Single().Lane.Site);
    }

    [Fact]
    public void A_lease_that_shrinks_holds_for_what_begins_next()
    {
        var world = new QueueWorld { Limit = _ => (null, 10), Took = (_, _) => TimeSpan.FromSeconds(4) };
        world.Mail(Queue("a.test"), 100);
        world.For(1);
        Assert.Equal(10, world.Sent.Count);

        world.Limit = _ => (null, 3);
        world.For(3.5);   // All ten have ended, after the smaller lease came.

        Assert.Equal(13, world.Sent.Count);
    }

    [Fact]
    public void Without_its_governor_a_lane_goes_on_by_its_lease_and_after_its_grace_at_a_tenth()
    {
        var world = new QueueWorld { Limit = _ => (100, 50) };
        world.Mail(Queue("a.test"), 100_000);
        world.For(5);

        world.Limit = _ => null;
        world.For(Budget.Grace + TimeSpan.FromSeconds(1));   // A lease is of 3 s, the last is younger than one.
        var (granted, before) = (world.Sent.Count(s => s.At > Noon.AddSeconds(5)), world.Sent.Count);
        world.For(3);
        before = world.Sent.Count;
        world.For(10);

        Assert.InRange(granted, 1_095, 1_111);
        Assert.InRange(world.Sent.Count - before, 99, 102);
    }

    [Fact]
    public void Lanes_that_share_a_total_are_within_it_together_and_use_all_of_it()
    {
        var world = new QueueWorld
        {
            Rules = Rules with { Providers = [Provider], Pools = Default("ip1", "ip2") },
            Limit = key => key == Total ? (50, 100) : (null, 100),
        };
        world.Mail(Queue("a.test"), 10_000);

        world.For(20);

        Assert.InRange(world.Sent.Count, 995, 1_006);
        Assert.InRange(world.Sent.Count(s => s.Lane.Source == "ip1"), 490, 510);
    }

    [Fact]
    public void A_total_that_new_rules_bring_holds_for_lanes_that_are_open()
    {
        var world = new QueueWorld { Limit = key => key == Total ? (50, 100) : (null, 100), Rules = Rules };
        world.Mail(Queue("a.test"), 100_000);
        world.For(2);
        Assert.InRange(world.Sent.Count, 1_500, 2_100);

        world.Rules = Rules with { Providers = [Provider] };
        world.Do(q => q.Reshaped(world.Now));
        var before = world.Sent.Count;
        world.For(10);
        Assert.InRange(world.Sent.Count - before, 495, 510);

        world.Rules = Rules;
        world.Do(q => q.Reshaped(world.Now));
        before = world.Sent.Count;
        world.For(2);
        Assert.InRange(world.Sent.Count - before, 1_500, 2_100);
    }

    [Fact]
    public void A_tenants_limit_holds_over_all_sites_and_wakes_its_mail_at_its_own_time()
    {
        var world = new QueueWorld
        {
            Rules = new("v1")
            {
                Tenants = ImmutableDictionary<string, TenantEntry>.Empty.Add(
                    "shop", new("shop") { Rate = new(20, TimeSpan.FromSeconds(1)) }),
            },
            Limit = key => key == Tenant ? (20, 100) : (null, 100),
        };
        world.Mail(Queue("a.test"), 1_000);
        world.Mail(Queue("b.test"), 1_000);
        world.Mail(Queue("c.test", tenant: "bank"), 100);

        world.For(10);

        Assert.Equal(100, world.Sent.Count(s => s.Message.Queue.Tenant == "bank"));
        var shop = world.Sent.Where(s => s.Message.Queue.Tenant == "shop").ToList();
        Assert.InRange(shop.Count, 198, 202);
        Assert.InRange(shop.Count(s => s.Lane.Site == "a.test"), 90, 110);
        // At an even pace, not all of a second's when something else happens.
        Assert.All(shop.Zip(shop.Skip(1), (a, b) => b.At - a.At), gap => Assert.InRange(gap.TotalSeconds, 0, 0.0501));
    }

    [Fact]
    public void A_lease_of_a_limit_concerns_its_own_queues_only()
    {
        var world = new QueueWorld { Limit = key => key == Own ? (null, 5) : null, Took = (_, _) => null };
        world.Mail(Queue("a.test"), 100);
        world.Mail(Queue("b.test"), 100);
        world.For(1.5);
        Assert.Equal(5, world.Sent.Count);

        world.Limit = _ => (null, 6);
        world.Lease(Own);
        Assert.True(world.Queues.Next(world.Now) is { Lane.Key: var lane } && lane == Lane);
        Assert.Null(world.Queues.Next(world.Now));
        Assert.All(world.Queues.Wants(world.Now), w => Assert.Equal("a.test", w.Take.Queue.Domain));
    }

    [Fact]
    public void It_wakes_when_the_pace_allows_the_next_and_not_for_what_time_does_not_bring()
    {
        var world = new QueueWorld { Limit = _ => (2, 1), Took = (_, _) => null };
        world.Mail(Queue("a.test"), 10);
        world.For(0.9);

        Assert.Single(world.Sent);
        Assert.Null(world.Queues.WakesAt);   // It is a connection that is missing.

        world.Limit = _ => (2, 10);
        world.Lease(Own);
        world.Do(_ => { });
        Assert.Equal(2, world.Sent.Count);
        // It had waited longer than its pace asked for, and some of that counts.
        Assert.Equal(TimeSpan.FromSeconds(0.5) - Gcra.Lateness, world.Queues.WakesAt - world.Now);
    }

    [Fact]
    public void Objections_are_told_after_a_tenth_of_a_second_together()
    {
        var world = new QueueWorld
        {
            Limit = _ => (null, 10),
            Reply = _ => SmtpReply.Parse(421, "4.7.28 Our system has detected an unusual rate of mail"),
            Took = (_, m) => TimeSpan.FromMilliseconds(200 + m.Id.Index),
        };
        world.Mail(Queue("a.test"), 10);
        world.For(0.5);

        var told = world.Told.Where(t => t.Word.Message is RenewLease { Report.Counts.Total: > 0 }).ToList();
        var (at, word) = Assert.Single(told);
        Assert.Equal(10, ((RenewLease)word.Message).Report.Counts[ReplyClass.RateLimited]);
        Assert.Equal(DeliverySettings.Default.ObjectionPause, at - world.Sent[0].At - TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Who_wants_more_goes_on_with_a_dead_nodes_part_before_its_governor_lives_again()
    {
        var world = new QueueWorld { Limit = _ => null };
        var lease = LeaseOf(Own, 1, 50, 50, Noon) with
        {
            Shares = ImmutableDictionary<string, NodeShare>.Empty
                .Add(Node, new(50, 50, true)).Add("node-2", new(50, 50, true)),
        };
        world.Mail(Queue("a.test"), 10_000);
        world.Do(q => q.Leased(lease, Noon));
        world.For(5);
        Assert.InRange(world.Sent.Count, 245, 256);

        world.Do(q => q.NodeDied("node-2"));
        world.For(5);

        Assert.InRange(world.Sent.Count, 740, 765);
    }

    private static readonly ShapingRules Rules = new("v1") { Defaults = new() { Connections = 100 } };

    private static readonly Provider Provider = new("a.test", []) { TotalRate = new(50, TimeSpan.FromSeconds(1)) };

    private static ImmutableDictionary<string, Pool> Default(params string[] sources) =>
        ImmutableDictionary<string, Pool>.Empty.Add("default", SiteQueuesFairnessTests.PoolOf("default", sources));

    private static DueMessage Due(string domain, int n) =>
        new(new(SubmissionId.Create(9, Noon, 1), n), 1, Queue(domain), 1, Noon, Noon.AddHours(1));
}
