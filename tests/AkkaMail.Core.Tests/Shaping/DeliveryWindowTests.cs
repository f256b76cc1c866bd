using System.Globalization;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Shaping;

/// <summary>All in Berlin: UTC+1, from 29 March 2026 UTC+2, from 25 October UTC+1 again.</summary>
public sealed class DeliveryWindowTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    // A working day, 24 November 2026 being a Tuesday.
    [InlineData("08:00-20:00", "tue", "2026-11-24T07:00Z", null)]
    [InlineData("08:00-20:00", "tue", "2026-11-24T06:59Z", "2026-11-24T07:00Z")]
    [InlineData("08:00-20:00", "tue", "2026-11-24T19:00Z", "2026-12-01T07:00Z")]
    [InlineData("08:00-20:00", "tue wed", "2026-11-24T19:00Z", "2026-11-25T07:00Z")]
    // Over midnight: Tuesday's window is still open on Wednesday morning.
    [InlineData("22:00-06:00", "tue", "2026-11-25T04:59Z", null)]
    [InlineData("22:00-06:00", "tue", "2026-11-25T05:00Z", "2026-12-01T21:00Z")]
    [InlineData("08:00-00:00", "tue", "2026-11-24T22:59Z", null)]
    // Summer time: the same clock, another hour.
    [InlineData("08:00-20:00", "sun", "2026-03-29T05:59Z", "2026-03-29T06:00Z")]
    // 02:30 does not exist on that Sunday: it opens when the gap ends, and a window within the gap not at all.
    [InlineData("02:30-04:00", "sun", "2026-03-29T00:00Z", "2026-03-29T01:00Z")]
    [InlineData("02:15-02:45", "sun", "2026-03-29T00:00Z", "2026-04-05T00:15Z")]
    // 02:30 comes twice: the first counts, for opening and for closing.
    [InlineData("02:30-04:00", "sun", "2026-10-25T00:00Z", "2026-10-25T00:30Z")]
    [InlineData("01:00-02:30", "sun", "2026-10-25T01:15Z", "2026-11-01T00:00Z")]
    public void A_window_opens_by_the_clock_of_its_zone(string times, string days, string now, string? opens)
    {
        var parts = times.Split('-');
        var window = new DeliveryWindow(
            [.. days.Split(' ').Select(Day)], TimeOnly.Parse(parts[0]), TimeOnly.Parse(parts[1]), Berlin);

        Assert.Equal(opens is null ? null : At(opens), DeliveryWindows.WindowOpensAt([window], At(now)));
    }

    [Fact]
    public void Of_several_the_next_one_opens()
    {
        DeliveryWindow[] windows = [Window(8, 10), Window(12, 14)];

        Assert.Equal(At("2026-11-24T11:00Z"), DeliveryWindows.WindowOpensAt([.. windows], At("2026-11-24T09:30Z")));
        Assert.Null(DeliveryWindows.WindowOpensAt([.. windows], At("2026-11-24T12:00Z")));
    }

    [Fact]
    public void Without_windows_it_is_always_open() =>
        Assert.Null(DeliveryWindows.WindowOpensAt([], At("2026-11-24T12:00Z")));

    private static DeliveryWindow Window(int from, int to) =>
        new([.. Enum.GetValues<DayOfWeek>()], new(from, 0), new(to, 0), Berlin);

    private static DayOfWeek Day(string day) =>
        Enum.GetValues<DayOfWeek>().Single(d => d.ToString().StartsWith(day, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
