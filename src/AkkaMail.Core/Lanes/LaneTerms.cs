using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>What the shaping rules of <paramref name="Version"/> say of one lane, before it has adapted.</summary>
public sealed record LaneTerms(
    LaneKey Lane, Rate? Rate, int Connections, Rate? ConnectionRate, ImmutableArray<ReactionRule> Rules,
    WarmUpPlan? WarmUp, string Version)
{
    public double? RatePerSecond => Rate?.PerSecond;

    /// <summary>Also for the limits that lanes share; a lane of no configured source has the defaults.</summary>
    public static LaneTerms Of(ShapingRules rules, LaneKey lane)
    {
        if (SharedLimits.TermsOf(rules, lane) is { } shared) return shared;
        var limits = LaneLimits.Of(rules, lane.Source, lane.Site);
        return new(
            lane, limits.Rate?.Value, limits.Connections.Value, limits.ConnectionRate?.Value, rules.Rules,
            SharedLimits.IsProvider(rules, lane.Site) ? SharedLimits.PlanOf(rules, lane.Source) : null, rules.Version);
    }
}
