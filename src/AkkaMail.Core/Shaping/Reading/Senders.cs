using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>The sections <c>sources</c>, <c>pools</c> and <c>warm_up_plans</c>.</summary>
internal static class Senders
{
    private static readonly IReadOnlyDictionary<string, TimeSpan> PlanUnits = new Dictionary<string, TimeSpan>
    {
        ["hour"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
    };

    public static IEnumerable<Source> Sources(Place section)
    {
        foreach (var (name, place) in section.Entries(ShapingBounds.Sources, Names.Problem))
        {
            if (place.Fields() is not { } f) continue;
            var source = new Source
            {
                Name = name,
                Address = Ways.Address(f),
                EhloName = f.Host("ehlo"),
                Node = f.Name("node"),
                Proxy = Ways.Proxy(f),
                Smarthost = Ways.Smarthost(f),
                Limits = LimitsReading.Take(f),
                Providers = LimitsReading.ByName(f, "providers", SiteNames.ProviderProblem),
                Domains = LimitsReading.ByName(f, "domains", SiteNames.DomainProblem, Names.Ascii),
                WarmUp = f.Name("warm_up"),
            };
            f.End();
            if (source is { Smarthost: not null, WarmUp: not null })
                place.Fault("has a smarthost and a warm_up plan: the smarthost sends from its own addresses");
            yield return source;
        }
    }

    public static IEnumerable<Pool> Pools(Place section)
    {
        foreach (var (name, place) in section.Entries(ShapingBounds.Pools, Names.Problem))
        {
            if (place.Fields() is not { } f) continue;
            var sources = ImmutableDictionary.CreateBuilder<string, int>();
            if (f.Take("sources") is { } list)
            {
                foreach (var (source, weight) in list.Entries(ShapingBounds.SourcesOfPool, Names.Problem))
                    if (Values.Whole(weight, 1, ShapingBounds.WeightMax) is { } value) sources[source] = (int)value;
                if (list.Spot is { Kind: SpotKind.Object, Members.Count: 0 })
                    list.Fault("is empty: its mail could not leave");
            }
            else place.Fault("needs sources, as in \"sources\": {\"ip1\": 1}");
            var pool = new Pool(name, sources.ToImmutable()) { Tenant = f.Name("tenant"), Stream = f.Name("stream") };
            f.End();
            if (pool is { Stream: not null, Tenant: null })
                place.Fault("has a stream without a tenant: a stream is a tenant's");
            else if (name == Pool.DefaultName && pool.Tenant is not null)
                place.Fault("is the pool of all who have no other: it cannot be one tenant's");
            yield return pool;
        }
    }

    public static IEnumerable<WarmUpPlan> Plans(Place section)
    {
        foreach (var (name, place) in section.Entries(ShapingBounds.Plans, Names.Problem))
        {
            if (place.Fields() is not { } f) continue;
            var per = f.Word("per", PlanUnits);
            var stages = f.Take("stages")?.Items(ShapingBounds.Stages)
                .Select(stage => Values.Whole(stage, 1, Rate.CountMax)).OfType<long>().ToImmutableArray() ?? [];
            f.End();
            if (per is null && place.Member("per") is null) place.Fault("needs per: \"hour\" or \"day\"");
            if (stages.IsEmpty) place.Fault("needs stages, as in \"stages\": [200, 500, 1000]");
            yield return new(name, per ?? TimeSpan.FromDays(1), stages);
        }
    }
}
