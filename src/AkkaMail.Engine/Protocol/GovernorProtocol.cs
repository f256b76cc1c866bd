using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Protocol;

/// <summary>A message on its way to the governor of <paramref name="Limit"/>, wherever that lives.</summary>
public sealed record ToGovernor(LimitKey Limit, object Message);

/// <summary>
/// What a node has to tell the governors of one shard: a message each second for all its lanes there. What asks for
/// leases is answered with <see cref="Leases"/>, in one as far as they are there at once.
/// </summary>
public sealed record ToGovernors(int Shard, ImmutableArray<ToGovernor> Words);

/// <summary>Of several of one limit each counts, in this order: one may bring a warm-up's allowance.</summary>
public sealed record Leases(ImmutableArray<Lease> Given);

/// <summary>
/// What a node saw, and that it wants to go on; answered with a <see cref="Lease"/>. <paramref name="QuotaLeft"/> is
/// what it still has of a warm-up's allowance, <paramref name="QuotaWanted"/> what it could use,
/// <paramref name="Held"/> its part until now.
/// </summary>
public sealed record RenewLease(
    string Node, Demand Demand, long QuotaLeft, long QuotaWanted, LaneReport Report, Share? Held = null);

/// <summary>The node has nothing more to send there.</summary>
public sealed record LeaveLane(string Node, LaneReport Report);

/// <summary>How is this lane? Answered with <see cref="LaneState"/>.</summary>
public sealed record DescribeLane;

/// <summary>How does it stand with its receiver? Answered with <c>ReadFigures</c>.</summary>
public sealed record TellStanding
{
    public static TellStanding Instance { get; } = new();
}

/// <summary>
/// An operator's order; answered with <see cref="LaneState"/> once it is stored, or <see cref="OrderRefused"/>.
/// </summary>
public abstract record LaneOrder(string Note)
{
    /// <summary>Who orders it: the id of an API key, <c>admin</c>.</summary>
    public string? By { get; init; }

    /// <summary>No more mail for <paramref name="Time"/> (null: until it is resumed).</summary>
    public sealed record Suspend(HoldTarget Target, TimeSpan? Time, string Note) : LaneOrder(Note);

    public sealed record Resume(string Note) : LaneOrder(Note);

    /// <summary>Bounds beside all others; both null lifts the earlier ones.</summary>
    public sealed record Limit(Rate? Rate, int? Connections, TimeSpan? Time, string Note) : LaneOrder(Note);

    public sealed record StartWarmUp(WarmUpPlan Plan, string Note) : LaneOrder(Note);

    public sealed record PauseWarmUp(string Note) : LaneOrder(Note);

    public sealed record ResumeWarmUp(string Note) : LaneOrder(Note);

    public sealed record CompleteWarmUp(string Note) : LaneOrder(Note);
}

public sealed record OrderRefused(string Reason);

/// <summary>
/// Complaints and signs of engagement for mail of this lane; answered with <see cref="FeedbackTaken"/> once stored.
/// </summary>
public sealed record CountFeedback(int Complaints, int Engaged);

public sealed record FeedbackTaken
{
    public static FeedbackTaken Instance { get; } = new();
}
