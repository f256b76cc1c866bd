using System.Collections.Immutable;
using System.Globalization;

namespace AkkaMail.Core.Cluster;

/// <summary>
/// How a node comes into the one cluster of a database: it joins whoever lives there by the table of nodes. A cluster is
/// founded only by who has watched the table for <see cref="Watch"/> without one row of a cluster changing, the database
/// answering all the while, and then under the founder's lock. A node that lives renews its row each three seconds, however
/// the network between nodes is: so two clusters on one database cannot come to be.
/// </summary>
/// <param name="self">This node's address.</param>
/// <param name="seeds">Who may be joined, by the operator; empty: whoever is there.</param>
/// <param name="version">Of this node's program, as <c>0.1.0+5f1c</c>; null: it is not looked at.</param>
public sealed class Gate(string self, ImmutableArray<string> seeds, string? version = null)
{
    /// <summary>Three renewals of who lives.</summary>
    public static readonly TimeSpan Watch = SeenNode.Fresh;

    private ImmutableDictionary<(string, long), DateTimeOffset> _seen = Nobody;
    private TimeSpan? _since;

    private static ImmutableDictionary<(string, long), DateTimeOffset> Nobody { get; } =
        ImmutableDictionary<(string, long), DateTimeOffset>.Empty;

    /// <summary>The database did not answer: what was seen before says nothing any more.</summary>
    public void Lost() => _since = null;

    /// <param name="rows">All there are, read just now.</param>
    /// <param name="dead">
    /// Addresses of which it is certain that nobody lives there any more, whatever their rows say.
    /// </param>
    /// <param name="now">By a clock that only goes forward.</param>
    public GateStep Look(IReadOnlyList<SeenNode> rows, IReadOnlySet<string> dead, TimeSpan now)
    {
        var others = rows.Where(r => r.IsOfACluster && r.Node.Address != self && !dead.Contains(r.Node.Address)).ToList();
        var seen = others.ToImmutableDictionary(r => (r.Node.Address, r.Node.Incarnation), r => r.SeenAt);
        if (_since is null || !Same(seen, _seen)) (_seen, _since) = (seen, now);

        var members = others.Where(r => r.IsFresh && r.Node.State == NodeState.Member).ToList();
        if (members.Count > 0)
        {
            // Of two clusters the younger one ends; nobody joins it meanwhile.
            var oldest = members.Min(m => m.Node.Founding);
            var there = members.Where(m => m.Node.Founding == oldest).Select(m => m.Node.Address)
                .Order(StringComparer.Ordinal).ToImmutableArray();
            if (OlderThanAll(members.Where(m => m.Node.Founding == oldest)) is { } lowest)
                return new GateStep.Refuse($"this program is {version}, and all nodes of the cluster are {lowest} or later: what "
                    + "they have written it may not be able to read. Start it with their version.");
            if (seeds.IsEmpty) return new GateStep.Join(there);
            var named = there.Intersect(seeds).ToImmutableArray();
            return named.Length > 0 ? new GateStep.Join(named) : new GateStep.Refuse(
                $"Cluster:Seeds names {string.Join(", ", seeds)}, but the cluster on this database is "
                + $"{string.Join(", ", there)}: there is one cluster on a database.");
        }
        if (others.FirstOrDefault(r => r.IsFresh) is { } busy)
            return new GateStep.Wait($"{busy.Node.Address} is {Doing(busy)}");
        if (!seeds.IsEmpty && !seeds.Contains(self))
            return new GateStep.Wait($"one of Cluster:Seeds ({string.Join(", ", seeds)}) to begin the cluster");
        var left = Watch - (now - _since.Value);
        return others.Count == 0 || left <= TimeSpan.Zero ? new GateStep.Found(seen) : new GateStep.Wait(string.Create(
            CultureInfo.InvariantCulture,
            $"a sign of life of {string.Join(", ", others.Select(r => r.Node.Address).Distinct())}, {Math.Ceiling(left.TotalSeconds)} s more"));
    }

    /// <summary>
    /// The lowest version of those that are in, where it is above our own: from when the last of ours has left they may
    /// write what it cannot read, and none may come back.
    /// </summary>
    private string? OlderThanAll(IEnumerable<SeenNode> members) =>
        NumberOf(version) is { } own && members.All(m => NumberOf(m.Node.Version) > own)
            ? members.MinBy(m => NumberOf(m.Node.Version))!.Node.Version : null;

    private static Version? NumberOf(string? version) =>
        System.Version.TryParse(version?.Split('+', '-')[0], out var number) ? number : null;

    private static string Doing(SeenNode row) =>
        row.Node.State == NodeState.Founding ? "beginning the cluster" : "leaving it as the last one";

    /// <summary>Whether nobody has given a sign of life since: what is asked once more under the founder's lock.</summary>
    public static bool IsStill(
        IEnumerable<SeenNode> rows, string self, ImmutableDictionary<(string, long), DateTimeOffset> seen,
        IReadOnlySet<string> dead) => Same(rows
            .Where(r => r.IsOfACluster && r.Node.Address != self && !dead.Contains(r.Node.Address))
            .ToImmutableDictionary(r => (r.Node.Address, r.Node.Incarnation), r => r.SeenAt), seen);

    private static bool Same(
        ImmutableDictionary<(string, long), DateTimeOffset> a, ImmutableDictionary<(string, long), DateTimeOffset> b) =>
        a.Count == b.Count && a.All(row => b.TryGetValue(row.Key, out var at) && at == row.Value);

    /// <summary>
    /// Why a node has to end that finds another cluster on its database; null: there is none. Who was silent for longer than
    /// is believed (it was frozen, or cut off from the database) gives way to who came to be meanwhile; else the younger does.
    /// </summary>
    /// <param name="silence">Since its own last sign of life; null: its row is gone, somebody took it for dead.</param>
    public static string? MustEnd(NodeSelf self, TimeSpan? silence, IEnumerable<SeenNode> rows)
    {
        if (self.Founding == 0) return null;   // It does not know yet which one it is in.
        var wasSilent = silence is null || silence > SeenNode.Fresh;
        var other = rows.FirstOrDefault(r => r is { IsFresh: true, Node: { State: NodeState.Member, Founding: > 0 } }
            && r.Node.Address != self.Address && r.Node.Founding != self.Founding
            && (wasSilent || r.Node.Founding < self.Founding));
        return other is null ? null : wasSilent
            ? $"{other.Node.Address} is in another cluster on this database, which began while this node gave no sign of life"
            : $"{other.Node.Address} is in another cluster on this database, which began before this one";
    }
}
