using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// What follows from a lane's <paramref name="State"/> (null before its first lease) and from what nodes have of it
/// (<paramref name="Live"/>, null when there is no mail for it): how it does in a word, why, and when the last one
/// waiting goes.
/// </summary>
internal sealed record LaneFacts(
    LaneTerms Terms, LaneState? State, LiveLane? Live, bool IsMissing, IReadOnlyList<string> Nodes, DateTimeOffset Now)
{
    private static readonly TimeSpan EtaMax = TimeSpan.FromDays(365);

    /// <summary>The source's warm-up with all who are no provider, where this lane counts against it.</summary>
    public LaneState? OfSource { get; init; }

    /// <summary>As nodes know it by their leases.</summary>
    public static LaneFacts Of(LiveLane lane, LaneTerms terms, DateTimeOffset now, LaneState? ofSource = null) =>
        new(terms, lane.Lease?.State, lane, lane.IsMissing, lane.Nodes, now) { OfSource = ofSource };

    public LaneResponse ToResponse() => new()
    {
        Source = Terms.Limit.Path.Source,
        Site = Terms.Limit.Path.Site,
        State = Word,
        Rate = LaneRate.Of(RateNow),
        ConfiguredRate = LaneRate.Of(Terms.Rate),
        Connections = new(Live?.InUse ?? 0, State?.Connections ?? 0, Terms.Connections),
        AtHand = Live?.AtHand ?? 0,
        Credit = Live?.Room ?? 0,
        Depth = Live?.Depth ?? 0,
        Eta = Eta,
        Why = LaneReason.Of(Slowed),
        Takes = LaneWindow.Of(State?.Pace.Window),
        NextStep = State is { IsOpen: true } && Adaptation.NextStep(State.Pace) is { } at && at > Now && !IsSuspended
            ? new(at) : null,
        Holds = [.. Holds.Select(HoldResponse.Of)],
        WarmUp = WarmUpResponse.Of(WarmUp, isOfSource: State?.WarmUp is null, Now),
        Score = Math.Round(State?.Score ?? 0, 1),
        ScoreFactor = State is null ? 1 : Math.Round(Core.Lanes.Reputation.Factor(State.Score), 2),
        Standing = (State?.Standing ?? Standing.Good).ToWord(),
        Nodes = Nodes,
        ComplaintRate = State?.ComplaintRate is { } rate ? Math.Round(rate, 6) : null,
    };

    private string Word =>
        IsMissing ? "source_missing"
        : HasNoLease ? "no_lease"
        : IsSuspended ? "suspended"
        : Slowed is not null ? "limited"
        : WarmUp is not null && (IsInUse || OfSource is null) ? "warming_up"
        : !IsInUse ? "idle" : "running";

    private WarmUp? WarmUp => State?.WarmUp ?? OfSource?.WarmUp;

    /// <summary>Nothing goes until the next period; what nodes have in hand of this one is little.</summary>
    private bool IsUsedUp => WarmUp is { } w && w.Left(Now) <= 0 && Live is not { QuotaLeft: > 0 };

    private IEnumerable<Hold> Holds => State?.Holds.Where(h => h.Covers(Now)) ?? [];

    /// <summary>One without mail lets its lease go, and misses nothing.</summary>
    private bool HasNoLease => IsInUse && (Live!.Lease is null || IsExpired(Live));
    private bool IsInUse => Live is { Depth: > 0 } or { InUse: > 0 };
    private bool IsSuspended => Suspensions.Any();
    private IEnumerable<Hold> OfLane => Holds.Where(h => h.Target.IsLane);
    private IEnumerable<Hold> Suspensions => OfLane.Where(h => h.Reaction is Reaction.Suspend);

    private double? RateNow =>
        IsMissing || IsSuspended || IsUsedUp || State is null ? 0
        : HasNoLease && Live!.Lease is { } lease ? Budget.Rate(lease, Now) : State.Rate;

    private bool IsExpired(LiveLane live) => live.Lease!.Until <= Now;

    /// <summary>Null: it goes as configured.</summary>
    private Slowing? Slowed => State is null ? null : Slowing.Of(State, Terms, Now);

    /// <summary>
    /// As if this lane sent all that waits at the rate it has now, or its window holds. What it learns meanwhile, and a warm-up's next
    /// stages, nobody knows.
    /// </summary>
    private DateTimeOffset? Eta
    {
        get
        {
            if (Live is not { Depth: > 0 } live || IsMissing || HasNoLease || State?.Progress is not { } rate || rate <= 0)
                return null;
            if (WarmUp is { } w && live.Depth > w.Left(Now) + live.QuotaLeft) return null;
            var from = Now;
            foreach (var hold in Suspensions)
            {
                if (hold.EndsAt is not { } end) return null;
                if (end > from) from = end;
            }
            var time = live.Depth / rate;
            return time < EtaMax.TotalSeconds ? from.AddSeconds(time) : null;
        }
    }
}
