using System.Globalization;

namespace AkkaMail.Core.Rules;

/// <summary>Single values; null after a fault.</summary>
internal static class Values
{
    public static long? Whole(Place place, long min, long max)
    {
        if (!place.Is(SpotKind.Number, "a number")) return null;
        if (long.TryParse(place.Spot.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max) return value;
        place.Fault(string.Create(
            CultureInfo.InvariantCulture, $"is {place.Spot.Text}; a whole number from {min} to {max} is needed"));
        return null;
    }

    public static Rate? Rate(Place place)
    {
        if (!place.Is(SpotKind.Text, "a text as in \"100/s\"")) return null;
        if (Rules.Rate.TryParse(place.Spot.Text, out var rate, out var problem)) return rate;
        place.Fault(problem);
        return null;
    }

    public static T? Word<T>(Place place, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (!place.Is(SpotKind.Text, "a word")) return null;
        if (words.TryGetValue(place.Spot.Text, out var value)) return value;
        place.Fault($"is {place.Spot.Words}; one of {string.Join(", ", words.Keys)} is needed");
        return null;
    }

    public static TimeSpan? Duration(Place place, TimeSpan min, TimeSpan max)
    {
        if (!place.Is(SpotKind.Text, "a time as in \"30m\"")) return null;
        var value = Durations.Read(place.Spot.Text);
        if (value is null) place.Fault($"'{place.Spot.Text}' is not a duration: write 90s, 30m, 2h, 3d or hh:mm:ss");
        else if (value < min || value > max)
            place.Fault($"is {place.Spot.Text}; {Durations.Words(min)} to {Durations.Words(max)} is allowed");
        else return value;
        return null;
    }
}
