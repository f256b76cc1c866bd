using System.Collections.Immutable;
using System.Globalization;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaMail.Core.Cluster;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using AkkaMail.Storage.History;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Cluster;

/// <summary>A node as this one sees it; <paramref name="Row"/> is what it says of itself in the database.</summary>
internal sealed record NodeNow(string Address, NodeStanding Standing, bool IsThis, ImmutableArray<string> Roles, SeenNode? Row);

/// <summary>The nodes that there are, and what operators order of them. Each order is kept before it is given.</summary>
internal sealed class ClusterAdmin(ActorSystem system, ClusterStanding standing, HistoryStore history, TimeProvider time, ILogger<ClusterAdmin> log)
{
    public const int ReasonMax = LeaveCluster.ReasonMax;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    public IReadOnlyList<NodeNow> Nodes()
    {
        var cluster = Membership.Get(system);
        var (state, own) = (cluster.State, cluster.SelfUniqueAddress);
        var rows = standing.Now.Rows;
        SeenNode? RowOf(Address address, long? incarnation) => rows.FirstOrDefault(r =>
            r.Node.Address == address.ToString() && (incarnation is null || r.Node.Incarnation == incarnation));
        var members = state.Members.Where(m => m.Status != MemberStatus.Removed).Select(m => new NodeNow(
            m.Address.ToString(), StandingOf(m, state.Unreachable.Contains(m)), m.UniqueAddress == own,
            [.. m.Roles.Order(StringComparer.Ordinal)], RowOf(m.Address, m.UniqueAddress.Uid))).ToList();
        if (members.Count == 0)
            members.Add(new(own.Address.ToString(), NodeStanding.Joining, true, [], RowOf(own.Address, own.Uid)));
        var others = rows.Where(r => members.All(m => m.Address != r.Node.Address)).Select(r => new NodeNow(
            r.Node.Address, r.IsFresh && !r.IsOfACluster ? NodeStanding.Joining : NodeStanding.Gone, false, [], r));
        return [.. members.Concat(others).OrderBy(n => n.Address, StringComparer.Ordinal)];
    }

    private static NodeStanding StandingOf(Member member, bool isUnreachable) => member.Status switch
    {
        MemberStatus.Down => NodeStanding.Gone,
        _ when isUnreachable => NodeStanding.Unreachable,
        MemberStatus.Joining or MemberStatus.WeaklyUp => NodeStanding.Joining,
        MemberStatus.Leaving or MemberStatus.Exiting => NodeStanding.Leaving,
        _ => NodeStanding.Up,
    };

    /// <summary>By its address, its host and port, or its name in the shaping file; null: there is none.</summary>
    public NodeNow? Find(string node) => Nodes().FirstOrDefault(n => n.Address == Uri.UnescapeDataString(node)   // Its slashes.
        || n.Address.EndsWith("@" + node, StringComparison.Ordinal) || n.Row?.Node.Name == node);

    /// <summary>It ends as at SIGTERM. False: it does not answer.</summary>
    public async Task<bool> Leave(NodeNow node, string by, string reason, CancellationToken cancel)
    {
        await Keep(ClusterVerb.Leave, node.Address, by, reason, cancel);
        return await Tell(node.Address, new LeaveCluster(by, reason), cancel);
    }

    /// <summary>The others take it for dead, and its ledgers begin elsewhere.</summary>
    public async Task Down(NodeNow node, string by, string reason, CancellationToken cancel)
    {
        await Keep(ClusterVerb.Down, node.Address, by, reason, cancel);
        Membership.Get(system).Down(Address.Parse(node.Address));
    }

    /// <summary>Which nodes did not hear of it.</summary>
    public async Task<IReadOnlyList<string>> Move(int ledger, NodeNow to, string by, string reason, CancellationToken cancel)
    {
        await Keep(ClusterVerb.Move, string.Create(CultureInfo.InvariantCulture, $"{ledger} to {to.Address}"), by, reason, cancel);
        return (await EveryNode.Ask<Done>(system, Engine.Cluster.ClusterOrders.Name, new MoveLedger(ledger, to.Address), cancel)).Silent;
    }

    private async Task Keep(ClusterVerb verb, string subject, string by, string reason, CancellationToken cancel)
    {
        await history.KeepOrder(new(time.GetUtcNow(), by, verb, subject, reason), cancel);
        log.LogWarning("{By} orders to {Verb} {Subject}: {Reason}", by, verb, subject, reason);
    }

    private async Task<bool> Tell(string address, object order, CancellationToken cancel)
    {
        try
        {
            await system.ActorSelection(new RootActorPath(Address.Parse(address)) / "user" / Engine.Cluster.ClusterOrders.Name)
                .Ask<Done>(order, Answer, cancel);
            return true;
        }
        catch (AskTimeoutException) { return false; }
    }
}
