using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// A node's part of a lane until <paramref name="Until"/>. <paramref name="Rate"/> in messages a second, null: no bound;
/// 0: nothing now. <paramref name="Quota"/> is what a warm-up adds to the node's allowance until
/// <paramref name="QuotaEnds"/>, null when there is no warm-up. Of several leases the one with the highest
/// <paramref name="Serial"/> holds.
/// </summary>
public sealed record Lease(
    LaneKey Lane, long Serial, double? Rate, int Burst, int Connections, Rate? ConnectionRate, DateTimeOffset Until,
    long? Quota, DateTimeOffset QuotaEnds, ImmutableArray<Hold> Holds, LaneWhy Why)
{
    public bool IsSuspended(DateTimeOffset now) =>
        Holds.Any(h => h.Scope == ReactionScope.Lane && h.Reaction is Reaction.Suspend && h.Covers(now));
}

/// <summary>
/// The whole lane's state, for whoever asks why: <paramref name="Rate"/> and <paramref name="Connections"/> over all
/// nodes, the rule and reply that brought the rate there (null: configured), and the next step up.
/// </summary>
public sealed record LaneWhy(
    double? Rate, int Connections, double Score, string? Rule, string Version, Cause? Cause, DateTimeOffset? NextStepAt,
    string? WarmUpPlan, int? WarmUpStage, long? WarmUpVolume, long? WarmUpGranted,
    Standing Standing = Standing.Good);

/// <summary>What a node wants of a lane: <paramref name="Messages"/> waiting or begun within a second.</summary>
public readonly record struct Demand(int Messages, int Connections);

/// <summary>What a node gets of it.</summary>
public readonly record struct Share(double? Rate, int Connections);
