using Akka.Actor;
using Akka.Cluster;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Cluster;

/// <summary>Names a node's incarnation: its address and the number it drew when its actor system started.</summary>
public static class NodeName
{
    public static string Of(UniqueAddress node) => $"{node.Address}#{node.Uid}";

    /// <summary>Where that incarnation is reached, or null when it has left the cluster or died.</summary>
    public static Address? AddressOf(Membership cluster, string node) =>
        cluster.State.Members.FirstOrDefault(m =>
            Of(m.UniqueAddress) == node && m.Status is not (MemberStatus.Down or MemberStatus.Removed))?.Address;
}
