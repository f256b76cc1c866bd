using System.Globalization;

namespace AkkaMail.Core.Rules;

/// <summary>
/// Lengths of time as people write them, in settings, rules, orders and on the command line: <c>500ms</c>, <c>90s</c>,
/// <c>30m</c>, <c>2h</c>, <c>3d</c>, or <c>hh:mm:ss</c> with days before it (<c>7.00:00:00</c>) and fractions behind it.
/// </summary>
public static class Durations
{
    /// <summary>Null when it is none. Digits are bounded, so that no product overflows.</summary>
    public static TimeSpan? Read(string text)
    {
        // Without the colons "10" would be ten days.
        if (text.AsSpan().Count(':') == 2 && !text.StartsWith('-')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var clock)) return clock;
        if (text.Length is < 2 or > 10) return null;
        var unit = text.AsSpan().TrimStart("0123456789");
        if (!int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return null;
        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(n),
            "s" => TimeSpan.FromSeconds(n),
            "m" => TimeSpan.FromMinutes(n),
            "h" when n <= 240_000 => TimeSpan.FromHours(n),
            "d" when n <= 10_000 => TimeSpan.FromDays(n),
            _ => null,
        };
    }

    public static string Words(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Unit(time)}");

    private static FormattableString Unit(TimeSpan time) => time switch
    {
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays}d",
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours}h",
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes}m",
        { Ticks: > 0 } when time < TimeSpan.FromSeconds(1) => $"{time.TotalMilliseconds}ms",
        _ => $"{time.TotalSeconds}s",
    };
}
