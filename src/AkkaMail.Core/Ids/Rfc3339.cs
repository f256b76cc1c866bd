using System.Globalization;

namespace AkkaMail.Core.Ids;

/// <summary>
/// A date-time of RFC 3339 §5.6, with its offset: T and Z in either case (or a blank for the T), a fraction of any
/// length, of which what is finer than 100 ns is cut, and a leap second, which is the second after it.
/// </summary>
public static class Rfc3339
{
    /// <summary><c>2026-05-01T12:00:00Z</c> without what may follow the seconds.</summary>
    private const int SecondsEnd = 19;

    /// <param name="time">In UTC.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length <= SecondsEnd || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ')
            || text[13] != ':' || text[16] != ':'
            || !Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)
            || !Number(text[11..13], out var hour) || !Number(text[14..16], out var minute)
            || !Number(text[17..19], out var second)) return false;
        var rest = text[SecondsEnd..];
        if (!Fraction(ref rest, out var fraction) || !Offset(rest, out var offset)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60) return false;
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        var ticks = local.Ticks - offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        if (second == 60)
        {
            if (ticks > DateTime.MaxValue.Ticks - TimeSpan.TicksPerSecond) return false;
            // §5.7: the last one of a month, in UTC.
            var last = new DateTime(ticks, DateTimeKind.Utc);
            if (last.TimeOfDay != new TimeSpan(23, 59, 59) || last.AddSeconds(1).Day != 1) return false;
            ticks += TimeSpan.TicksPerSecond;
        }
        time = new(ticks + fraction, TimeSpan.Zero);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool Fraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest is not ['.', ..]) return true;
        var length = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (length <= 0) return false;   // No digit, or nothing behind them.
        for (int i = 1, unit = (int)TimeSpan.TicksPerSecond / 10; i <= length && unit > 0; i++, unit /= 10)
            ticks += (rest[i] - '0') * unit;
        rest = rest[(1 + length)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is ['Z' or 'z']) return true;
        if (text is not ['+' or '-', _, _, ':', _, _] || !Number(text[1..3], out var hours)
            || !Number(text[4..], out var minutes) || hours > 23 || minutes > 59) return false;
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
