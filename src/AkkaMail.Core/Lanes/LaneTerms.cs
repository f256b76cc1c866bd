using System.Collections.Immutable;
using System.Diagnostics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// What the shaping rules of <paramref name="Version"/> say of a lane, or of a limit that lanes share, before it has
/// adapted.
/// </summary>
public sealed record LaneTerms(
    LimitKey Limit, Rate? Rate, int Connections, ImmutableArray<ReactionRule> Rules, WarmUpPlan? WarmUp,
    string Version)
{
    public double? RatePerSecond => Rate?.PerSecond;

    /// <summary>A lane of no configured source has the defaults; what the rules no longer know has no bound.</summary>
    public static LaneTerms Of(ShapingRules rules, LimitKey limit)
    {
        switch (limit)
        {
            case LimitKey.Lane { Key: var lane }:
                var limits = LaneLimits.Of(rules, lane.Source, lane.Site);
                var plan = SharedLimits.ProviderOf(rules, lane.Site) is null ? null
                    : SharedLimits.PlanOf(rules, lane.Source);
                return new(limit, limits.Rate, limits.Connections, rules.Rules, plan, rules.Version);
            case LimitKey.ProviderTotal { Provider: var name }:
                var provider = SharedLimits.ProviderOf(rules, name);
                return Shared(provider?.TotalRate, provider?.TotalConnections);
            case LimitKey.WarmUpRest { Source: var source }:
                return Shared(null, null) with { WarmUp = SharedLimits.PlanOf(rules, source) };
            case LimitKey.TenantTotal { Tenant: var name }:
                var tenant = rules.Tenants.GetValueOrDefault(name);
                return Shared(tenant?.Rate, tenant?.Connections);
            default: throw new UnreachableException($"{limit} has no terms");
        }

        LaneTerms Shared(Rate? rate, int? connections) =>
            new(limit, rate, connections ?? SharedLimits.Unbounded, [], null, rules.Version);
    }
}
