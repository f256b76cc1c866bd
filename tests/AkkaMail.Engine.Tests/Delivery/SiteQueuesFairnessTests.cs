using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Who goes when more wants to go than may.</summary>
public class SiteQueuesFairnessTests
{
    private static readonly QueueKey News = Queue("a.test", Streams.Broadcast);
    private static readonly QueueKey Receipts = Queue("a.test");

    [Fact]
    public void A_receipt_goes_before_half_a_million_newsletters()
    {
        var world = new QueueWorld { Limit = _ => (100, 20) };
        world.Mail(News, 500_000);
        world.For(10);

        world.Mail(Receipts, 1);
        var before = world.Sent.Count;
        world.For(1);

        var turn = world.Sent.Skip(before).ToList().FindIndex(s => s.Message.Queue == Receipts);
        Assert.InRange(turn, 0, 3);   // 15 ms until it is here, at 100 a second, and one that is ahead of it.
        Assert.InRange(world.Waiting, 500_000 - 1_250, 500_000 - 1_000);
    }

    [Fact]
    public void Receipts_have_two_turns_of_three_while_both_kinds_wait()
    {
        var world = new QueueWorld
        {
            Rules = new("v1") { Defaults = new() { Connections = 50 } },
            Limit = _ => (300, 50),
        };
        world.Mail(News, 10_000);
        world.Mail(Receipts, 10_000);
        world.For(5);
        var before = world.Sent.Count;

        world.For(10);

        var sent = world.Sent.Skip(before).ToList();
        Assert.InRange(sent.Count, 2_990, 3_010);
        Assert.InRange(sent.Count(s => s.Message.Queue == Receipts), 1_985, 2_015);
    }

    [Fact]
    public void A_tenth_of_the_connections_is_free_for_receipts_while_newsletters_hold_all_they_may()
    {
        var world = new QueueWorld { Limit = _ => (null, 20), Took = (_, _) => null };
        world.Mail(News, 1_000);
        world.For(1);
        Assert.Equal(18, world.Sent.Count);

        world.Mail(Receipts, 10);
        world.For(1);

        Assert.Equal([Receipts, Receipts], world.Sent.Skip(18).Select(s => s.Message.Queue));
    }

    [Fact]
    public void A_site_that_never_answers_takes_nothing_of_the_others()
    {
        var others = Enumerable.Range(1, 19).Select(i => Queue($"site{i}.test")).ToList();
        var (alone, beside) = (new QueueWorld(), new QueueWorld());
        beside.Took = (lane, _) => lane.Key.Site == "slow.test" ? null : TimeSpan.FromMilliseconds(100);

        beside.Mail(Queue("slow.test"), 100_000);
        foreach (var world in new[] { alone, beside })
        {
            foreach (var queue in others) world.Mail(queue, 1_000);
            world.For(5);
        }

        Assert.Equal(10, beside.Sent.Count(s => s.Lane.Site == "slow.test"));   // Its connections, and no more.
        foreach (var queue in others)
            Assert.Equal(TimesOf(alone, queue), TimesOf(beside, queue));

        static List<DateTimeOffset> TimesOf(QueueWorld world, QueueKey queue) =>
            [.. world.Sent.Where(s => s.Message.Queue == queue).Select(s => s.At)];
    }

    [Fact]
    public void Connections_that_a_tenant_may_have_in_all_go_round_among_its_sites()
    {
        var world = new QueueWorld
        {
            Rules = new("v1")
            {
                Tenants = ImmutableDictionary<string, TenantEntry>.Empty.Add("shop", new("shop") { Connections = 2 }),
            },
            Limit = key => key is LimitKey.TenantTotal ? (null, 2) : (null, 10),
        };
        foreach (var site in new[] { "a.test", "b.test", "c.test" }) world.Mail(Queue(site), 1_000);

        world.For(30);

        Assert.InRange(world.Sent.Count, 590, 600);
        Assert.All(world.Sent.CountBy(s => s.Lane.Site), site => Assert.InRange(site.Value, 180, 220));
    }

    [Fact]
    public void Two_pools_on_one_lane_have_its_connections_in_turn()
    {
        var world = new QueueWorld { Limit = _ => (null, 1), Rules = TwoPools };
        world.Mail(Queue("a.test", tenant: "shop"), 1_000);
        world.Mail(Queue("a.test", tenant: "bank"), 1_000);

        world.For(10);

        var shops = world.Sent.Count(s => s.Message.Queue.Tenant == "shop");
        Assert.InRange(world.Sent.Count, 95, 100);
        Assert.InRange(world.Sent.Count - 2 * shops, -4, 4);
    }

    /// <summary>Both have the one source there is.</summary>
    private static ShapingRules TwoPools => new("v1")
    {
        Pools = ImmutableDictionary<string, Pool>.Empty
            .Add("one", PoolOf("one", "ip1")).Add("two", PoolOf("two", "ip1")),
        Streams = [new("shop", null) { Pool = "one" }, new("bank", null) { Pool = "two" }],
    };

    internal static Pool PoolOf(string name, params string[] sources) =>
        new(name, sources.ToImmutableDictionary(s => s, _ => 1));
}
