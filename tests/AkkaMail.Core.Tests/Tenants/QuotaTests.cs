using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Tests.Tenants;

/// <summary>Windows of the calendar, and what has room in them.</summary>
public sealed class QuotaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 30, TimeSpan.Zero);
    private readonly QuotaUse _use = new();

    [Theory]
    [InlineData(QuotaWindow.Minute, "2026-12-31T23:59:59.9999999Z", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z")]
    [InlineData(QuotaWindow.Hour, "2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData(QuotaWindow.Day, "2026-03-02T01:30:00+02:00", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")]
    [InlineData(QuotaWindow.Month, "2026-02-28T23:59:59Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData(QuotaWindow.Month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData(QuotaWindow.Month, "2026-12-31T12:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    public void A_window_is_of_the_calendar_in_UTC(QuotaWindow window, string at, string start, string end)
    {
        Assert.Equal(Time(start), window.Start(Time(at)));
        Assert.Equal(Time(end), window.End(Time(at)));
    }

    [Fact]
    public void What_does_not_fit_is_refused_until_the_last_of_the_full_windows_ends()
    {
        var quota = new Quota(2, null, 3, null, QuotaMode.Reject);

        Assert.Equal(2, Take(quota, 2, Noon)!.Count);
        Assert.Equal(
            new QuotaRefused(QuotaWindow.Minute, 2, Time("2026-03-02T12:01:00Z")) { Left = 0 }, Answer(quota, 1, Noon));
        Assert.NotNull(Take(quota, 1, Noon.AddSeconds(30)));
        Assert.Equal(
            new QuotaRefused(QuotaWindow.Day, 3, Time("2026-03-03T00:00:00Z")) { Left = 0 },
            Answer(quota, 1, Noon.AddMinutes(1)));
    }

    [Fact]
    public void A_grant_tells_what_it_leaves_of_the_window_with_the_least_and_a_refusal_what_is_left_all_the_same()
    {
        var quota = new Quota(10, null, 12, 100, QuotaMode.Reject);

        Assert.Equal(new QuotaLeft(QuotaWindow.Minute, 4), Take(quota, 6, Noon)!.Left);
        Assert.Equal(4, Assert.IsType<QuotaRefused>(Answer(quota, 5, Noon)).Left);
        Assert.Equal(new QuotaLeft(QuotaWindow.Day, 3), Take(quota, 3, Noon.AddMinutes(1))!.Left);
        Assert.Equal(new QuotaLeft(QuotaWindow.Day, 0), Take(quota, 3, Noon.AddMinutes(1))!.Left);
        // A limit that was made smaller than what is used.
        Assert.Equal(0, Assert.IsType<QuotaRefused>(Answer(quota with { Day = 5 }, 1, Noon.AddMinutes(2))).Left);
    }

    [Fact]
    public void What_is_left_of_two_windows_alike_is_told_of_the_one_that_ends_last_and_without_the_block() => Assert.Equal(
        new QuotaGranted(Noon, Time("2026-03-02T12:01:00Z"), 19, false) { Left = new(QuotaWindow.Day, 281) },
        _use.Take(new(300, null, 300, null, QuotaMode.Reject), 1, Noon, Noon, asBlock: true));

    [Fact]
    public void What_may_wait_gets_the_first_time_with_room_in_all_windows()
    {
        var quota = new Quota(10, 15, null, null, QuotaMode.Schedule);
        Take(quota, 10, Noon);

        Assert.Equal((Time("2026-03-02T12:01:00Z"), true), At(Take(quota, 5, Noon)!));
        Assert.Equal((Time("2026-03-02T13:00:00Z"), true), At(Take(quota, 8, Noon)!));
        Assert.Equal((Time("2026-03-02T13:00:00Z"), true), At(Take(quota, 2, Noon)!));
        Assert.Equal((Time("2026-03-02T13:01:00Z"), true), At(Take(quota, 5, Noon)!));
        // What is ahead is counted where it will be: in that minute there is no room for it twice.
        Assert.Equal((Time("2026-03-02T14:00:00Z"), true), At(Take(quota, 1, Time("2026-03-02T13:00:20Z"))!));
    }

    [Fact]
    public void What_is_put_off_tells_what_is_left_of_the_window_that_has_no_room_for_it_until_it_may_go()
    {
        var quota = new Quota(null, null, 100, null, QuotaMode.Schedule);
        Take(quota, 97, Noon);

        var later = Take(quota, 10, Noon)!;
        Assert.Equal((new(QuotaWindow.Day, 3), new QuotaLeft(QuotaWindow.Day, 90)), (later.Full, later.Left));
        Assert.Null(Take(quota, 3, Noon)!.Full);
        Assert.Equal(new QuotaLeft(QuotaWindow.Day, 0), Take(quota, 1, Noon)!.Full);

        var block = QuotaBlock.Of(quota, (QuotaGranted)_use.Take(quota, 10, Noon, Noon.AddDays(2), asBlock: true), 10);
        Assert.Equal(new QuotaLeft(QuotaWindow.Day, 0), block.Grant(1, Noon.AddHours(1)).Full);
        Assert.Null(block.Grant(1, block.For).Full);
    }

    [Fact]
    public void What_cannot_wait_so_long_is_refused_and_what_never_fits_is_told_so()
    {
        var quota = new Quota(null, 10, null, null, QuotaMode.Schedule);
        Take(quota, 10, Noon);

        var refused = Assert.IsType<QuotaRefused>(_use.Take(quota, 1, Noon, Noon.AddMinutes(10), asBlock: false));
        Assert.Equal((QuotaWindow.Hour, Noon + (Time("2026-03-02T13:00:00Z") - Noon.AddMinutes(10))),
            (refused.Window, refused.RetryAt));
        Assert.Equal(new QuotaRefused(QuotaWindow.Hour, 10, null), Answer(quota, 11, Noon));
    }

    [Theory]
    [InlineData(100_000, 3, 1_000)]
    [InlineData(16_003, 3, 1_000)]
    [InlineData(1_603, 3, 103)]
    [InlineData(18, 3, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(100_000, 1_000, 1_000)]
    public void A_block_shrinks_to_what_was_asked_near_the_limit(int limit, int asked, int granted) => Assert.Equal(
        granted,
        ((QuotaGranted)_use.Take(new(null, null, limit, null, QuotaMode.Reject), asked, Noon, Noon, true)).Count);

    [Fact]
    public void A_block_ends_with_the_shortest_window_that_has_a_limit()
    {
        var minute = (QuotaGranted)_use.Take(new(500, null, 5_000, null, QuotaMode.Reject), 1, Noon, Noon, true);
        var day = (QuotaGranted)_use.Take(new(null, null, 5_000, null, QuotaMode.Reject), 1, Noon, Noon, true);

        Assert.Equal((Time("2026-03-02T12:01:00Z"), Time("2026-03-03T00:00:00Z")), (minute.Until, day.Until));
    }

    [Fact]
    public void A_limit_that_is_changed_finds_what_was_used_before()
    {
        Take(new(null, null, 100, null, QuotaMode.Reject), 60, Noon);

        Assert.Equal(
            QuotaWindow.Hour, ((QuotaRefused)Answer(new(null, 60, null, null, QuotaMode.Reject), 1, Noon)).Window);
    }

    private QuotaAnswer Answer(Quota quota, long count, DateTimeOffset now) =>
        _use.Take(quota, count, now, DateTimeOffset.MaxValue, asBlock: false);

    private QuotaGranted? Take(Quota quota, long count, DateTimeOffset now)
    {
        var granted = Answer(quota, count, now) as QuotaGranted;
        if (granted is not null) _use.Apply(new QuotaTaken(now, granted.For, granted.Count));
        return granted;
    }

    private static (DateTimeOffset, bool) At(QuotaGranted g) => (g.For, g.IsLater);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
