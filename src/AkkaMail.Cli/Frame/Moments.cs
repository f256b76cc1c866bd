using System.Globalization;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// Times as they are shown: UTC always, as the server's answers, its logs and the reports of receivers have it.
/// </summary>
internal static class Moments
{
    /// <summary>For scripts: to the millisecond, and as long as every other.</summary>
    public static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>For people who have room.</summary>
    public static string Full(DateTimeOffset at, DateTimeOffset now) =>
        $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} ({Relative(at, now)})";

    /// <summary>Of a story, whose distances matter: by the clock, and with the day unless it is today.</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset now) => at.UtcDateTime.ToString(
        at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss",
        CultureInfo.InvariantCulture);

    /// <summary>How long ago or how soon, in the largest unit that fits; what is months away is a day.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var away = (at - now).Duration();
        if (away < TimeSpan.FromSeconds(1)) return "now";
        if (away >= TimeSpan.FromDays(60)) return at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return at < now ? $"{Length(away)} ago" : $"in {Length(away)}";
    }

    /// <summary>To the nearest whole of a unit: two hours less a second are 2 h.</summary>
    private static string Length(TimeSpan time)
    {
        var (seconds, minutes, hours) = (Whole(time.TotalSeconds), Whole(time.TotalMinutes), Whole(time.TotalHours));
        var (value, unit) = seconds < 60 ? (seconds, "s") : minutes < 60 ? (minutes, "min")
            : hours < 48 ? (hours, "h") : (Whole(time.TotalDays), "d");
        return string.Create(CultureInfo.InvariantCulture, $"{value} {unit}");
    }

    private static long Whole(double value) => (long)Math.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>
    /// As the API takes it: <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>7d</c> are so long before now, or after it; whatever
    /// else it is goes out as it is, and the server says what is wrong with it.
    /// </summary>
    public static string Read(string text, DateTimeOffset now, bool isAhead = false) =>
        Span(text) is { } away ? Exact(isAhead ? now + away : now - away) : text;

    /// <summary>Null: it is no such length of time.</summary>
    public static TimeSpan? Span(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            || n > 10_000) return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(n),
            'm' => TimeSpan.FromMinutes(n),
            'h' => TimeSpan.FromHours(n),
            'd' => TimeSpan.FromDays(n),
            _ => null,
        };
    }
}
