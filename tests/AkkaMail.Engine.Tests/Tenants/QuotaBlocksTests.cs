using Akka.Actor;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Engine.Tests.Tenants;

/// <summary>What a node has in hand: few questions for many requests, and never more in use than there is.</summary>
public sealed class QuotaBlocksTests : Kit
{
    private static readonly Quota Daily = new(null, null, 10_000, null, QuotaMode.Reject);

    [Fact]
    public async Task Three_nodes_under_load_use_the_quota_up_and_not_one_more()
    {
        var counting = new Counting(Sys);
        var nodes = Enumerable.Range(0, 3).Select(_ => counting.Node()).ToArray();

        var granted = await Task.WhenAll(Enumerable.Range(0, 12_000).Select(i => Task.Run(async () =>
            await nodes[i % 3].Take("acme", Daily, 1, null, default, default) is QuotaGranted)));

        // All of it is with somebody. Who asks last is refused what the others have in hand.
        var inHand = nodes.Sum(n => n.InHand("acme", QuotaWindow.Day, Sys.Scheduler.Now));
        var used = await counting.Used();
        Assert.Equal(10_000, used);
        Assert.InRange(granted.Count(g => g), 9_500, 10_000);
        Assert.Equal(used, granted.Count(g => g) + inHand);
        Assert.InRange(counting.Questions, 10, 2_500);
    }

    [Fact]
    public async Task What_nobody_uses_goes_back_and_another_node_gets_it()
    {
        var counting = new Counting(Sys);
        var (a, b) = (counting.Node(), counting.Node());
        await a.Take("acme", Daily, 1, null, default, default);
        var hand = a.InHand("acme", QuotaWindow.Day, Sys.Scheduler.Now);
        Assert.Equal(9_999 / 16, hand);

        a.ReturnIdle();   // In use a moment ago.
        Assert.IsType<QuotaRefused>(
            await b.Take("acme", Daily, 9_999, Sys.Scheduler.Now.AddMilliseconds(1), default, default));
        a.ReturnIdle();

        await AwaitAssertAsync(async () => Assert.IsType<QuotaGranted>(
            await b.Take("acme", Daily, 9_999, Sys.Scheduler.Now.AddMilliseconds(1), default, default)));
    }

    [Fact]
    public async Task Who_takes_of_a_block_hears_what_is_left_in_hand_and_beside_it_and_nobody_is_asked_for_that()
    {
        var counting = new Counting(Sys);
        var node = counting.Node();

        var first = Assert.IsType<QuotaGranted>(await node.Take("acme", Daily, 4, null, default, default));
        var second = Assert.IsType<QuotaGranted>(await node.Take("acme", Daily, 6, null, default, default));
        node.GiveBack("acme", second);
        var third = Assert.IsType<QuotaGranted>(await node.Take("acme", Daily, 1, null, default, default));
        Assert.Equal(1, counting.Questions);
        // A time of its own is asked for, and what this node has in hand of that day is left too.
        var later = Assert.IsType<QuotaGranted>(await node.Take(
            "acme", Daily, 10, Sys.Scheduler.Now.AddMilliseconds(1), DateTimeOffset.MaxValue, default));

        Assert.Equal([9_996L, 9_990, 9_995, 9_985], new[] { first, second, third, later }.Select(g => g.Left!.Count));
    }

    [Fact]
    public async Task What_was_not_accepted_after_all_can_be_used_by_the_next()
    {
        var small = new Quota(null, null, 1, null, QuotaMode.Schedule);
        var node = new Counting(Sys).Node();
        var grant = Assert.IsType<QuotaGranted>(
            await node.Take("acme", small, 1, null, DateTimeOffset.MaxValue, default));

        node.GiveBack("acme", grant);

        Assert.Equal(
            grant.For, ((QuotaGranted)await node.Take("acme", small, 1, null, DateTimeOffset.MaxValue, default)).For);
    }

    [Fact]
    public async Task While_there_is_no_answer_all_who_wait_hear_so_together_and_nothing_is_taken()
    {
        var silent = CreateTestProbe();
        var node = new QuotaBlocks(() => silent, TimeProvider.System);

        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var answers = Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => node.Take("acme", Daily, 1, null, default, default)));
        await silent.ExpectMsgAsync<TakeQuota>();
        silent.Reply(new QuotaUnavailable("the journal failed"));

        Assert.All(await answers, a => Assert.IsType<QuotaUnavailable>(a));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        await silent.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The tenant's one count, with nodes around it.</summary>
    private sealed class Counting(ActorSystem system)
    {
        private readonly IActorRef _quota = system.ActorOf(QuotaActor.Props("acme"));
        private int _asked;

        public async Task<long> Used() => (await _quota.Ask<QuotaUsed>(new ReadQuota("acme"))).Day;

        public int Questions => Volatile.Read(ref _asked);

        public QuotaBlocks Node() => new(() =>
        {
            Interlocked.Increment(ref _asked);
            return _quota;
        }, TimeProvider.System);
    }
}
