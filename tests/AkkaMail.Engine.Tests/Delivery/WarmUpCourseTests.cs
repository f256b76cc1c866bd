using System.Diagnostics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using Xunit.Abstractions;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>45 days of a new source beside a warm one, in virtual time.</summary>
public sealed class WarmUpCourseTests(ITestOutputHelper output)
{
    private const int Days = 45;

    /// <summary>Plan, provider, seed, a day's mail at most, the stage and days in which a fifth is put off.</summary>
    public static TheoryData<string, string, int, int, int, int> Courses => new()
    {
        { "ses-45", "google", 1, 12_000, -1, 0 },
        { "ses-45", "gmx", 2, 6_000, 1, 4 },
        { "sparkpost", "yahoo", 3, 6_000, 2, 6 },
        { "sendgrid", "outlook", 4, 6_000, 4, 7 },
    };

    [Theory]
    [MemberData(nameof(Courses))]
    public void A_new_source_keeps_to_its_stages_and_the_warm_one_takes_the_rest(
        string plan, string provider, int seed, int dayMax, int badStage, int badUntil)
    {
        var began = Stopwatch.GetTimestamp();

        var world = World(plan, provider, seed, dayMax, badStage, badUntil).Until(Days);

        var took = Stopwatch.GetElapsedTime(began);
        var days = world.Events.OfType<WarmUpDayEnded>().ToList();
        output.WriteLine($"{plan} {provider} seed {seed}: {took.TotalSeconds:0.0} s, "
            + $"new {world.BegunNew}, warm {world.BegunWarm}");
        output.WriteLine(string.Join(' ', days.Select(d => $"{d.Stage}:{d.Delivered}/{d.Granted}")));
        Assert.All(world.Periods, p => Assert.True(p.Begun <= p.Volume, $"{p}"));
        Assert.Equal(0, world.WaitedMax);
        Assert.All(days, d => Assert.True(d.Delivered * 10 > d.Answered * 9 || d.NextStage == d.Stage, $"{d}"));
        var repeated = days.Count(d => d.Stage == badStage && d.Delivered * 10 <= d.Answered * 9);
        Assert.Equal(badStage < 0, repeated == 0);
        Assert.All(days.Where(d => d.Delivered * 10 > d.Answered * 9 && d.Granted * 10 >= Volume(plan, d.Stage) * 9),
            d => Assert.Equal(d.Stage + 1, d.NextStage));
        Assert.True(days[^1].Stage >= 3, $"{days[^1]}");
    }

    [Theory]
    [InlineData("sendgrid")]
    [InlineData("sparkpost")]
    [InlineData("ses-45")]
    public void With_enough_clean_mail_a_plan_takes_a_day_a_stage_and_does_not_begin_again(string plan)
    {
        var shipped = ShapingReader.Shipped.WarmUpPlans[plan];
        var lane = new LimitKey.Lane(new("new", "google"));
        var (governor, terms) = (new Governor(lane), new LaneTerms(lane, null, 10, [], shipped, "v1"));
        var (now, sent) = (WarmUpWorld.Start, new Dictionary<DateTimeOffset, long>());

        for (; now < WarmUpWorld.Start.AddDays(Days + 1) && governor.WarmedUpBy is null; now = now.AddMinutes(30))
            while (governor.Grant(long.MaxValue, terms, now).Granted is > 0 and var granted)
            {
                var period = governor.WarmUp!.EndOfPeriod(now);
                sent[period] = sent.GetValueOrDefault(period) + granted;
                governor.Observe(new(OutcomeCounts.Of((ReplyClass.Accepted, (int)granted)), [], 0), terms, now);
            }

        Assert.Equal(plan, governor.WarmedUpBy);
        Assert.Equal(shipped.Stages.Length, (now - WarmUpWorld.Start).Days);
        var periodsADay = (int)(TimeSpan.FromDays(1) / shipped.Per);
        Assert.Equal(shipped.Stages.AsEnumerable(), sent.Values.Chunk(periodsADay).Select(day => day.Max()));
        Assert.Equal(0, governor.Grant(1, terms, now).Granted);
        Assert.Null(governor.WarmUp);
    }

    [Fact]
    public void A_governor_that_restarts_in_the_middle_takes_the_same_course()
    {
        var straight = World("ses-45", "gmx", 5, 4_000, 1, 4).Until(25);

        // At three in the night nothing is uncounted: a crash by day costs the counts of a minute at most.
        var replayed = World("ses-45", "gmx", 5, 4_000, 1, 4).Until(12, hour: 3);
        replayed.Governor = Replay(new(replayed.Terms.Limit), replayed.Events);
        var restored = World("ses-45", "gmx", 5, 4_000, 1, 4).Until(6, hour: 3);
        var (snapshot, before) = (restored.Governor.ToSnapshot(), restored.Events.Count);
        restored.Until(12, hour: 3);
        restored.Governor = Replay(Governor.From(restored.Terms.Limit, snapshot), restored.Events.Skip(before));

        var course = Course(straight);
        Assert.Equal(course, Course(replayed.Until(25)));
        Assert.Equal(course, Course(restored.Until(25)));
    }

    private static Governor Replay(Governor governor, IEnumerable<IGovernorEvent> events)
    {
        foreach (var e in events) governor.Apply(e);
        return governor;
    }

    /// <summary>Each event in words; counts by their numbers.</summary>
    private static IEnumerable<string> Course(WarmUpWorld world) => world.Events.Select(e => e switch
    {
        OutcomesCounted c => $"{c.At:O} {string.Join(',', c.Counts.Numbers)}",
        WarmUpBegan b => $"{b.At:O} {b.Plan.Name}",
        _ => $"{e}",
    });

    /// <summary>No mail before six; then evenly, twice what the stage allows and more, up to the day's most.</summary>
    private static WarmUpWorld World(string plan, string provider, int seed, int dayMax, int badStage, int badUntil) =>
        new(plan, provider, seed)
        {
            Refused = (stage, day) => stage == badStage && day < badUntil ? 0.2 : 0.01,
            Demand = (world, minute) => minute % 1440 < 360 ? 0
                : Math.Min(dayMax, 300 + 2.4 * (world.Governor.WarmUp is { } w ? InADay(w) : dayMax)) / 1080.0,
        };

    /// <summary>On a day with 18 hours of mail.</summary>
    private static long InADay(WarmUp w) => w.Volume * (w.Plan.Per < TimeSpan.FromDays(1) ? 18 : 1);

    private static long Volume(string plan, int stage) => ShapingReader.Shipped.WarmUpPlans[plan].Stages[stage];
}
