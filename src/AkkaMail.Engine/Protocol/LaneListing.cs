using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;

namespace AkkaMail.Engine.Protocol;

/// <summary>Which lanes are live on this node? Answered with <see cref="NodeLanes"/>.</summary>
public sealed record ListLanes;

public sealed record NodeLanes(ImmutableArray<NodeLane> Lanes);

/// <summary>
/// A lane as one node has it: its lease (null: none yet), connections in use, messages at hand with room for how many,
/// and <paramref name="Depth"/> that wait for it; of a queue that several lanes take from it has its part by weight.
/// </summary>
public sealed record NodeLane(
    LaneKey Lane, string Node, Lease? Lease, int InUse, int AtHand, int Room, long Depth, long QuotaLeft,
    DateTimeOffset? NextAt, bool IsMissing);
