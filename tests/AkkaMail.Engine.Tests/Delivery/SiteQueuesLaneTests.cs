using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Lanes come with mail and go without; what they had is somebody's at each moment.</summary>
public class SiteQueuesLaneTests
{
    [Fact]
    public void A_queue_that_lanes_share_is_counted_once()
    {
        var world = new QueueWorld
        {
            Rules = new("v1")
            {
                Sources = new[] { "ip1", "ip2", "ip3" }.ToImmutableDictionary(n => n, n => new Source { Name = n }),
                Pools = ImmutableDictionary<string, Pool>.Empty.Add(Pool.DefaultName, new(Pool.DefaultName,
                    new[] { ("ip1", 5), ("ip2", 3), ("ip3", 2) }.ToImmutableDictionary(s => s.Item1, s => s.Item2))),
            },
            Limit = _ => null,
        };

        world.Mail(Queue("a.test"), 101);
        var depths = world.Queues.Lanes(world.Now).ToDictionary(l => l.Lane.Source, l => l.Depth);

        Assert.Equal(101, depths.Values.Sum());
        Assert.Equal((51, 30, 20), (depths["ip1"], depths["ip2"], depths["ip3"]));
    }

    [Fact]
    public void A_lane_whose_stream_fails_puts_its_mail_in_doubt_and_another_takes_its_place()
    {
        var world = new QueueWorld { Limit = _ => (null, 2), Took = (_, _) => null };
        world.Mail(Queue("bad.test"), 4);
        world.Mail(Queue("ok.test"), 4);
        world.For(1);
        var failed = world.Open.Single(l => l.Key.Site == "bad.test");
        var had = failed.Running.Keys.ToHashSet();

        world.Do(q => Assert.True(q.Failed(failed, "the lane failed", world.Now)));
        world.Do(q => Assert.False(q.Failed(failed, "again", world.Now)));

        Assert.Equal(had, world.Results.Select(r => r.Id).ToHashSet());
        Assert.All(world.Results, r => Assert.Equal((AttemptEnd.InDoubt, "bad.test"), (r.End, r.Site)));
        Assert.Equal(6, world.Sent.Count);   // The lease is the limit's, whichever lane uses it.
        var other = world.Open.Single(l => !l.IsClosed && l.Key.Site == "bad.test");
        Assert.DoesNotContain(other.Running.Keys, had.Contains);
        Assert.Equal(2, world.Open.Single(l => l.Key.Site == "ok.test").Running.Count);
    }

    [Fact]
    public void Mail_of_a_source_that_is_missing_goes_by_the_others_of_its_pool()
    {
        var world = new QueueWorld { Rules = Pools(("default", ["ip1", "ip2"])) };
        world.Mail(Queue("a.test"), 1_000);
        world.For(1);
        Assert.Equal(["ip1", "ip2"], Sources(world, 0));

        world.Missing.Add("ip1");
        var before = world.Sent.Count;
        world.For(1);

        Assert.Equal(["ip2"], Sources(world, before));
        Assert.InRange(world.Sent.Count - before, 90, 110);
    }

    [Fact]
    public void Rules_that_give_a_stream_another_pool_send_back_what_is_at_hand_and_ask_for_it_anew()
    {
        var world = new QueueWorld { Rules = Pools(("default", ["ip1"])), Took = (_, _) => null, TriesAgain = true };
        world.Mail(Queue("a.test"), 15);
        world.For(1);
        Assert.Equal(10, world.Sent.Count);

        world.Rules = Pools(("new", ["ip2"])) with { Streams = [new(null, null) { Pool = "new" }] };
        world.Do(q => q.Reshaped(world.Now));
        Assert.Equal(5, world.Results.Count(r => r.Reply.Text == "its pool has changed"));
        world.RepeatWords();
        world.For(1);

        Assert.Equal(15, world.Sent.Count);
        Assert.Equal(["ip2"], Sources(world, 10));
    }

    [Fact]
    public void A_pool_that_gets_another_source_has_its_lane_too()
    {
        var world = new QueueWorld { Rules = Pools(("default", ["ip1"])) };
        world.Mail(Queue("a.test"), 1_000);
        world.For(1);

        world.Rules = Pools(("default", ["ip2", "ip3"]));
        world.Do(q => q.Reshaped(world.Now));
        var before = world.Sent.Count;
        world.For(1);

        Assert.Equal(["ip2", "ip3"], Sources(world, before));
        world.For(1);   // The lane that no queue uses ends with what it had, and so does its limit.
        Assert.True(world.Open.Single(l => l.Key.Source == "ip1").IsClosed);
        Assert.Equal("ip1", world.Told.Single(t => t.Word.Message is LeaveLane).Word.Limit.Path.Source);
    }

