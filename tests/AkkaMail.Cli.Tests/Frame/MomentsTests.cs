using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Tests.Frame;

public sealed class MomentsTests
{
    public static TheoryData<double, string> Distances => new()
    {
        { -0.5, "now" }, { -1, "1 s ago" }, { -59.4, "59 s ago" }, { -59.9, "1 min ago" }, { -3540, "59 min ago" },
        { -3599, "1 h ago" }, { -47 * 3600, "47 h ago" }, { -48 * 3600, "2 d ago" }, { 7199, "in 2 h" },
        { 3 * 86400, "in 3 d" }, { -60 * 86400, "2026-09-25" },
    };

    [Theory]
    [MemberData(nameof(Distances))]
    public void A_time_is_told_by_its_distance(double seconds, string said) =>
        Assert.Equal(said, Moments.Relative(Runs.Noon.AddSeconds(seconds), Runs.Noon));

    [Theory]
    [InlineData("90s", "2026-11-24T11:58:30.000Z")]
    [InlineData("2h", "2026-11-24T10:00:00.000Z")]
    [InlineData("7d", "2026-11-17T12:00:00.000Z")]
    [InlineData("2026-11-24", "2026-11-24")]
    [InlineData("tomorrow", "tomorrow")]   // The server says what is wrong with it.
    [InlineData("h", "h")]
    [InlineData("-2h", "-2h")]
    public void A_filter_takes_lengths_of_time_and_times(string text, string asked) =>
        Assert.Equal(asked, Moments.Read(text, Runs.Noon));

    [Fact]
    public void What_is_to_come_is_ahead() =>
        Assert.Equal("2026-11-24T12:30:00.000Z", Moments.Read("30m", Runs.Noon, isAhead: true));

    [Fact]
    public void Scripts_get_UTC_to_the_millisecond() => Assert.Equal("2026-11-24T11:00:00.123Z",
        Moments.Exact(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_567)));
}
