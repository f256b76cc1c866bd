using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>Limits that several lanes share. Each has a governor of its own.</summary>
public static class SharedLimits
{
    /// <summary>More than any machine opens; a number is easier to divide than none.</summary>
    public const int Unbounded = 100_000;

    /// <summary>The shared limits that mail of this lane counts against.</summary>
    public static IReadOnlyList<LimitKey> Of(ShapingRules rules, LaneKey lane)
    {
        var limits = new List<LimitKey>();
        var provider = ProviderOf(rules, lane.Site);
        if (provider is { TotalRate: not null } or { TotalConnections: not null })
            limits.Add(new LimitKey.ProviderTotal(lane.Site));
        if (provider is null && PlanOf(rules, lane.Source) is not null)
            limits.Add(new LimitKey.WarmUpRest(lane.Source));
        return limits;
    }

    public static LimitKey? OfTenant(ShapingRules rules, string tenant) =>
        rules.Tenants.TryGetValue(tenant, out var entry) && (entry.Rate ?? (object?)entry.Connections) is not null
            ? new LimitKey.TenantTotal(tenant) : null;

    /// <summary>The outcomes of its lanes are its own: it is one warm-up, though it has many lanes.</summary>
    public static bool CountsOutcomes(LimitKey limit) => limit is LimitKey.WarmUpRest;

    public static WarmUpPlan? PlanOf(ShapingRules rules, string source) =>
        rules.Sources.GetValueOrDefault(source)?.WarmUp is { } plan ? rules.WarmUpPlans.GetValueOrDefault(plan) : null;

    public static Provider? ProviderOf(ShapingRules rules, string site) =>
        rules.Providers.FirstOrDefault(p => p.Name == site);
}
