using AkkaMail.Engine.Metrics;

namespace AkkaMail.Engine.Tests.Metrics;

public sealed class RecentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_a_hundred_durations_the_longest_but_one_is_told()
    {
        var recent = new RecentDurations();
        for (var i = 1; i <= 100; i++) recent.Add(Noon, TimeSpan.FromMilliseconds(i));

        Assert.Equal(TimeSpan.FromMilliseconds(99), recent.P99(Noon));
        Assert.Equal(TimeSpan.Zero, recent.P99(Noon.AddSeconds(5)));
    }

    [Fact]
    public void Of_very_many_the_last_are_kept()
    {
        var recent = new RecentDurations();
        for (var i = 0; i < 2 * RecentDurations.Kept; i++)
            recent.Add(Noon, TimeSpan.FromMilliseconds(i < RecentDurations.Kept ? 1000 : 1));

        Assert.Equal(TimeSpan.FromMilliseconds(1), recent.P99(Noon));
    }

    [Fact]
    public void A_rate_is_told_from_the_first_whole_second_on_and_forgets_what_is_long_ago()
    {
        var rate = new RecentRate();
        rate.Add(Noon, 100);
        Assert.Equal(0, rate.PerSecond(Noon));
        rate.Add(Noon.AddSeconds(1), 50);

        Assert.Equal(75, rate.PerSecond(Noon.AddSeconds(2)));
        Assert.Equal(0, rate.PerSecond(Noon.AddSeconds(40)));
    }
}
