using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Limits that several lanes share. Each has a governor of its own, under a key no lane can have: a provider's total is
/// <c>*@provider</c>, a source's warm-up with all who are no provider <c>source@*</c>, a tenant's <c>tenant:name@*</c>.
/// </summary>
public static class SharedLimits
{
    private const string All = "*";
    private const string TenantPrefix = "tenant:";

    /// <summary>More than any machine opens; a number is easier to divide than none.</summary>
    public const int Unbounded = 100_000;

    /// <summary>The shared limits that mail of this lane counts against.</summary>
    public static IReadOnlyList<LaneKey> Of(ShapingRules rules, LaneKey lane)
    {
        var keys = new List<LaneKey>();
        var provider = rules.Providers.FirstOrDefault(p => p.Name == lane.Site);
        if (provider is { TotalRate: not null } or { TotalConnections: not null }) keys.Add(new(All, lane.Site));
        if (provider is null && PlanOf(rules, lane.Source) is not null) keys.Add(new(lane.Source, All));
        return keys;
    }

    public static LaneKey? OfTenant(ShapingRules rules, string tenant) =>
        rules.Tenants.TryGetValue(tenant, out var entry) && (entry.Rate ?? (object?)entry.Connections) is not null
            ? new(TenantPrefix + tenant, All) : null;

    /// <summary>The outcomes of its lanes are its own: it is one warm-up, though it has many lanes.</summary>
    public static bool CountsOutcomes(LaneKey key) =>
        key.Site == All && !key.Source.StartsWith(TenantPrefix, StringComparison.Ordinal);

    public static WarmUpPlan? PlanOf(ShapingRules rules, string source) =>
        rules.Sources.GetValueOrDefault(source)?.WarmUp is { } plan ? rules.WarmUpPlans.GetValueOrDefault(plan) : null;

    public static bool IsProvider(ShapingRules rules, string site) => rules.Providers.Any(p => p.Name == site);

    /// <summary>Null: it is a lane, or the rules no longer know this limit.</summary>
    internal static LaneTerms? TermsOf(ShapingRules rules, LaneKey key)
    {
        if (key.Source == All)
        {
            var provider = rules.Providers.FirstOrDefault(p => p.Name == key.Site);
            return new(key, provider?.TotalRate, provider?.TotalConnections ?? Unbounded, null, [], null, rules.Version);
        }
        if (key.Site != All) return null;
        if (!key.Source.StartsWith(TenantPrefix, StringComparison.Ordinal))
            return new(key, null, Unbounded, null, [], PlanOf(rules, key.Source), rules.Version);
        var tenant = rules.Tenants.GetValueOrDefault(key.Source[TenantPrefix.Length..]);
        return new(key, tenant?.Rate, tenant?.Connections ?? Unbounded, null, [], null, rules.Version);
    }
}
