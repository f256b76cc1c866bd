using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Api.Lanes;

namespace AkkaMail.Server.Tests.Api.Lanes;

public sealed class LaneFactsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly LaneKey Key = new("ip1", "google");
    private static readonly LaneTerms Terms = new(new LimitKey.Lane(Key), new(100, TimeSpan.FromSeconds(1)), 10, [], null, "v1");
    private static readonly Cause Slow = new(Noon, Noon, ReplyClass.RateLimited,
        SmtpReply.Parse(421, "4.7.28 unusual rate"), default, "default", "transactional");

    private static readonly LaneState AsConfigured =
        new(Noon, "v1", 100, 10, Pace.Free, [], null, 80, Standing.Good, null);

    private static readonly Pace Learnt = Pace.Free with { Rate = 47.5, ChangedAt = Noon, Rule = "aimd/limited", Cause = Slow };

    [Fact]
    public void A_lane_as_configured_runs_and_ends_in_its_depth_over_its_rate()
    {
        var lane = Described(AsConfigured, depth: 1_500);

        Assert.Equal(("running", 100.0, "100/s", Noon.AddSeconds(15)),
            (lane.State, lane.Rate!.PerSecond, lane.Rate.Text, lane.Eta));
        Assert.Null(lane.Why);
    }

    [Fact]
    public void A_lane_that_was_objected_to_says_which_reply_slowed_it_and_when_it_may_step_up()
    {
        var lane = Described(AsConfigured with { Rate = 47.5, Pace = Learnt });

        Assert.Equal(("limited", "47.5/s", "aimd/limited", "4.7.28", Noon.AddSeconds(5)), (lane.State, lane.Rate!.Text,
            lane.Why!.Rule, lane.Why.Cause!.Reply.EnhancedCode, lane.NextStep!.At));
    }

    /// <summary>By the messages that ask whether it has opened, its mail would take for ever.</summary>
    [Fact]
    public void While_a_receiver_is_full_mail_is_expected_by_what_its_window_holds_or_not_at_all()
    {
        var full = Learnt with { Rate = 0.1, Ceiling = 48, Rule = WindowPace.FullRule };
        var known = full with { Window = new(300, TimeSpan.FromMinutes(1), 3) };

        var (nobodyKnows, counted) = (Described(AsConfigured with { Rate = 0.1, Pace = full }, depth: 1_500),
            Described(AsConfigured with { Rate = 0.1, Pace = known }, depth: 1_500));

        Assert.Null(nobodyKnows.Eta);
        Assert.Equal((Noon.AddMinutes(5), new LaneWindow(300, 60, 3, 3)), (counted.Eta, counted.Takes));
        Assert.All([nobodyKnows, counted], lane => Assert.Null(lane.NextStep));
    }

    [Fact]
    public void A_suspended_lane_sends_nothing_and_its_mail_is_expected_after_the_end()
    {
        var lane = Described(AsConfigured, depth: 200, Suspended(TimeSpan.FromHours(1)));

        Assert.Equal(("suspended", 0.0, "operator", Noon.AddHours(1).AddSeconds(2)),
            (lane.State, lane.Rate!.PerSecond, lane.Why!.Rule, lane.Eta));
    }

    [Fact]
    public void A_suspension_without_an_end_has_none_and_nobody_knows_when_the_mail_goes()
    {
        var lane = Described(AsConfigured, depth: 200, Suspended(TimeSpan.FromDays(36_500)));

        Assert.Null(lane.Holds[0].Until);
        Assert.Null(lane.Eta);
    }

    [Fact]
    public void An_operators_limit_is_the_reason_where_it_is_the_lower_one()
    {
        var limit = Held(new Reaction.LimitRate(new(10, TimeSpan.FromMinutes(1))), TimeSpan.FromHours(1));
        var learnt = AsConfigured with { Pace = Learnt };

        var ordered = Described(learnt with { Rate = 10 / 60.0 }, 0, limit);
        var lower = Described(learnt with { Rate = 0.1 }, 0, limit);

        Assert.Equal(("operator", "10/min"), (ordered.Why!.Rule, ordered.Rate!.Text));
        Assert.Equal(("aimd/limited", "6/min"), (lower.Why!.Rule, lower.Rate!.Text));
    }

    [Fact]
    public void A_bad_name_alone_slows_a_lane_and_is_said()
    {
        var lane = Described(AsConfigured with { Rate = 50, Score = 30 });

        Assert.Equal(("limited", "reputation"), (lane.State, lane.Why!.Rule));
    }

    [Fact]
    public void A_warm_up_knows_no_end_beyond_what_its_stage_allows()
    {
        var warmUp = WarmUp.Begin(new("own", TimeSpan.FromDays(1), [200, 500])) with
        {
            Stage = 1,
            GrantedInPeriod = 400,
            PeriodEnds = Noon.AddHours(12),
        };
        var state = AsConfigured with { WarmUp = warmUp };

        var (fits, more) = (Described(state, depth: 100), Described(state, depth: 101));

        Assert.Equal(("warming_up", 2, Noon.AddSeconds(1)), (fits.State, fits.WarmUp!.Stage, fits.Eta));
        Assert.Null(more.Eta);
    }

    [Fact]
    public void A_list_leaves_out_what_is_told_of_one_lane()
    {
        var state = AsConfigured with
        { WarmUp = WarmUp.Begin(new("own", TimeSpan.FromDays(1), [200, 500])), ComplaintRate = 0.001 };

        var (one, listed) = (Described(state), Described(state).InList());

        Assert.Equal((0.001, new("own", 1, 2, 200, "day", 0, 0, false) { Scope = "lane" }), (one.ComplaintRate!.Value, one.WarmUp!));
        Assert.Equal((null, new("own", 1, null, 200, null, 0, null, null) { Scope = "lane" }), (listed.ComplaintRate, listed.WarmUp!));
    }

    [Fact]
    public void Without_a_lease_or_an_address_nothing_is_promised()
    {
        var live = Live(null, 9);

        var (none, missing) = (Response(live), Response(live with { IsMissing = true }));
        var expired = Response(Live(Lease(AsConfigured) with { Until = Noon - Budget.Grace }, 9));

        Assert.Equal(("no_lease", 0.0), (none.State, none.Rate!.PerSecond));
        Assert.Equal(("no_lease", 10.0), (expired.State, expired.Rate!.PerSecond));
        Assert.Equal("source_missing", missing.State);
        Assert.All([none, missing, expired], l => Assert.Null(l.Eta));
    }

    [Fact]
    public void A_lane_without_mail_lets_its_lease_go_and_is_idle()
    {
        var lane = Response(Live(Lease(AsConfigured) with { Until = Noon }, 0));

        Assert.Equal(("idle", 100.0), (lane.State, lane.Rate!.PerSecond));
    }

    [Fact]
    public void A_lane_whose_day_of_the_warm_up_is_used_up_stands_still_and_says_until_when()
    {
        var tomorrow = Noon.Date.AddDays(1);
        var used = WarmUp.Begin(new("plan", TimeSpan.FromDays(1), [200, 400])) with
        {
            Day = DateOnly.FromDateTime(Noon.UtcDateTime),
            PeriodEnds = new(tomorrow, TimeSpan.Zero),
            GrantedInPeriod = 200,
        };

        var own = Described(AsConfigured with { WarmUp = used }, depth: 50);
        var shared = LaneFacts.Of(Live(Lease(AsConfigured), 50), Terms, Noon, AsConfigured with { WarmUp = used }).ToResponse();
        var next = LaneFacts.Of(Live(Lease(AsConfigured), 50), Terms, Noon.AddDays(1), AsConfigured with { WarmUp = used }).ToResponse();

        Assert.All([own, shared], lane => Assert.Equal(("warming_up", 0.0, new DateTimeOffset(tomorrow, TimeSpan.Zero), 200L),
            (lane.State, lane.Rate!.PerSecond, lane.WarmUp!.UsedUpUntil!.Value, lane.WarmUp.Granted)));
        Assert.Equal(("lane", "source"), (own.WarmUp!.Scope, shared.WarmUp!.Scope));
        Assert.Equal((0L, null), (next.WarmUp!.Granted, next.WarmUp.UsedUpUntil));
    }

    [Fact]
    public void What_the_score_takes_is_told_beside_another_cause()
    {
        var lane = Described(AsConfigured with { Rate = 39.6, Pace = Learnt, Score = 50 });

        Assert.Equal(("aimd/limited", 0.83), (lane.Why!.Rule, lane.ScoreFactor));
    }

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(47.46, "47.5/s")]
    [InlineData(0.1, "6/min")]
    [InlineData(0.004, "14.4/h")]
    public void A_rate_is_said_by_the_unit_in_which_it_is_a_number(double rate, string words) =>
        Assert.Equal(words, LaneRate.Words(rate));

    private static Hold Suspended(TimeSpan time) => Held(new Reaction.Suspend(), time);

    private static Hold Held(Reaction reaction, TimeSpan time) => new(
        1, reaction, HoldTarget.Lane, Noon, Noon + time, Hold.Operator, "v1", null, "why");

    private static LaneResponse Described(LaneState state, long depth = 0, params Hold[] holds) =>
        Response(Live(Lease(state with { Holds = [.. holds] }), depth));

    private static Lease Lease(LaneState state) => new(
        new LimitKey.Lane(Key), 1, 100, 10, 10, Noon.AddSeconds(20), null, default, state);

    /// <summary>What waits is divided among the nodes, and so is the lane: each has a part of both.</summary>
    [Fact]
    public void Parts_of_nodes_add_up_and_the_newest_lease_says_how_the_lane_stands()
    {
        NodeLane Part(string node, bool isMissing = false) => new(Key, node, null, 1, 2, 3, 4, 5, null, isMissing);
        var newest = Lease(AsConfigured);

        var lanes = LiveLanes.Of(new(ImmutableSortedDictionary<string, ImmutableArray<NodeLanes>>.Empty
            .Add("n1", [new([Part("n1") with { Lease = newest with { Until = newest.Until.AddSeconds(-1) } }], HasMore: true),
                new([Part("n1") with { Lane = new("ip2", "google") }])])
            .Add("n2", [new([Part("n2", isMissing: true) with { Lease = newest }])]), ["n3"]));

        var whole = Assert.Single(lanes.Lanes, l => l.Lane == Key);
        Assert.Equal(("n1,n2", newest, 2, 4, 6, 8L, 10L, false), (string.Join(',', whole.Nodes), whole.Lease,
            whole.InUse, whole.AtHand, whole.Room, whole.Depth, whole.QuotaLeft, whole.IsMissing));
        Assert.Equal("n1", Assert.Single(Assert.Single(lanes.Lanes, l => l.Lane.Source == "ip2").Nodes));
        Assert.Equal(["n3"], lanes.SilentNodes);
    }

    private static LiveLane Live(Lease? lease, long depth) => new(Key, ["n"], lease, 0, 0, 0, depth, 0, false);

    private static LaneResponse Response(LiveLane live) => LaneFacts.Of(live, Terms, Noon).ToResponse();
}
