using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AkkaMail.Core.Rules;

/// <summary>
/// How many in how long, written <c>100/s</c>, <c>5000/h,burst=50</c>. <paramref name="Count"/> is 1 to 1,000,000,000,
/// <paramref name="Per"/> a second, minute, hour or day. <paramref name="Burst"/> is how many may go at once after a
/// pause; unset it is a tenth of a second's worth, 1 at least: enough to make up for a timer's coarseness.
/// </summary>
public sealed record Rate(long Count, TimeSpan Per, int? Burst = null)
{
    public const long CountMax = 1_000_000_000;

    public double PerSecond => Count / Per.TotalSeconds;

    public int BurstOrDefault => Burst ?? DefaultBurst(PerSecond);

    public static int DefaultBurst(double perSecond) => (int)Math.Clamp(perSecond / 10, 1, 1_000_000);

    /// <summary>Reads the written form; <paramref name="problem"/> says in words what is wrong.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Rate? rate, [NotNullWhen(false)] out string? problem)
    {
        rate = null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var slash = parts[0].IndexOf('/', StringComparison.Ordinal);
        problem = $"'{text}' is no rate: write a number and a unit, as in 100/s, 600/min, 5000/h or 20000/d,burst=50";
        if (slash <= 0 || parts.Length > 2) return false;
        if (!long.TryParse(parts[0].AsSpan(0, slash).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        if (Unit(parts[0].AsSpan(slash + 1).Trim()) is not { } per) return false;
        if (count is < 1 or > CountMax)
        {
            problem = $"'{text}' has the number {count}: a rate has 1 to {CountMax}; to stop mail, suspend the lane";
            return false;
        }
        int? burst = null;
        if (parts.Length == 2)
        {
            if (!parts[1].StartsWith("burst=", StringComparison.Ordinal)) return false;
            if (!int.TryParse(parts[1].AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                || given is < 1 or > 1_000_000)
            {
                problem = $"'{text}' has a burst that is no number from 1 to 1000000";
                return false;
            }
            burst = given;
        }
        (rate, problem) = (new(count, per, burst), null);
        return true;
    }

    private static TimeSpan? Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "s" or "sec" or "second" => TimeSpan.FromSeconds(1),
        "m" or "min" or "minute" => TimeSpan.FromMinutes(1),
        "h" or "hr" or "hour" => TimeSpan.FromHours(1),
        "d" or "day" => TimeSpan.FromDays(1),
        _ => null,
    };

    public override string ToString()
    {
        var unit = Per.TotalSeconds switch { 1 => "s", 60 => "min", 3600 => "h", _ => "d" };
        return string.Create(CultureInfo.InvariantCulture, $"{Count}/{unit}{(Burst is { } b ? $",burst={b}" : "")}");
    }
}
