using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tenants;

/// <summary>What happens to mail beyond a quota: it is refused, or waits until there is room.</summary>
public enum QuotaMode : byte
{
    [Word("reject")] Reject = 1,
    [Word("schedule")] Schedule = 2,
}

/// <summary>
/// A stretch of the calendar, in UTC: a minute begins at :00, a day at midnight, a month on its first.
/// </summary>
public enum QuotaWindow : byte
{
    [Word("minute")] Minute = 1,
    [Word("hour")] Hour = 2,
    [Word("day")] Day = 3,
    [Word("month")] Month = 4,
}

/// <summary>
/// How many recipients a tenant may have accepted in each window; null: any number. At least one is set.
/// </summary>
public sealed record Quota(long? Minute, long? Hour, long? Day, long? Month, QuotaMode Mode)
{
    /// <summary>More would be no limit: 386 a second all month.</summary>
    public const long LimitMax = 1_000_000_000;

    public static IReadOnlyList<QuotaWindow> Windows { get; } =
        [QuotaWindow.Minute, QuotaWindow.Hour, QuotaWindow.Day, QuotaWindow.Month];

    public bool IsEmpty => Minute is null && Hour is null && Day is null && Month is null;

    public long? LimitOf(QuotaWindow window) => window switch
    {
        QuotaWindow.Minute => Minute,
        QuotaWindow.Hour => Hour,
        QuotaWindow.Day => Day,
        QuotaWindow.Month => Month,
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "is no window"),
    };

    /// <summary>The window that could not hold so many even when it is empty; null when all could.</summary>
    public QuotaWindow? TooSmallFor(long count)
    {
        foreach (var window in Windows)
            if (LimitOf(window) < count) return window;
        return null;
    }
}
