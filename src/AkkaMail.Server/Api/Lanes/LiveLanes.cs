using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// A lane as all its <paramref name="Nodes"/> have it together: the newest <paramref name="Lease"/>, since each says how
/// the whole lane stands, and what they have of it added up. It is missing only where nobody has its source.
/// </summary>
internal sealed record LiveLane(
    LaneKey Lane, ImmutableArray<string> Nodes, Lease? Lease, int InUse, int AtHand, int Room, long Depth, long QuotaLeft,
    bool IsMissing)
{
    public static LiveLane Of(IReadOnlyList<NodeLane> parts) => new(
        parts[0].Lane, [.. parts.Select(p => p.Node).Order(StringComparer.Ordinal)],
        parts.Select(p => p.Lease).OfType<Lease>().MaxBy(l => l.Until), parts.Sum(p => p.InUse), parts.Sum(p => p.AtHand),
        parts.Sum(p => p.Room), parts.Sum(p => p.Depth), parts.Sum(p => p.QuotaLeft), parts.All(p => p.IsMissing));
}

/// <summary>The live lanes of all nodes that answered, and those that did not; null: none.</summary>
internal sealed record LiveLanes(ImmutableArray<LiveLane> Lanes, IReadOnlyList<string>? SilentNodes)
{
    public static LiveLanes None { get; } = new([], null);

    public static LiveLanes Of(NodeAnswers<ImmutableArray<NodeLanes>> all) => new(
        [.. all.ByNode.Values.SelectMany(pages => pages).SelectMany(page => page.Lanes).GroupBy(l => l.Lane)
            .Select(lane => LiveLane.Of([.. lane]))],
        all.Silent.IsEmpty ? null : all.Silent);
}
