using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// A lane, or a limit that lanes share, as its governor knows it at one moment, over all nodes and all things
/// considered. A <paramref name="Rate"/> of null is no bound; <paramref name="Version"/> is that of the rules then,
/// <paramref name="ComplaintRate"/> complaints as a share of deliveries, 0 to 1, both halved in 7 days; null: nothing
/// was delivered. It is in each lease, so that a node can say why.
/// </summary>
public sealed record LaneState(
    DateTimeOffset At, string Version, double? Rate, int Connections, Pace Pace, ImmutableArray<Hold> Holds,
    WarmUp? WarmUp, double Score, Standing Standing, double? ComplaintRate)
{
    /// <summary>Who has a lease; told to who asks the governor, a lease knows it by its division.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>The number of the last event in its journal; told to who asks the governor.</summary>
    public long Newest { get; init; }

    /// <summary>The hold that bounds its rate, or its connections, by now; null: something else does.</summary>
    public Hold? Behind(HeldBy by)
    {
        if (Holds.IsEmpty) return null;
        Hold? least = null;
        foreach (var hold in Holds)
        {
            if (!hold.Target.IsLane || !hold.Covers(At)) continue;
            var factor = Lanes.Reputation.Factor(Score);
            var binds = (by, hold.Reaction) switch
            {
                (HeldBy.Rate, Reaction.LimitRate r) => Rate >= r.Rate.PerSecond * factor * 0.999,
                (HeldBy.Connections, Reaction.LimitConnections c) => Connections >= c.Connections,
                _ => false,
            };
            if (binds) least = hold;
        }
        return least;
    }

    /// <summary>
    /// Messages a second by which it gets on: what it is allowed, but while the receiver is full what its window holds.
    /// Null: it has no bound, or nobody knows (<see cref="IsOpen"/>).
    /// </summary>
    public double? Progress => IsOpen ? Rate : Pace.Window?.PerSecond;

    /// <summary>The receiver takes mail, as far as is known.</summary>
    public bool IsOpen => Pace.Rule != WindowPace.FullRule;

    public bool IsSuspended => IsSuspendedAt(At);

    public bool IsSuspendedAt(DateTimeOffset now) => Holds.Any(h => h.StopsLane(now));
}
