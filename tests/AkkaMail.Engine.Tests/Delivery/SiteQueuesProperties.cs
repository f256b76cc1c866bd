using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using CsCheck;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>
/// Random histories of mail, leases, rules, and of what breaks: all that is handed in comes to one end, and no limit is
/// passed on the way. CsCheck prints the seed of a history that fails.
/// </summary>
public sealed class SiteQueuesProperties
{
    private static readonly double?[] Rates = [null, 0, 0.5, 5, 50, 400];
    private static readonly int[] Connections = [0, 1, 3, 10, 40];
    private static readonly LimitKey[] Limits =
    [
        Lane("ip1", "a.test"), Lane("ip2", "a.test"), Lane("ip1", "b.test"), Lane("ip1", "c.test"),
        new LimitKey.ProviderTotal("a.test"), new LimitKey.TenantTotal("shop"),
    ];

    private static LimitKey.Lane Lane(string source, string site) => new(new(source, site));

    private static readonly Gen<(int What, int Which, int HowMuch)[]> AnyHistory =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 999], Gen.Int[0, 999]).Array[1, 80];

    [Fact]
    public void All_that_is_handed_in_ends_once_and_no_limit_is_passed() =>
        AnyHistory.Sample(history =>
        {
            var (world, watch) = Begin();
            foreach (var step in history) Do(world, step);

            Heal(world);
            for (var i = 0; i < 200 && (world.Waiting > 0 || world.Queues.Here.Any()); i++)
            {
                world.RepeatWords();
                world.For(10);
            }

            Assert.Equal(0, world.Waiting);
            watch.EachHasOneEnd(world);
            Assert.Equal(world.Handed.Select(a => a.Message).Distinct().Count(),
                world.Results.Where(r => r.Reply.IsAccepted).Select(r => r.Id.Message).Distinct().Count());
        }, iter: 200);

    [Fact]
    public void A_node_that_drains_sends_nothing_more_and_has_nothing_left() =>
        AnyHistory.Sample(history =>
        {
            var (world, watch) = Begin();
            foreach (var step in history) Do(world, step);

            world.Do(queues => queues.Drain(world.Now));
            var sent = world.Sent.Count;
            world.For(2);   // As long as the slowest delivery takes, and what was asked for has come.

            Assert.Equal(sent, world.Sent.Count);
            watch.EachHasOneEnd(world);
        }, iter: 200);

    private static (QueueWorld World, LimitWatch Watch) Begin()
    {
        var world = new QueueWorld(DeliverySettings.Default with { IdleLane = TimeSpan.FromSeconds(4) })
        {
            TriesAgain = true,
            Took = (_, m) => TimeSpan.FromMilliseconds((m.Id.Index * 7_919 + m.Number * 104_729) % 700),
            Reply = m => m.Number < 3 && m.Id.Index % 7 == 0
                ? SmtpReply.Parse(421, "4.7.28 unusual rate of mail") : SmtpReply.Parse(250, ""),
        };
        var watch = new LimitWatch(world);
        return (world, watch);
    }

    private static void Do(QueueWorld world, (int What, int Which, int HowMuch) step)
    {
        var (what, which, much) = step;
        var domain = "abc"[which % 3] + ".test";
        switch (what)
        {
            case 0 or 1 or 2:
                var stream = much % 2 == 0 ? Streams.Transactional : Streams.Broadcast;
                world.Mail(Queue(domain, stream, which % 5 < 3 ? "shop" : "bank"), 1 + much / 10, which % 2);
                break;
            case 3 or 4: world.For(TimeSpan.FromMilliseconds(which * 5)); break;
            case 5 or 6:
                var (key, limit) = (Limits[which % Limits.Length], (Rates[much % 6], Connections[much / 6 % 5]));
                var before = world.Limit;
                world.Limit = k => k == key ? limit : before(k);
                if (which % 2 == 0) world.Lease(key);
                world.Do(_ => { });
                break;
            case 7:
                var open = world.Open.Where(l => !l.IsClosed).ToList();
                if (open.Count > 0)
                    world.Do(queues => queues.Failed(open[which % open.Count], "the lane failed", world.Now));
                break;
            case 8:
                if (!world.Deaf.Add(which % 2)) Hear(world, which % 2);
                break;
            case 9:
                world.Rules = RulesOf(which);
                world.Do(queues => queues.Reshaped(world.Now));
                break;
            case 10:
                var site = world.SiteOf("c.test");
                world.SiteOf = d => d == "c.test" && site == "c.test" ? "b.test" : d;
                world.Do(queues => queues.DomainMoved("c.test", site));
                break;
            case 11:
                if (!world.Missing.Add("ip1")) world.Missing.Remove("ip1");
                break;
            case 12:
                world.IsSilent = !world.IsSilent;
                break;
        }
    }

    private static void Hear(QueueWorld world, int ledger)
    {
        world.Deaf.Remove(ledger);
        world.Do(queues => queues.LedgerLost(ledger));
    }

    private static void Heal(QueueWorld world)
    {
        world.Missing.Clear();
        world.IsSilent = false;
        world.Limit = _ => (null, 10);
        Hear(world, 0);
        Hear(world, 1);
    }

    /// <summary>With or without a second source, a provider's total, a tenant's limit, a pool for the bank.</summary>
    private static ShapingRules RulesOf(int which) => new("v1")
    {
        Providers = (which & 1) == 0 ? [] : [new("a.test", []) { TotalRate = new(10, TimeSpan.FromSeconds(1)) }],
        Tenants = (which & 2) == 0 ? ImmutableDictionary<string, TenantEntry>.Empty
            : ImmutableDictionary<string, TenantEntry>.Empty.Add("shop", new("shop") { Connections = 5 }),
        Pools = ImmutableDictionary<string, Pool>.Empty
            .Add("default", SiteQueuesFairnessTests.PoolOf("default", (which & 4) == 0 ? ["ip1"] : ["ip1", "ip2"]))
            .Add("own", SiteQueuesFairnessTests.PoolOf("own", "ip1")),
        Streams = (which & 8) == 0 ? [] : [new("bank", null) { Pool = "own" }],
    };
}
