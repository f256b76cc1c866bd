using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>The sections <c>providers</c> and <c>domains</c>.</summary>
internal static class Receivers
{
    public static IEnumerable<Provider> Providers(Place section)
    {
        foreach (var (name, place) in section.Entries(ShapingBounds.Providers, SiteNames.ProviderProblem))
        {
            if (place.Fields() is not { } f) continue;
            var provider = new Provider(name, Matches(f))
            {
                Limits = LimitsReading.Take(f),
                Retry = LimitsReading.Retry(f),
            };
            if (f.Take("total") is { } total && total.Fields() is { } t)
            {
                provider = provider with
                {
                    TotalRate = t.Rate("rate"),
                    TotalConnections = t.Int("connections", 1, ShapingBounds.TotalConnections),
                };
                t.End();
            }
            f.End();
            yield return provider;
        }
    }

    private static ImmutableArray<ProviderMatch> Matches(Fields fields)
    {
        if (fields.Take("match") is not { } list) return [];
        var matches = list.Items(ShapingBounds.Matches).Select(Match).OfType<ProviderMatch>().ToImmutableArray();
        if (list.Spot is { Kind: SpotKind.Array, Items.Count: 0 })
            list.Fault("is empty: no domain would be this provider's");
        return matches;
    }

    private static ProviderMatch? Match(Place place)
    {
        if (!place.Is(SpotKind.Object, "a match as in {\"MXSuffix\": \".example.net\"}")) return null;
        if (place.Spot.Members is not [var only] || Words.Parse<MatchKind>(only.Name) is not { } kind)
        {
            place.Fault($"needs one of {string.Join(", ", Words.Of<MatchKind>())}, spelled exactly so");
            return null;
        }
        var value = place.Member(only.Name);
        if (value is null || !value.Is(SpotKind.Text, "a host name")) return null;
        // A suffix may be written with its dot or without: it ends at a label either way.
        var dot = kind == MatchKind.HostName ? "" : ".";
        var text = Names.Ascii(dot.Length == 0 ? value.Spot.Text : value.Spot.Text.TrimStart('.')) ?? "";
        if (Names.HostProblem(text) is not { } problem) return new(kind, dot + text);
        value.Fault(problem);
        return null;
    }

    public static IEnumerable<DomainEntry> Domains(Place section)
    {
        var seen = new HashSet<string>();
        foreach (var (name, place) in section.Entries(ShapingBounds.Domains, SiteNames.DomainProblem, Names.Ascii))
        {
            if (place.Fields() is not { } f) continue;
            var entry = new DomainEntry(name)
            {
                Limits = LimitsReading.Take(f),
                Retry = LimitsReading.Retry(f),
            };
            f.End();
            if (seen.Add(entry.Name)) yield return entry;
            else place.Fault("is the same domain as one above");
        }
    }
}
