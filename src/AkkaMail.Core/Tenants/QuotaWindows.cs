namespace AkkaMail.Core.Tenants;

/// <summary>The calendar of quotas.</summary>
public static class QuotaWindows
{
    /// <summary>When the window that has <paramref name="at"/> began, in UTC.</summary>
    public static DateTimeOffset Start(this QuotaWindow window, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return new(window switch
        {
            QuotaWindow.Minute => new(utc.Year, utc.Month, utc.Day, utc.Hour, utc.Minute, 0, DateTimeKind.Utc),
            QuotaWindow.Hour => new(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, DateTimeKind.Utc),
            QuotaWindow.Day => new(utc.Year, utc.Month, utc.Day, 0, 0, 0, DateTimeKind.Utc),
            QuotaWindow.Month => new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc),
            _ => throw new ArgumentOutOfRangeException(nameof(window), window, "is no window"),
        });
    }

    /// <summary>When the next one begins; the window does not have it any more.</summary>
    public static DateTimeOffset End(this QuotaWindow window, DateTimeOffset at)
    {
        var start = window.Start(at);
        return window switch
        {
            QuotaWindow.Minute => start.AddMinutes(1),
            QuotaWindow.Hour => start.AddHours(1),
            QuotaWindow.Day => start.AddDays(1),
            _ => start.AddMonths(1),
        };
    }
}