    [Fact]
    public void Lanes_without_mail_end_after_their_time_and_leave_their_limits()
    {
        var settings = DeliverySettings.Default with { IdleLane = TimeSpan.FromSeconds(30) };
        var world = new QueueWorld(settings) { Took = (_, _) => TimeSpan.FromSeconds(10) };
        for (var site = 0; site < 100; site++) world.Mail(Queue($"s{site}.test"), 1);

        world.For(39);
        Assert.Equal(100, world.Queues.Lanes(world.Now).Count());
        world.For(2);

        Assert.Empty(world.Queues.Lanes(world.Now));
        Assert.All(world.Open, l => Assert.True(l.IsClosed));
        Assert.Equal(100, world.Told.Count(t => t.Word.Message is LeaveLane));
        Assert.Null(world.Queues.WakesAt);
    }

    [Fact]
    public void Sites_beyond_the_bound_of_lanes_wait_for_one_to_end()
    {
        var world = new QueueWorld(DeliverySettings.Default with { LanesMax = 2, IdleLane = TimeSpan.FromSeconds(5) });
        for (var site = 0; site < 4; site++) world.Mail(Queue($"s{site}.test"), 1);
        world.Do(q => q.Handed(new(0, Queue("s9.test"), [Due("s9.test", 1)], 0), "s9.test", world.Now));
        Assert.Equal(["too many lanes are live"], world.Results.Select(r => r.Reply.Text));

        world.For(8);
        Assert.Equal(2, world.Sent.Count);
        world.RepeatWords();
        world.For(1);

        Assert.Equal(4, world.Sent.Count);
    }

    [Fact]
    public void Draining_gives_back_what_is_at_hand_takes_nothing_more_and_waits_for_the_rest()
    {
        var world = new QueueWorld { Limit = _ => (null, 3), Took = (_, _) => TimeSpan.FromSeconds(5) };
        world.Mail(Queue("a.test"), 1_000);
        world.For(1);
        var (asked, atHand) = (world.Asked.Count, world.Queues.Here.Count() - 3);

        world.Do(q => q.Drain(world.Now));
        world.Do(q => q.Handed(new(0, Queue("a.test"), [Due("a.test", 1)], 10), "a.test", world.Now));

        Assert.InRange(atHand, 9, 12);
        Assert.Equal(atHand + 1, world.Results.Count);
        Assert.All(world.Results, r =>
            Assert.Equal((AttemptEnd.NotStarted, SiteQueues.Stopping), (r.End, r.Reply.Text)));
        Assert.Equal(3, world.Queues.InFlight);
        world.For(5);
        Assert.Equal(0, world.Queues.InFlight);
        Assert.Equal((3, asked), (world.Sent.Count, world.Asked.Count));
        Assert.Equal(3, world.Results.Count(r => r.Reply.IsAccepted));
    }

    [Fact]
    public void What_is_abandoned_is_in_doubt_or_goes_back_and_late_answers_count_for_nothing()
    {
        var world = new QueueWorld { Limit = _ => (null, 3) };
        world.Mail(Queue("a.test"), 1_000);
        world.For(0.05);
        var here = world.Queues.Here.ToHashSet();

        var left = world.Queues.Abandon("it failed", world.Now);

        Assert.Equal(3, left.Count(a => a.End == AttemptEnd.InDoubt));
        Assert.Equal(here, left.Select(a => a.Id).ToHashSet());
        Assert.Equal(here.Count, left.Count);
        Assert.Empty(world.Queues.Here);
        world.For(1);
        Assert.Empty(world.Results);
    }

    [Fact]
    public void A_domain_that_moved_is_asked_for_by_the_queue_of_its_new_site_alone()
    {
        var world = new QueueWorld { Limit = _ => (10, 10) };
        world.Mail(Queue("a.test"), 1_000);
        world.For(1);

        world.SiteOf = _ => "mx.new.test";
        world.Do(q => q.DomainMoved("a.test", "a.test"));
        world.RepeatWords();
        world.For(2);   // What the old one had at hand goes where it was to go.
        var before = world.Sent.Count;
        world.For(5);

        Assert.All(world.Sent.Skip(before), s => Assert.Equal("mx.new.test", s.Lane.Site));
        Assert.InRange(world.Sent.Count - before, 49, 51);
    }

    private static ShapingRules Pools(params (string Name, string[] Sources)[] pools) => new("v1")
    {
        Pools = pools.ToImmutableDictionary(p => p.Name, p => SiteQueuesFairnessTests.PoolOf(p.Name, p.Sources)),
    };

    private static IEnumerable<string> Sources(QueueWorld world, int from) =>
        world.Sent.Skip(from).Select(s => s.Lane.Source).Distinct().Order(StringComparer.Ordinal);

    private static DueMessage Due(string domain, int n) =>
        new(new(SubmissionId.Create(9, Noon, 1), n), 1, Queue(domain), 1, Noon, Noon.AddHours(1));
}
