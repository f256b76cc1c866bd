using Akka.Actor;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Cluster;

/// <summary>Tells whoever asks every node what this one counts for itself: of its ledgers, and their readers.</summary>
internal sealed class NodeFiguresActor : ReceiveActor
{
    /// <summary>Under /user, the same on every node.</summary>
    public const string Name = "figures";

    public static Props Props(EngineMetrics metrics) => Akka.Actor.Props.Create(() => new NodeFiguresActor(metrics));

    public NodeFiguresActor(EngineMetrics metrics) => Receive<AskFigures>(q => Sender.Tell(
        new NodeFigures(metrics.UnfinishedNow, metrics.LagOf(q.Reader, q.Generation))));
}
