using System.Globalization;

namespace AkkaMail.Core.Rules;

/// <summary>Times as people write them: <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>3d</c> or <c>hh:mm:ss</c>.</summary>
public static class Durations
{
    /// <summary>Null when it is no time. Digits are bounded, so that no product overflows.</summary>
    public static TimeSpan? Read(string text)
    {
        if (TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var clock)) return clock;
        if (text.Length is < 2 or > 9) return null;
        if (!int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(n),
            'm' => TimeSpan.FromMinutes(n),
            'h' => TimeSpan.FromHours(n),
            'd' when n <= 10_000 => TimeSpan.FromDays(n),
            _ => null,
        };
    }

    public static string Words(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Unit(time)}");

    private static FormattableString Unit(TimeSpan time) => time switch
    {
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays}d",
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours}h",
        { Ticks: > 0 } when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes}m",
        _ => $"{time.TotalSeconds}s",
    };
}
