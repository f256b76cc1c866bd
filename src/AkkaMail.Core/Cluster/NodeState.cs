using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Cluster;

/// <summary>How far a node is with its cluster, as it says itself in the table of nodes.</summary>
public enum NodeState
{
    /// <summary>It looks for others, or asks to be let in.</summary>
    [Word("joining")] Joining,

    /// <summary>It has found nobody, and begins the cluster.</summary>
    [Word("founding")] Founding,

    /// <summary>It is in, and works.</summary>
    [Word("member")] Member,

    /// <summary>It takes nothing new, and goes.</summary>
    [Word("leaving")] Leaving,
}
