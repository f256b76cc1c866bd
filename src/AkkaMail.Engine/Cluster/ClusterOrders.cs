using Akka;
using Akka.Actor;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Cluster;

/// <summary>One a node, at <c>/user/cluster-orders</c>: takes what operators order of nodes and of where ledgers live.</summary>
public sealed class ClusterOrders : ReceiveActor
{
    public const string Name = "cluster-orders";

    /// <param name="leave">Ends this process as SIGTERM does.</param>
    public static Props Props(LedgerMoves moves, Action<LeaveCluster> leave) =>
        Akka.Actor.Props.Create(() => new ClusterOrders(moves, leave));

    public ClusterOrders(LedgerMoves moves, Action<LeaveCluster> leave)
    {
        Receive<MoveLedger>(m =>
        {
            moves.Order(m.Ledger, Address.Parse(m.Node));
            Sender.Tell(Done.Instance);
        });
        Receive<LeaveCluster>(l =>
        {
            Sender.Tell(Done.Instance);
            leave(l);
        });
    }
}
