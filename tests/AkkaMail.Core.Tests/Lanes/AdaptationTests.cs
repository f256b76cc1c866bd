using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Simulator;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>The real governor against a simulated receiver, in virtual time.</summary>
public sealed class AdaptationTests(ITestOutputHelper output)
{
    private static readonly LaneTerms Terms = new(
        new LimitKey.Lane(new("ip1", "site")), new(100, TimeSpan.FromSeconds(1)), 100, [], null, "v1");

    public static TheoryData<Counting, int> Receivers
    {
        get
        {
            var data = new TheoryData<Counting, int>();
            foreach (var counting in new[] { Counting.Bucket, Counting.Windows })
                for (var seed = 1; seed <= 5; seed++) data.Add(counting, seed);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Receivers))]
    public void A_lane_settles_just_under_a_limit_nobody_told_it(Counting counting, int seed)
    {
        var receiver = new SimulatedReceiver(new() { Allowed = [new(TimeSpan.Zero, 50)], Counting = counting }, seed);

        var run = new Run(receiver, Terms).For(TimeSpan.FromMinutes(11));

        var settled = run.Over(TimeSpan.FromSeconds(110), TimeSpan.FromSeconds(120));
        var later = run.Over(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(11));
        Say(counting, seed, run);
        Assert.InRange(settled.Begun / 10.0, 45, 50);
        Assert.True(later.Accepted >= 0.85 * 50 * 600, $"{later}");
        Assert.True(later.Limited < 0.02 * later.Begun, $"{later}");
    }

    [Theory]
    [MemberData(nameof(Receivers))]
    public void It_follows_a_limit_down_and_up_again_without_a_jump(Counting counting, int seed)
    {
        var receiver = new SimulatedReceiver(new()
        {
            Allowed = [new(TimeSpan.Zero, 50), new(TimeSpan.FromMinutes(5), 5), new(TimeSpan.FromMinutes(15), 50)],
            Counting = counting,
        }, seed);

        var run = new Run(receiver, Terms).For(TimeSpan.FromMinutes(25));

        Say(counting, seed, run);
        var low = run.Over(TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(15));
        Assert.InRange(low.Accepted, 0.85 * 5 * 540, 5 * 541);
        Assert.True(low.Limited < 0.02 * low.Begun, $"{low}");
        var back = run.Over(TimeSpan.FromMinutes(22), TimeSpan.FromMinutes(25));
        Assert.True(back.Accepted >= 0.85 * 50 * 180, $"{back}");
        Assert.All(run.Events.OfType<RateChanged>().Where(e => e.To > e.From), e => Assert.True(e.To <= e.From * 1.25 + 1e-9));
    }

    [Theory]
    [MemberData(nameof(Receivers))]
    public void Each_cut_and_step_follows_from_what_is_recorded_with_it(Counting counting, int seed)
    {
        var receiver = new SimulatedReceiver(new()
        {
            Allowed = [new(TimeSpan.Zero, 50), new(TimeSpan.FromMinutes(2), 5), new(TimeSpan.FromMinutes(5), 200)],
            Counting = counting,
        }, seed);

        var run = new Run(receiver, Terms, nodes: 2).For(TimeSpan.FromMinutes(12));

        Assert.True(run.Events.OfType<RateChanged>().Count(e => e.IsCut) > 3);
        Recomputed.Are(run.Events);
        // What it did meanwhile is all told, minute by minute.
        var minutes = run.Events.OfType<OutcomesCounted>().ToList();
        var begun = run.Over(TimeSpan.Zero, minutes[^1].Minute.AddMinutes(1) - Run.Start).Begun;
        Assert.InRange(minutes.Sum(m => (long)m.Began), begun - 200, begun + 200);
        Assert.All(minutes, m => Assert.Equal(("v1", true), (m.Version, m.MostInUse is > 0 and <= 100)));
    }

    /// <summary>
    /// 1,000/s are allowed, ten connections carry 67/s: cutting a rate that nobody reaches would change nothing.
    /// </summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void It_settles_as_soon_where_connections_and_not_the_rate_bound_what_it_sent(int seed)
    {
        var receiver = new SimulatedReceiver(
            new() { Allowed = [new(TimeSpan.Zero, 50)], Latency = TimeSpan.FromMilliseconds(150) }, seed);
        var terms = Terms with { Rate = new(1_000, TimeSpan.FromSeconds(1)), Connections = 10 };

        var run = new Run(receiver, terms).For(TimeSpan.FromMinutes(2));

        Say(Counting.Bucket, seed, run);
        var settled = run.Over(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Assert.InRange(settled.Accepted / 50.0, 42, 50.1);
        Assert.InRange((double)settled.Limited / settled.Begun, 0, 0.03);
    }

    [Fact]
    public void One_objection_to_a_lane_that_hardly_sends_halves_it_at_most()
    {
        var governor = new Governor(Terms.Limit);
        var now = Run.Start.AddSeconds(3);
        var cause = new Cause(now, now, ReplyClass.RateLimited, SmtpReply.Parse(421, "4.7.0 Too many"), default, "default",
            "transactional");
        governor.Observe(new(OutcomeCounts.Of((ReplyClass.Accepted, 2)), [], 2), Terms, Run.Start);

        var events = governor.Observe(
            new(OutcomeCounts.Of((ReplyClass.RateLimited, 1)), [new(cause, 1)], 1), Terms, now);

        Assert.InRange(Assert.Single(events.OfType<RateChanged>()).To!.Value, 50, 65);
    }

    private void Say(Counting counting, int seed, Run run)
    {
        output.WriteLine($"{counting} seed {seed}");
        for (var m = 0; m < run.Seconds.Count / 60; m++)
            output.WriteLine($"{m,3} {run.Over(TimeSpan.FromMinutes(m), TimeSpan.FromMinutes(m + 1))}");
        foreach (var e in run.Events.OfType<RateChanged>().Take(60))
            output.WriteLine($"{(e.At - Run.Start).TotalSeconds,8:0.00} {e.From:0.00} -> {e.To:0.00} ceiling {e.Ceiling:0.00} {e.Rule} m{e.Misses} p{e.Probes}");
    }
}
