using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Simulator;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>
/// Whatever shape a receiver's limit has, a lane by the shipped rules finds it: after two minutes, or two of its
/// windows, it uses most of what is allowed and is hardly refused.
/// </summary>
public sealed class ShapesTests(ITestOutputHelper output)
{
    private static readonly LaneTerms Terms =
        LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new("ip1", "receiver.test")));

    private static ReceiverModel Each(int messages, int seconds, int phase = 0) => new()
    {
        Allowed = [new(default, (double)messages / seconds)],
        Counting = Counting.Windows,
        Window = TimeSpan.FromSeconds(seconds),
        Phase = TimeSpan.FromSeconds(phase),
    };

    public static TheoryData<string, int> Named
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in new[]
            {
                "50/s", "20/s", "5/s", "3000-a-minute", "300-a-minute", "60-a-minute", "300-in-any-minute",
                "500-in-10s", "penalty-30s", "10000-an-hour", "1000-an-hour",
            })
                for (var seed = 1; seed <= 3; seed++) data.Add(name, seed);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void A_lane_finds_the_shape_of_a_limit(string name, int seed) =>
        Finds(Scenario.All.Single(s => s.Name == name).Model, seed);

    [Theory]
    [InlineData(579, 120, 18), InlineData(1185, 300, 236), InlineData(130, 120, 103), InlineData(160, 30, 28)]
    [InlineData(600, 45, 10), InlineData(250, 90, 77)]
    public void Whenever_its_windows_begin(int messages, int seconds, int phase) =>
        Finds(Each(messages, seconds, phase), seed: 1);

    private Run Finds(ReceiverModel model, int seed)
    {
        var two = TimeSpan.FromMinutes(2) > 2 * model.Window ? TimeSpan.FromMinutes(2) : 2 * model.Window;
        var end = two + TimeSpan.FromTicks(Math.Max(TimeSpan.FromMinutes(20).Ticks, 3 * model.Window.Ticks));

        var run = new Run(new(model, seed), Terms).For(end);

        foreach (var e in run.Events.OfType<RateChanged>().Take(60))
            output.WriteLine(
                $"{(e.At - Run.Start).TotalSeconds,8:0.00} {e.From:0.00} -> {e.To:0.00} {e.Rule} {e.Window}");
        var after = run.Over(two, end);
        Assert.InRange(after.Accepted / model.AllowedIn(two, end, 200), 0.85, 1.01);
        Assert.InRange((double)after.Limited / after.Begun, 0, 0.02);
        Recomputed.Are(run.Events);
        return run;
    }

    [Fact]
    public void What_it_counts_by_is_known_with_how_often_it_was_seen()
    {
        var run = Finds(Each(300, 60), seed: 1);

        var window = run.Governor.Pace.Window!;
        Assert.Equal((300, TimeSpan.FromMinutes(1)), (window.Messages, window.Period));
        Assert.InRange(window.Seen, 3, window.Tried);
    }

    /// <summary>Halving goes below it; what was refused and what was taken since lie between.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(7), InlineData(9)]
    public void So_many_connections_as_it_takes_are_found(int most)
    {
        var model = new ReceiverModel { ConnectionsMax = most, Latency = TimeSpan.FromMilliseconds(200) };

        var run = new Run(new(model, seed: 1), Terms).For(TimeSpan.FromMinutes(20));

        var after = run.Over(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20));
        var full = most / 0.15 * 18 * 60;   // An answer takes three quarters of the latency on average.
        Assert.InRange(after.Accepted, 0.85 * full, 1.05 * full);
        Assert.InRange((double)after.Limited / after.Begun, 0, 0.02);
        Recomputed.Are(run.Events);
    }

    /// <summary>Postfix says the same of new connections in a minute as of connections at once; they are told apart.</summary>
    [Theory]
    [InlineData(30), InlineData(6)]
    public void Where_new_connections_are_counted_the_lane_goes_slower_and_is_hardly_refused(int aMinute)
    {
        var run = new Run(new(new() { ConnectionsPerMinute = aMinute }, seed: 1), Terms).For(TimeSpan.FromMinutes(20));

        var after = run.Over(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20));
        Assert.InRange(after.Accepted / (aMinute / 60.0 * 100 * 18 * 60), 0.5, 1.01);
        Assert.InRange((double)after.Limited / after.Begun, 0, 0.02);
        Assert.NotNull(run.Governor.Pace.Rate);
        Recomputed.Are(run.Events);
    }

    [Theory]
    [InlineData(1), InlineData(5), InlineData(20)]
    public void So_many_messages_as_it_takes_on_a_connection_are_no_limit_of_the_lane(int messages)
    {
        var run = new Run(new(new() { MessagesPerConnection = messages }, seed: 1), Terms).For(TimeSpan.FromMinutes(10));

        Assert.Null(run.Governor.Pace.Rate);
        Assert.InRange(run.Over(default, TimeSpan.FromMinutes(10)).Limited, 0, 10);
    }

    /// <summary>Each lane learns by itself, from what both of them are refused.</summary>
    [Theory]
    [InlineData(Counting.Bucket, 1), InlineData(Counting.Windows, 60)]
    public void Two_addresses_that_are_counted_as_one_share_what_is_allowed(Counting counting, int seconds)
    {
        var receiver = new SimulatedReceiver(
            new() { AllowedInAll = 20, Counting = counting, Window = TimeSpan.FromSeconds(seconds) }, seed: 1);
        var lanes = new[] { "ip1", "ip2" }.Select(source => new Run(
            receiver, LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new(source, "receiver.test"))))).ToList();

        for (var tick = 0; tick < 100 * 60 * 20; tick++)
            foreach (var lane in lanes) lane.For(TimeSpan.FromMilliseconds(10));

        var after = lanes.Select(l => l.Over(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20))).ToList();
        Assert.InRange(after.Sum(s => s.Accepted), 0.85 * 20 * 18 * 60, 1.01 * 20 * 18 * 60);
        Assert.InRange((double)after.Sum(s => s.Limited) / after.Sum(s => s.Begun), 0, 0.02);
        Assert.All(after, s => Assert.True(s.Accepted > 0.1 * 20 * 18 * 60, $"{s}"));
    }

    /// <summary>What one node was refused all of them know.</summary>
    [Theory]
    [InlineData(300, 60), InlineData(60, 60), InlineData(3_000, 60), InlineData(500, 10)]
    public void Three_nodes_share_what_one_of_them_has_learnt(int messages, int seconds)
    {
        var model = Each(messages, seconds);

        var run = new Run(new(model, seed: 1), Terms, nodes: 3).For(TimeSpan.FromMinutes(20));

        var (from, to) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20));
        var after = run.Over(from, to);
        Assert.InRange(after.Accepted / model.AllowedIn(from, to, 200), 0.85, 1.01);
        Assert.InRange((double)after.Limited / after.Begun, 0, 0.02);
    }

    [Fact]
    public void A_limit_that_falls_and_rises_is_found_again()
    {
        var run = new Run(new(Each(300, 60) with
        {
            Allowed = [new(default, 5), new(TimeSpan.FromMinutes(20), 2), new(TimeSpan.FromMinutes(50), 5)],
        }, seed: 1), Terms).For(TimeSpan.FromMinutes(110));

        var low = run.Over(TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(50));
        Assert.InRange(low.Accepted, 0.85 * 2 * 1_500, 2 * 1_560);
        var high = run.Over(TimeSpan.FromMinutes(80), TimeSpan.FromMinutes(110));
        Assert.InRange(high.Accepted, 0.85 * 5 * 1_800, 5 * 1_860);
    }

    /// <summary>A punishment looks like a window until somebody tries.</summary>
    [Fact]
    public void A_receiver_that_punishes_a_speed_has_no_window()
    {
        var model = new ReceiverModel { Allowed = [new(default, 5)], Penalty = TimeSpan.FromSeconds(30) };

        var run = new Run(new(model, seed: 1), Terms).For(TimeSpan.FromMinutes(40));

        output.WriteLine($"{run.Over(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(40))}");
        Assert.Null(run.Governor.Pace.Window);
        Assert.True(run.Over(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(40)).Accepted > 0.5 * 5 * 1_800);
    }

    [Fact]
    public void A_governor_that_begins_anew_while_the_receiver_is_full_goes_on_with_what_it_knew()
    {
        var run = new Run(new(Each(300, 60), seed: 1), Terms).For(TimeSpan.FromMinutes(2));
        run.For(TimeSpan.FromSeconds(80));   // Full after a look for more, or before one: both have to do.
        run.RestartGovernor();

        run.For(TimeSpan.FromMinutes(10));

        var after = run.Over(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(13));
        Assert.InRange(after.Accepted, 0.85 * 5 * 480, 5 * 490);
    }
}
