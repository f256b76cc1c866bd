using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Why a message that is due has not begun: what has to give way first, and what is behind that.</summary>
public class SiteQueuesWaitingTests
{
    private static readonly LaneKey Lane = new(Source.DefaultName, "a.test");
    private static readonly Cause Said = new(Noon, Noon, ReplyClass.RateLimited,
        SmtpReply.Parse(421, "4.7.28 unusual rate"), default, "default", "transactional");

    /// <summary>One that its ledger still has, with so many of its queue before it.</summary>
    private static Waiting? Ask(QueueWorld world, int before, QueueKey? queue = null) => world.Queues.Why(
        new(SubmissionId.Create(0, Noon, 99), 0),
        new(queue ?? Queue("a.test"), MessageStatus.Accepted, Noon, before), 0, "a.test", world.Now);

    private static QueueWorld Leased(Func<Lease, Lease> lease)
    {
        var world = new QueueWorld { Limit = _ => null };
        world.Mail(Queue("a.test"), 100);
        world.Do(q => q.Leased(lease(LeaseOf(new LimitKey.Lane(Lane), 1, 10, 5, Noon)), Noon));
        return world;
    }

    [Fact]
    public void A_lane_that_an_operator_stopped_holds_it_until_the_orders_end()
    {
        var hold = new Hold(1, new Reaction.Suspend(), HoldTarget.Lane, Noon, Noon.AddHours(1), Hold.Operator, "v1", null, "wait");
        var world = Leased(l => l with { Rate = 0, State = l.State with { Holds = [hold] } });

        var why = Ask(world, 40)!;

        Assert.Equal((HeldBy.Hold, Noon.AddHours(1), Lane, "operator", "wait"),
            (why.By, why.Until, why.Lane, why.Why!.Rule, why.Why.Note));
        Assert.Equal(40, why.Ahead);
    }

    [Fact]
    public void A_hold_without_an_end_has_no_until_and_the_breakers_is_called_by_its_name()
    {
        var world = Leased(l => l with
        {
            State = l.State with
            {
                Holds = [new(1, new Reaction.Suspend(), HoldTarget.Lane, Noon, Noon.AddYears(9), "breaker/unreachable", "v1", Said, null)],
            },
        });

        var why = Ask(world, 1)!;

        Assert.Equal((HeldBy.Breaker, null, null), (why.By, why.Until, why.Eta));
        Assert.Equal("4.7.28", why.Why!.Cause!.Reply.Enhanced.ToString());
    }

    [Fact]
    public void A_learnt_rate_names_its_rule_and_the_reply_and_when_it_begins_if_nothing_changes()
    {
        var world = Leased(l => l with
        {
            State = l.State with { Pace = Pace.Free with { Rate = 10, Rule = "aimd/limited", Cause = Said } },
        });
        world.For(0.05);   // What may go at once has gone.

        var why = Ask(world, 89)!;

        Assert.Equal((HeldBy.Rate, "aimd/limited", "4.7.28"), (why.By, why.Why!.Rule, why.Why.Cause!.Reply.Enhanced.ToString()));
        Assert.InRange(why.Ahead!.Value, 89, 100);
        // 10 a second, from when the next one may go.
        Assert.InRange((why.Eta!.Value - world.Now).TotalSeconds - why.Ahead.Value / 10.0, 0, 0.1);
    }

    [Fact]
    public void The_next_one_of_a_slow_lane_begins_when_its_time_has_come_and_not_before()
    {
        var world = Leased(l => l with { Rate = 0.1, Burst = 1 });
        world.For(0.05);   // What may go at once has gone.

        var why = Ask(world, 0)!;

        Assert.Equal(HeldBy.Rate, why.By);
        Assert.InRange((why.Eta!.Value - world.Now).TotalSeconds, 9, 1_000);
    }

    [Fact]
    public void Connections_that_are_all_in_use_hold_it()
    {
        var world = new QueueWorld { Took = (_, _) => null };
        world.Mail(Queue("a.test"), 100);
        world.For(0.2);
        Assert.Equal(10, world.Sent.Count);

        var why = Ask(world, 3)!;
        Assert.Equal((HeldBy.Connections, null, null), (why.By, why.Until, why.Eta));   // Nobody knows when one gets free.
    }

    [Fact]
    public void A_warm_up_that_is_used_up_holds_it_until_its_hour_or_day_ends()
    {
        var plan = new WarmUpPlan("careful", TimeSpan.FromDays(1), [50, 100]);
        var world = Leased(l => l with
        {
            Quota = 0,
            QuotaEnds = Noon.AddHours(12),
            State = l.State with { WarmUp = Granted(plan, 50) },
        });

        var why = Ask(world, 7)!;

        Assert.Equal((HeldBy.WarmUp, Noon.AddHours(12), "warm_up/careful", null), (why.By, why.Until, why.Why!.Rule, why.Eta));
    }

    private static WarmUp Granted(WarmUpPlan plan, int count) =>
        WarmUp.Begin(plan).After(new WarmUpGranted(Noon, Noon.AddHours(12), count));

