namespace AkkaMail.Core.Cluster;

/// <summary>
/// What a node says of itself in the table of nodes. <paramref name="Address"/> is where its fellows reach it, and
/// <paramref name="Incarnation"/> the number it drew when it began there.
/// </summary>
public sealed record NodeSelf(string Address, long Incarnation, NodeState State)
{
    /// <summary>Its name in the shaping file; null: it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Of the program.</summary>
    public string Version { get; init; } = "";

    /// <summary>By which rules it goes, a word a kind: <c>shaping=1a2b3c, bounces=…</c>.</summary>
    public string Rules { get; init; } = "";

    /// <summary>How far its clock is ahead of the database's; null: it could not be told yet.</summary>
    public TimeSpan? Skew { get; init; }

    /// <summary>
    /// The cluster it is in: clusters on one database are numbered as they are founded. 0: none yet.
    /// </summary>
    public long Founding { get; init; }

    public DateTimeOffset StartedAt { get; init; }
}

/// <summary>
/// A row of the table: <paramref name="SeenAt"/> is the last sign of life, <paramref name="Silence"/> how long ago that
/// was, both by the database's clock.
/// </summary>
public sealed record SeenNode(NodeSelf Node, DateTimeOffset SeenAt, TimeSpan Silence)
{
    /// <summary>A node renews its row each <see cref="Beat"/>; one that has been silent for this long may be dead.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>Three of them are within <see cref="Fresh"/>.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    public bool IsFresh => Silence < Fresh;

    /// <summary>It is in a cluster, or about to begin one.</summary>
    public bool IsOfACluster => Node.State != NodeState.Joining;
}
