using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// Which lanes are live on this node, behind <paramref name="After"/> (null: from the first)? Answered with
/// <see cref="NodeLanes"/>.
/// </summary>
public sealed record ListLanes(LaneKey? After = null)
{
    /// <summary>Bytes of an answer, about: a few hundred lanes.</summary>
    public const int PageBytes = 1024 * 1024;
}

/// <summary>In the order of their names. More: whoever wants them asks on, after the last of these.</summary>
public sealed record NodeLanes(ImmutableArray<NodeLane> Lanes, bool HasMore = false);

/// <summary>
/// A lane as one node has it: its lease (null: none yet), connections in use, messages at hand with room for how many,
/// and <paramref name="Depth"/> that wait for it; of a queue that several lanes take from it has its part by weight.
/// </summary>
public sealed record NodeLane(
    LaneKey Lane, string Node, Lease? Lease, int InUse, int AtHand, int Room, long Depth, long QuotaLeft,
    DateTimeOffset? NextAt, bool IsMissing);
