using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaMail.Engine.Protocol;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Finds out at once when another node's process has died. A silent node may only be cut off, and has to be waited for;
/// but a host that refuses a connection to the node's port says that nobody listens there any more. So whoever loses
/// the connection tries another, and a node that refuses is downed, seconds before its silence would tell. Only on the
/// side that has the majority, as the split brain resolver decides: a firewall that rejects looks the same.
/// </summary>
internal sealed class DeathWatch : ReceiveActor
{
    private const int Tries = 8;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(1);

    private readonly Membership _cluster = Membership.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// Those whose port is being tried, and those that have refused meanwhile: neither counts as reachable.
    /// </summary>
    private readonly HashSet<UniqueAddress> _tried = [], _refused = [];

    /// <param name="delivery">Hears of each node that is downed or removed.</param>
    /// <param name="downsRefusing">False: only silence tells that a node is dead.</param>
    public static Props Props(IActorRef delivery, bool downsRefusing) =>
        Akka.Actor.Props.Create(() => new DeathWatch(delivery, downsRefusing));

    public DeathWatch(IActorRef delivery, bool downsRefusing)
    {
        if (downsRefusing)
        {
            Receive<ClusterEvent.UnreachableMember>(e => Try(e.Member.Address));
            Receive<DisassociatedEvent>(e => Try(e.RemoteAddress));
            Receive<AssociationErrorEvent>(e => Try(e.RemoteAddress));
        }
        Receive<Tried>(Conclude);
        Receive<ClusterEvent.MemberDowned>(e => delivery.Tell(new NodeDied(NodeName.Of(e.Member.UniqueAddress))));
        Receive<ClusterEvent.MemberRemoved>(e => delivery.Tell(new NodeDied(NodeName.Of(e.Member.UniqueAddress))));
    }

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberRemoved));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    private void Try(Address address)
    {
        var member = _cluster.State.Members.FirstOrDefault(m => m.Address == address && m.Status != MemberStatus.Down);
        if (member is null || member.UniqueAddress == _cluster.SelfUniqueAddress || !_tried.Add(member.UniqueAddress))
            return;
        RefusesAsync(address, _stopping.Token).PipeTo(Self,
            success: refuses => new Tried(member.UniqueAddress, refuses),
            failure: _ => new Tried(member.UniqueAddress, IsRefused: false));
    }

    private void Conclude(Tried tried)
    {
        _tried.Remove(tried.Node);
        if (tried.IsRefused) _refused.Add(tried.Node);
        if (_tried.Count > 0) return;   // Whoever is being tried may be gone as well.
        var refused = _refused.ToImmutableHashSet();
        _refused.Clear();   // It counts now or not at all: a port that refused once may be open again.
        var state = _cluster.State;
        if (!IsMajority(Up(state), refused.Union(Unreachable(state)))) return;
        foreach (var node in refused.Where(n => state.Members.Any(m => m.UniqueAddress == n)))
        {
            _log.Warning("{0} has died: nobody listens there any more", node.Address);
            _cluster.Down(node.Address);
        }
    }

    /// <summary>
    /// Whether this node is in the cluster and sees most of it. Who does not is rather cut off himself, and the others take
    /// over what is his while he still counts the seconds to his end.
    /// </summary>
    public static bool SeesMost(Membership cluster)
    {
        var state = cluster.State;
        return cluster.SelfMember.Status is not (MemberStatus.Down or MemberStatus.Removed)
            && (state.Unreachable.IsEmpty || IsMajority(Up(state), Unreachable(state)));
    }

    private static ImmutableArray<UniqueAddress> Up(ClusterEvent.CurrentClusterState state) =>
        [.. state.Members.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving).Select(m => m.UniqueAddress)];

    private static ImmutableHashSet<UniqueAddress> Unreachable(ClusterEvent.CurrentClusterState state) =>
        [.. state.Unreachable.Select(m => m.UniqueAddress)];

    /// <summary>
    /// Whether those of <paramref name="up"/> that are not <paramref name="away"/> are more than half; of two halves,
    /// the one with the lowest address: the rule of KeepMajority, so both come to the same end.
    /// </summary>
    internal static bool IsMajority(ImmutableArray<UniqueAddress> up, IReadOnlySet<UniqueAddress> away)
    {
        var here = up.Count(n => !away.Contains(n));
        return 2 * here > up.Length
            || 2 * here == up.Length && up.Length > 0
                && !away.Contains(up.MinBy(n => n.Address, Member.AddressOrdering)!);
    }

    /// <summary>
    /// Twice in a row: a process that is ending may still take one more, and one that begins may not listen yet.
    /// </summary>
    private static async Task<bool> RefusesAsync(Address address, CancellationToken stopping)
    {
        for (int tries = 0, refusals = 0; tries < Tries; tries++)
        {
            if (tries > 0) await Task.Delay(BetweenTries, stopping);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            patience.CancelAfter(Patience);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address.Host, address.Port ?? 0, patience.Token);
                refusals = 0;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                if (++refusals == 2) return true;
            }
        }
        return false;
    }

    private sealed record Tried(UniqueAddress Node, bool IsRefused) : INoSerializationVerificationNeeded;
}
