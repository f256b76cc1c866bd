using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>When a stream may be sent.</summary>
public static class DeliveryWindows
{
    /// <summary>A day of the week that falls into a gap of the clock comes again two weeks later at most.</summary>
    private const int DaysAhead = 15;

    /// <summary>
    /// Null: it is open, or there is no window. Each window opens once a day: an hour that the clock shows twice counts
    /// the first time, a time that it leaves out is the end of the gap.
    /// </summary>
    public static DateTimeOffset? WindowOpensAt(ImmutableArray<DeliveryWindow> windows, DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var window in windows)
        {
            var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, window.Zone).DateTime);
            // From yesterday on: a window over midnight may still be open.
            for (var day = -1; day <= DaysAhead; day++)
            {
                var date = today.AddDays(day);
                if (!window.Days.Contains(date.DayOfWeek)) continue;
                var opens = Instant(date.ToDateTime(window.From), window.Zone);
                var closes = Instant(date.AddDays(window.To <= window.From ? 1 : 0).ToDateTime(window.To), window.Zone);
                if (closes <= now || closes <= opens) continue;
                if (opens <= now) return null;
                if (first is null || opens < first) first = opens;
                break;
            }
        }
        return first;
    }

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new(DateTime.SpecifyKind(local - offset, DateTimeKind.Utc));
    }
}
