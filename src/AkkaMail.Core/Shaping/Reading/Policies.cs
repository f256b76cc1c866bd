using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>The sections <c>tenants</c> and <c>streams</c>.</summary>
internal static class Policies
{
    private static readonly IReadOnlyDictionary<string, DayOfWeek> Days = new Dictionary<string, DayOfWeek>
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    public static IEnumerable<TenantEntry> Tenants(Place section)
    {
        foreach (var (name, place) in section.Entries(ShapingBounds.Tenants, Names.Problem))
        {
            if (place.Fields() is not { } f) continue;
            yield return new(name)
            {
                Rate = f.Rate("rate"),
                Connections = f.Int("connections", 1, ShapingBounds.TotalConnections),
            };
            f.End();
        }
    }

    public static IEnumerable<StreamPolicy> Streams(Place section)
    {
        foreach (var place in section.Items(ShapingBounds.Streams))
        {
            if (place.Fields() is not { } f) continue;
            yield return new(f.Name("tenant"), f.Name("stream"))
            {
                Pool = f.Name("pool"),
                Retry = LimitsReading.Retry(f),
                Windows = f.Take("windows") is { } windows ? Windows(windows) : [],
            };
            f.End();
        }
    }

    private static ImmutableArray<DeliveryWindow> Windows(Place list) =>
        [.. list.Items(ShapingBounds.Windows).Select(Window).OfType<DeliveryWindow>()];

    private static DeliveryWindow? Window(Place place)
    {
        if (place.Fields() is not { } f) return null;
        var days = f.Take("days") is { } list ? DaysOf(list) : [.. Days.Values];
        var window = (From: Time(f, "from"), To: Time(f, "to"), Zone: Zone(f));
        f.End();
        if (window.From == window.To && window.From is not null) place.Fault("begins and ends at the same time");
        else if (window is { From: { } from, To: { } to, Zone: { } zone }) return new(days, from, to, zone);
        return null;
    }

    private static ImmutableArray<DayOfWeek> DaysOf(Place list)
    {
        if (list.Spot is { Kind: SpotKind.Array, Items.Count: 0 }) list.Fault("has no day");
        return [.. list.Items(Days.Count).Select(day => Values.Word(day, Days)).OfType<DayOfWeek>()];
    }

    private static TimeOnly? Time(Fields fields, string name)
    {
        if (fields.Take(name) is not { } place) fields.Place.Fault($"needs {name}, as in \"{name}\": \"08:00\"");
        else if (place.Is(SpotKind.Text, "a time of day as in \"08:00\""))
        {
            if (TimeOnly.TryParseExact(
                place.Spot.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
            place.Fault($"'{place.Spot.Text}' is no time of day: write hh:mm, as in 08:00; midnight is 00:00");
        }
        return null;
    }

    private static TimeZoneInfo? Zone(Fields fields)
    {
        if (fields.Take("zone") is not { } place) return TimeZoneInfo.Utc;
        if (!place.Is(SpotKind.Text, "a time zone as in \"Europe/Berlin\"")) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(place.Spot.Text, out var zone)) return zone;
        place.Fault($"'{place.Spot.Text}' is no time zone this machine knows: write one as in Europe/Berlin");
        return null;
    }
}
