using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Cluster;

/// <summary>How a node stands, as the one that is asked sees it.</summary>
public enum NodeStanding
{
    /// <summary>It works.</summary>
    [Word("up")] Up,

    /// <summary>It is on its way in.</summary>
    [Word("joining")] Joining,

    /// <summary>It takes nothing new, and goes.</summary>
    [Word("leaving")] Leaving,

    /// <summary>It does not answer, and may be dead, cut off or frozen: in some seconds it is taken for dead.</summary>
    [Word("unreachable")] Unreachable,

    /// <summary>It was taken for dead, or has died; its ledgers live elsewhere.</summary>
    [Word("gone")] Gone,
}
