using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>The limits of a lane and the schedule of its retries, wherever they stand.</summary>
internal static class LimitsReading
{
    /// <summary>Under a property of their own.</summary>
    public static Limits Take(Fields fields, string name = "limits") =>
        fields.Take(name) is { } place ? Of(place) : Limits.None;

    public static Limits Of(Place place)
    {
        if (place.Fields() is not { } f) return Limits.None;
        var limits = From(f);
        f.End();
        return limits;
    }

    /// <summary>Among other properties.</summary>
    public static Limits From(Fields f) =>
        Knobs.All.Aggregate(Limits.None, (limits, knob) => knob.Read(f, limits));

    public static RetryTerms? Retry(Fields fields)
    {
        if (fields.Take("retry") is not { } place || place.Fields() is not { } f) return null;
        var second = TimeSpan.FromSeconds(1);
        var first = f.Duration("first_delay", second, ShapingBounds.FirstDelayMax);
        var max = f.Duration("max_delay", second, ShapingBounds.MaxDelayMax);
        var jitter = f.Share("jitter", 0, 0.5);
        f.End();
        if (first is not { } a || max is not { } b || a <= b) return new(first, max, jitter);
        place.Fault($"first_delay ({Durations.Words(a)}) is longer than max_delay ({Durations.Words(b)})");
        return null;
    }

    /// <summary>Limits by name, as a source overrides them.</summary>
    public static ImmutableDictionary<string, Limits> ByName(
        Fields fields, string name, Func<string, string?> problemOf, Func<string, string?>? spelled = null)
    {
        if (fields.Take(name) is not { } place) return ImmutableDictionary<string, Limits>.Empty;
        var all = ImmutableDictionary.CreateBuilder<string, Limits>();
        foreach (var (entry, at) in place.Entries(ShapingBounds.OverridesOfSource, problemOf, spelled))
            if (!all.TryAdd(entry, Of(at))) at.Fault("is the same name as one above");
        return all.ToImmutable();
    }
}
