using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>What the shaping rules of <paramref name="Version"/> say of one lane, before it has adapted.</summary>
public sealed record LaneTerms(
    LaneKey Lane, Rate? Rate, int Connections, Rate? ConnectionRate, ImmutableArray<ReactionRule> Rules,
    WarmUpPlan? WarmUp, string Version)
{
    public double? RatePerSecond => Rate?.PerSecond;
}
