using System.Collections.Immutable;
using AkkaMail.Core.Cluster;

namespace AkkaMail.Server.Cluster;

/// <summary>
/// How this node stands with its cluster and its database, as of its last look. Of one node with files: in, and alone.
/// </summary>
internal sealed class ClusterStanding
{
    private volatile View _now = new(false, "it has not looked yet", null, []);

    /// <param name="IsIn">It is a member, and works.</param>
    /// <param name="WaitsFor">What it waits for to become one; null: nothing.</param>
    /// <param name="Fault">Why the database cannot be written; null: it can.</param>
    /// <param name="Rows">The table of nodes, when it was read last.</param>
    internal sealed record View(bool IsIn, string? WaitsFor, string? Fault, ImmutableArray<SeenNode> Rows)
    {
        /// <summary>How far this node's clock is ahead of the database's; null: it could not be told yet.</summary>
        public TimeSpan? Skew { get; init; }
    }

    public View Now => _now;

    public void Is(View view) => _now = view;

    /// <summary>An instant by the clock that all nodes share, as this node's clock has it.</summary>
    public DateTimeOffset Shared(DateTimeOffset here) => here - (_now.Skew ?? TimeSpan.Zero);

    /// <summary>An instant of the shared clock by this node's.</summary>
    public DateTimeOffset Here(DateTimeOffset shared) => shared + (_now.Skew ?? TimeSpan.Zero);
}