    /// <summary>A day's volume comes in fiftieths: between two of them nothing is used up.</summary>
    [Fact]
    public void A_warm_up_with_more_to_be_had_holds_nothing()
    {
        var plan = new WarmUpPlan("careful", TimeSpan.FromDays(1), [50, 100]);
        var world = Leased(l => l with
        {
            Quota = 0,
            QuotaEnds = Noon.AddHours(12),
            State = l.State with { WarmUp = Granted(plan, 49) },
        });

        Assert.True(Ask(world, 0) is { By: HeldBy.None or HeldBy.Share, Until: null });
    }

    [Fact]
    public void A_warm_up_that_is_paused_holds_it_until_somebody_resumes_it()
    {
        var plan = new WarmUpPlan("careful", TimeSpan.FromDays(1), [50, 100]);
        var world = Leased(l => l with
        {
            Quota = 0,
            QuotaEnds = Noon.AddHours(12),
            State = l.State with { WarmUp = WarmUp.Begin(plan) with { IsPaused = true } },
        });

        var why = Ask(world, 7)!;

        Assert.Equal((HeldBy.Paused, null, "warm_up/careful", null), (why.By, why.Until, why.Why!.Rule, why.Eta));
    }

    [Fact]
    public void A_source_that_is_not_on_this_node_holds_it()
    {
        var world = new QueueWorld();
        world.Missing.Add(Source.DefaultName);
        world.Mail(Queue("a.test"), 1);

        Assert.Equal(HeldBy.Source, Ask(world, 0)!.By);
    }

    [Fact]
    public void A_tenants_own_limit_is_told_as_such()
    {
        var world = new QueueWorld
        {
            Rules = new("v1") { Tenants = ImmutableDictionary<string, TenantEntry>.Empty.Add("shop", new("shop") { Connections = 1 }) },
            Limit = key => key is LimitKey.TenantTotal ? (null, 1) : (null, 10),
            Took = (_, _) => null,
        };
        world.Mail(Queue("a.test"), 5);
        world.For(0.2);
        Assert.Single(world.Sent);

        Assert.Equal(HeldBy.TenantLimit, Ask(world, 3)!.By);
    }

    [Fact]
    public void A_window_that_is_closed_holds_it_until_it_opens()
    {
        var night = new StreamPolicy("shop", null)
        {
            Windows = [new([.. Enum.GetValues<DayOfWeek>()], new(22, 0), new(23, 0), TimeZoneInfo.Utc)],
        };
        var world = new QueueWorld { Rules = new("v1") { Streams = [night] } };
        world.Mail(Queue("a.test"), 1);

        var why = Ask(world, 0)!;

        Assert.Equal((HeldBy.Window, Noon.AddHours(10), Noon.AddHours(10)), (why.By, why.Until, why.Eta));
    }

    [Fact]
    public void Others_of_its_class_go_round_and_those_of_the_other_class_are_not_counted()
    {
        var world = new QueueWorld { Limit = _ => null };
        world.Mail(Queue("a.test"), 100);
        world.Mail(Queue("a.test", tenant: "other"), 30);
        world.Mail(Queue("a.test", Streams.Broadcast), 5_000);

        Assert.Equal(50 + 30, Ask(world, 50)!.Ahead);   // Both have their turns; the other has 30 only.
        Assert.Equal(10 + 10, Ask(world, 10)!.Ahead);
        Assert.Equal(10, Ask(world, 10, Queue("a.test", Streams.Broadcast))!.Ahead);
    }

    [Fact]
    public void The_engaged_of_all_domains_of_its_site_are_before_one_who_is_not_and_no_others_before_one_who_is()
    {
        var (here, there) = (Queue("a.test", Streams.Broadcast), Queue("b.test", Streams.Broadcast));
        var world = new QueueWorld { SiteOf = _ => "a.test", Limit = _ => null };
        world.Mail(here, 1_000);
        world.Mail(there, 1_000);
        world.Do(q => q.HasMail(new(0, there, 1_000) { Head = new(Noon, 70) }, "a.test", Noon));
        long? Ahead(MessagePlace place) => world.Queues.Why(
            new(SubmissionId.Create(0, Noon, 99), 0), place, 0, "a.test", world.Now)!.Ahead;
        MessagePlace Place(int before) => new(here, MessageStatus.Accepted, Noon, before);

        Assert.Equal(50 + 70, Ahead(Place(50)));
        Assert.Equal(90 + 90, Ahead(Place(90)));
        Assert.Equal(50 + 50, Ahead(Place(50) with { IsEngaged = true }));
        Assert.Equal(90 + 70, Ahead(Place(90) with { IsEngaged = true }));
        Assert.Equal(20, world.Queues.Why(new(SubmissionId.Create(0, Noon, 99), 0),
            Place(50) with { EngagedBefore = 20 }, 0, "a.test", world.Now)!.EngagedAhead);
    }

    [Fact]
    public void What_is_at_hand_waits_and_what_is_on_the_wire_does_not()
    {
        var world = new QueueWorld { Limit = _ => (1, 1), Took = (_, _) => null };
        world.Mail(Queue("a.test"), 3);
        world.For(0.5);
        var sent = world.Sent.Single().Message;
        var place = new MessagePlace(Queue("a.test"), MessageStatus.Sending, Noon, null);

        Assert.Null(world.Queues.Why(sent.Id, place, 0, "a.test", world.Now));
        var next = world.Handed.First(a => a != sent.Attempt).Message;
        Assert.Equal(0, world.Queues.Why(next, place, 0, "a.test", world.Now)!.Ahead);
    }
}
