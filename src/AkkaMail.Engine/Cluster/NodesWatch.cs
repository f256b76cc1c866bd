using Akka.Actor;
using Akka.Cluster;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Tells the delivery which nodes there are by name, whenever that has changed: their sources come and go with them.
/// </summary>
internal sealed class NodesWatch : ReceiveActor
{
    private readonly Membership _cluster = Membership.Get(Context.System);

    /// <summary>By the events alone: the cluster's own view of its state may be behind one or before it.</summary>
    private readonly Dictionary<UniqueAddress, Member> _up = [];

    private NodeNames _known = NodeNames.None;

    public static Props Props(IActorRef delivery) => Akka.Actor.Props.Create(() => new NodesWatch(delivery));

    public NodesWatch(IActorRef delivery) => Receive<ClusterEvent.IMemberEvent>(e =>
    {
        if (e is ClusterEvent.MemberUp up) _up[up.Member.UniqueAddress] = up.Member;
        else if (e is not ClusterEvent.MemberJoined and not ClusterEvent.MemberWeaklyUp)
            _up.Remove(e.Member.UniqueAddress);
        var now = NodeNames.Of(_cluster, _up.Values);
        if (now.Same(_known)) return;
        _known = now;
        delivery.Tell(new NodesChanged(now));
    });

    protected override void PreStart() => _cluster.Subscribe(Self,
        ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
