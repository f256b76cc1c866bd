using System.Collections.Immutable;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// What is known of a lane at one moment, and what follows: its state, why, and when the last one waiting goes.
/// <paramref name="Live"/> is what this node has of it, null when there is no mail for it here; <paramref name="Why"/>
/// is null before its first lease.
/// </summary>
internal sealed record LaneFacts(
    LaneTerms Terms, LaneWhy? Why, ImmutableArray<Hold> Holds, WarmUp? WarmUp, NodeLane? Live, bool IsMissing,
    IReadOnlyList<string> Nodes, DateTimeOffset Now)
{
    private static readonly TimeSpan EtaMax = TimeSpan.FromDays(365);

    public static LaneFacts Of(NodeLane lane, LaneTerms terms, DateTimeOffset now) => new(
        terms, lane.Lease?.Why, [.. lane.Lease?.Holds.Where(h => h.Covers(now)) ?? []], null, lane, lane.IsMissing,
        [lane.Node], now);

    /// <summary>As its governor knows it: that is ahead of the node's lease.</summary>
    public static LaneFacts Of(LaneState state, NodeLane? live, LaneTerms terms, bool isMissing) =>
        new(terms, state.Why, state.Now.Holds, state.WarmUp, live, isMissing, state.Nodes, state.At)
        { ComplaintRate = state.ComplaintRate };

    /// <summary>As the governor counts; null in lists, which do not ask it, and where nothing was delivered.</summary>
    public double? ComplaintRate { get; private init; }

    public LaneResponse ToResponse() => new(
        Terms.Limit.Path.Source, Terms.Limit.Path.Site, State, LaneRate.Of(RateNow), LaneRate.Of(Terms.Rate),
        new(Live?.InUse ?? 0, Why?.Connections ?? 0, Terms.Connections), Live?.AtHand ?? 0, Live?.Room ?? 0,
        Live?.Depth ?? 0, Eta, Reason, Why?.NextStepAt is { } at && !IsSuspended ? new(at) : null,
        [.. Holds.Select(HoldResponse.Of)], Why is null ? null : WarmUpResponse.Of(Why, WarmUp),
        Math.Round(Why?.Score ?? 0, 1), (Why?.Standing ?? Standing.Good).ToWord(), Nodes,
        ComplaintRate is { } rate ? Math.Round(rate, 6) : null);

    public string State =>
        IsMissing ? "source_missing"
        : HasNoLease ? "no_lease"
        : IsSuspended ? "suspended"
        : Reason is not null ? "limited"
        : Why?.WarmUpPlan is not null ? "warming_up"
        : !IsInUse ? "idle" : "running";

    /// <summary>One without mail lets its lease go, and misses nothing.</summary>
    private bool HasNoLease => IsInUse && (Live!.Lease is null || IsExpired(Live));
    private bool IsInUse => Live is { Depth: > 0 } or { InUse: > 0 };
    private bool IsSuspended => Suspensions.Any();
    private IEnumerable<Hold> OfLane => Holds.Where(h => h.Scope == ReactionScope.Lane);
    private IEnumerable<Hold> Suspensions => OfLane.Where(h => h.Reaction is Reaction.Suspend);

    private double? RateNow =>
        IsMissing || IsSuspended || Why is null ? 0
        : HasNoLease && Live!.Lease is { } lease ? Budget.Rate(lease, Now) : Why.Rate;

    private bool IsExpired(NodeLane live) => live.Lease!.Until <= Now;

    /// <summary>Null: it goes as configured.</summary>
    private LaneReason? Reason
    {
        get
        {
            if (Suspensions.MaxBy(h => h.Until) is { } stop) return Of(stop);
            if (Why is null) return null;
            var factor = Core.Lanes.Reputation.Factor(Why.Score);
            var slow = OfLane.Where(h => h.Reaction is Reaction.LimitRate).MinBy(RateOf);
            if (slow is not null && Why.Rate >= RateOf(slow) * factor * 0.999) return Of(slow);
            if (Why.Rule is not null) return new(Why.Rule, Why.Version, CauseResponse.Of(Why.Cause), null);
            if (OfLane.FirstOrDefault(h => h.Reaction is Reaction.LimitConnections) is { } few) return Of(few);
            if (factor < 1) return new("reputation", Why.Version, null, null);
            return Why.Connections < Terms.Connections ? new(Adaptation.LimitedRule, Why.Version, null, null) : null;
        }
    }

    private static double RateOf(Hold h) => ((Reaction.LimitRate)h.Reaction).Rate.PerSecond;

    private static LaneReason Of(Hold h) => new(h.Rule, h.Version, CauseResponse.Of(h.Cause), h.Note);

    /// <summary>
    /// As if this lane sent all that waits at the rate it has now. What it learns meanwhile, and a warm-up's next
    /// stages, nobody knows.
    /// </summary>
    private DateTimeOffset? Eta
    {
        get
        {
            if (Live is not { Depth: > 0 } live || IsMissing || HasNoLease || Why?.Rate is not { } rate || rate <= 0)
                return null;
            if (Why.WarmUpVolume is { } volume && live.Depth > volume - Why.WarmUpGranted + live.QuotaLeft) return null;
            var from = Now;
            foreach (var hold in Suspensions)
            {
                if (HoldResponse.End(hold) is not { } end) return null;
                if (end > from) from = end;
            }
            var time = live.Depth / rate;
            return time < EtaMax.TotalSeconds ? from.AddSeconds(time) : null;
        }
    }
}
