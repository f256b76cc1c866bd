using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;

namespace AkkaMail.Core.Leases;

/// <summary>
/// A node's part of a limit until <paramref name="Until"/>. <paramref name="Rate"/> in messages a second, null: no
/// bound; 0: nothing now. <paramref name="Quota"/> is what a warm-up adds to the node's allowance until
/// <paramref name="QuotaEnds"/>, null when there is no warm-up. Of several leases the one with the highest
/// <paramref name="Serial"/> holds; <paramref name="State"/> is the whole limit's.
/// </summary>
public sealed record Lease(
    LimitKey Limit, long Serial, double? Rate, int Burst, int Connections, DateTimeOffset Until, long? Quota,
    DateTimeOffset QuotaEnds, LaneState State)
{
    /// <summary>How the lane is divided, by node.</summary>
    public ImmutableDictionary<string, NodeShare> Shares { get; init; } = ImmutableDictionary<string, NodeShare>.Empty;

    /// <summary>
    /// The lease of <paramref name="self"/> as it is once <paramref name="node"/> has died: what that had is divided
    /// among those who want more, or else among all, in proportion to what they have. All who have a lease of the same
    /// division come to the same, and their sum is never more than it was.
    /// </summary>
    public Lease Without(string node, string self)
    {
        if (!Shares.TryGetValue(node, out var dead)) return this;
        var left = Shares.Remove(node);
        var heirs = left.Where(s => s.Value.WantsMore).ToList();
        if (heirs.Count == 0) heirs = [.. left];
        var rate = heirs.Sum(s => s.Value.Rate ?? 0);
        var connections = heirs.Sum(s => s.Value.Connections);
        var more = rate > 0 && dead.Rate is { } r ? (rate + r) / rate : 1;
        var shares = left.SetItems(heirs.Select(s => KeyValuePair.Create(s.Key, s.Value with
        {
            Rate = s.Value.Rate * more,
            Connections = connections == 0 ? s.Value.Connections
                : (int)((long)s.Value.Connections * (connections + dead.Connections) / connections),
        })));
        if (!shares.TryGetValue(self, out var own) || own == left[self]) return this with { Shares = shares };
        return this with
        {
            Rate = Rate * more,
            Burst = (int)Math.Max(Burst, Math.Min(Burst * more, int.MaxValue)),
            Connections = own.Connections,
            Shares = shares,
        };
    }
}

/// <summary>What a node wants of a lane: <paramref name="Messages"/> waiting or begun within a second.</summary>
public readonly record struct Demand(int Messages, int Connections);

/// <summary>What a node has of a lane, and whether it wants more than that.</summary>
public readonly record struct NodeShare(double? Rate, int Connections, bool WantsMore);

/// <summary>What a node gets of it.</summary>
public readonly record struct Share(double? Rate, int Connections);
