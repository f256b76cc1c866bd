using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using CsCheck;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>
/// Random rules and random replies: when holds begin and end, whom they concern, and what comes after. CsCheck prints
/// the seed of a case that fails.
/// </summary>
public sealed class HoldProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly LimitKey Lane = new LimitKey.Lane(new("ip1", "site"));
    private static readonly string[] Tenants = ["shop", "bank"], Streams = ["transactional", "broadcast"];

    // Without "blocked" and "unreachable", which trip the breaker: it has tests of its own.
    private static readonly ReplyClass[] Classes =
        [ReplyClass.RateLimited, ReplyClass.Content, ReplyClass.UnknownUser, ReplyClass.OtherTransient, ReplyClass.Own];

    private static readonly Gen<Reaction> AnyReaction = Gen.OneOf(
        Gen.Const((Reaction)new Reaction.Suspend()),
        Gen.Int[1, 600].Select(n => (Reaction)new Reaction.LimitRate(new(n, TimeSpan.FromMinutes(1)))),
        Gen.Int[1, 3].Select(n => (Reaction)new Reaction.LimitConnections(n)));

    private static readonly Gen<ReactionRule> AnyRule =
        from c in Gen.Int[0, Classes.Length - 1]
        from count in Gen.Int[1, 5]
        from per in Gen.Int[1, 60]
        from reactions in AnyReaction.Array[1, 2]
        from seconds in Gen.Int[1, 180]
        from scope in Gen.Int[0, 2]
        select new ReactionRule
        {
            Id = "",
            Class = Classes[c],
            Threshold = count == 1 ? null : new(count, TimeSpan.FromSeconds(per)),
            Reactions = [.. reactions.DistinctBy(r => r.GetType())],
            For = TimeSpan.FromSeconds(seconds),
            Scope = (ReactionScope)scope,
        };

    private static readonly Gen<(int Gap, int Took, int Late, int Class, int Count, int Who)> AnyReply =
        Gen.Select(Gen.Int[0, 8_000], Gen.Int[1, 5_000], Gen.Int[0, 300], Gen.Int[0, Classes.Length - 1], Gen.Int[1, 3],
            Gen.Int[0, 3]);

    private static readonly Gen<(LaneTerms Terms, List<HeardReply> Replies)> AnyCase =
        from rules in AnyRule.Array[1, 4]
        from hasRate in Gen.Bool
        from replies in AnyReply.Array[1, 40]
        select (Terms([.. rules.Select((r, i) => r with { Id = $"rule-{i}" })], hasRate), Heard(replies));

    [Fact]
    public void A_hold_covers_its_time_to_the_tick_and_only_those_it_concerns() => AnyCase.Sample(c =>
    {
        var (governor, oracle) = (new Governor(Lane), new HoldOracle(c.Terms.Rules));

        Play(governor, c.Terms, c.Replies, oracle.Hear, now =>
        {
            var edges = oracle.Holds.Values.SelectMany(h => new[] { h.Until, h.Until.AddTicks(-1) })
                .Where(e => e > now && e <= now + Tick);
            foreach (var moment in edges.Prepend(now))
            {
                var expected = oracle.At(moment).SelectMany(
                    h => h.Rule.Reactions, (h, r) => (h.Rule.Id, h.Tenant, h.Stream, r, h.From, h.Until));
                var held = governor.HoldsAt(moment).Select(
                    h => (h.Rule, h.Target.Tenant, h.Target.Stream, h.Reaction, h.From, h.Until));
                Assert.Equal(expected.ToHashSet(), held.ToHashSet());
                foreach (var tenant in Tenants)
                    foreach (var stream in Streams)
                        Assert.Equal(oracle.Stops(tenant, stream, moment),
                            governor.HoldsAt(moment).Any(h => h.Stops(tenant, stream, moment)));
            }
        });
    }, iter: 100);

    [Fact]
    public void Each_change_follows_from_what_is_recorded_with_it() => AnyCase.Sample(c =>
        Recomputed.Are(Play(new Governor(Lane), c.Terms, c.Replies, _ => { }, _ => { })), iter: 300);

    [Fact]
    public void No_lane_goes_faster_after_a_hold_than_right_before_its_end_and_one_step() => AnyCase.Sample(c =>
    {
        var governor = new Governor(Lane);
        var before = double.PositiveInfinity;

        Play(governor, c.Terms, c.Replies, _ => { }, now =>
        {
            var at = governor.At(c.Terms, now);
            // The score is a factor beside the pace, with its own slow course.
            var rate = at.Rate / Reputation.Factor(at.Score) ?? double.PositiveInfinity;
            // A rule may hold a lane under the floor; what it goes on from is the floor.
            var most = Math.Max(before, Adaptation.Floor) * Adaptation.StepMax;
            Assert.True(rate <= most + 1e-9, $"{before} -> {rate} at {now - Start}");
            before = rate;
        });
    }, iter: 100);

    [Fact]
    public void Connections_come_back_one_by_one_after_a_hold() => AnyCase.Sample(c =>
    {
        var governor = new Governor(Lane);
        var before = int.MaxValue;

        Play(governor, c.Terms, c.Replies, _ => { }, now =>
        {
            var connections = governor.At(c.Terms, now).Connections;
            Assert.True(connections <= before + 1L, $"{before} -> {connections} at {now - Start}");
            before = connections;
        });
    }, iter: 100);

    [Fact]
    public void A_governor_replayed_from_its_events_says_the_same_at_every_later_moment() => AnyCase.Sample(c =>
    {
        var governor = new Governor(Lane);
        var events = Play(governor, c.Terms, c.Replies, _ => { }, _ => { });

        var replayed = new Governor(Lane);
        foreach (var e in events) replayed.Apply(e);

        var end = c.Replies[^1].ReportedAt;
        for (var now = end; now < end.AddMinutes(10); now += TimeSpan.FromSeconds(1))
        {
            var (a, b) = (governor.At(c.Terms, now), replayed.At(c.Terms, now));
            Assert.Equal(a with { Holds = [] }, b with { Holds = [] });
            Assert.Equal(a.Holds.AsEnumerable(), b.Holds);
        }
    }, iter: 100);

    /// <summary>The replies at their times, twenty clean ones at each tick, until all holds are over.</summary>
    private static List<IGovernorEvent> Play(
        Governor governor, LaneTerms terms, List<HeardReply> replies, Action<HeardReply> heard,
        Action<DateTimeOffset> check)
    {
        var events = new List<IGovernorEvent>();
        var (next, end) = (0, replies[^1].ReportedAt.AddMinutes(4));
        for (var now = Start; now < end; now += Tick)
        {
            for (; next < replies.Count && replies[next].ReportedAt <= now; next++)
            {
                var r = replies[next];
                heard(r);
                var cause = new Cause(r.At, r.BegunAt, r.Class, SmtpReply.Parse(451, "4.0.0 words"),
                    new(new(SubmissionId.Create(0, r.At, (ulong)next), 0), 1), r.Tenant, r.Stream);
                events.AddRange(governor.Observe(
                    new(OutcomeCounts.Of((r.Class, r.Count)), [new(cause, r.Count)], 0), terms, r.ReportedAt));
            }
            events.AddRange(governor.Observe(new(OutcomeCounts.Of((ReplyClass.Accepted, 20)), [], 20), terms, now));
            events.AddRange(governor.PassTime(terms, now));
            check(now);
        }
        return events;
    }

    private static LaneTerms Terms(ImmutableArray<ReactionRule> rules, bool hasRate) =>
        new(Lane, hasRate ? new(100, TimeSpan.FromSeconds(1)) : null, 20, rules, null, "v1");

    private static List<HeardReply> Heard((int Gap, int Took, int Late, int Class, int Count, int Who)[] replies)
    {
        var (all, at) = (new List<HeardReply>(), Start);
        foreach (var r in replies)
        {
            at += TimeSpan.FromMilliseconds(r.Gap);
            all.Add(new(at.AddMilliseconds(-r.Took), at, at.AddMilliseconds(r.Late), Classes[r.Class], r.Count,
                Tenants[r.Who / 2], Streams[r.Who % 2]));
        }
        return [.. all.OrderBy(r => r.ReportedAt)];
    }
}
