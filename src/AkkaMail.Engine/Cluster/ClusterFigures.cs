using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// What all nodes count together. While one of them is silent (<paramref name="Silent"/>) it is less than there is.
/// </summary>
public sealed record ClusterFigures(long Unfinished, long Lag, ImmutableArray<string> Silent)
{
    /// <param name="reader">A projection or reactor, whose lag is told.</param>
    public static async Task<ClusterFigures> Ask(
        ActorSystem system, string reader, int generation, CancellationToken cancel)
    {
        var all = await EveryNode.Ask<NodeFigures>(
            system, NodeFiguresActor.Name, new AskFigures(reader, generation), cancel);
        return new(all.ByNode.Values.Sum(f => f.Unfinished), all.ByNode.Values.Sum(f => f.Lag), all.Silent);
    }
}
