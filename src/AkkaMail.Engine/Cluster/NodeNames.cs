using System.Collections.Immutable;
using Akka.Cluster;
using AkkaMail.Core.Shaping;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Which node has which name of the shaping rules, as the cluster says now: <paramref name="Own"/> is this one's (null: it
/// has none), <paramref name="Others"/> are those that are up, by name, as <see cref="NodeName"/>.
/// </summary>
public sealed record NodeNames(string? Own, ImmutableSortedDictionary<string, string> Others)
{
    /// <summary>A name goes through the cluster as a role of its member.</summary>
    private const string Role = "node:";

    /// <summary>Nobody else is there, and this one has no name.</summary>
    public static NodeNames None { get; } = new(null, ImmutableSortedDictionary<string, string>.Empty);

    public static string RoleOf(string name) => Role + name;

    public static NodeNames Of(Membership cluster) =>
        Of(cluster, cluster.State.Members.Where(m => m.Status == MemberStatus.Up));

    /// <summary>Of two with one name the first by address, on all nodes alike.</summary>
    internal static NodeNames Of(Membership cluster, IEnumerable<Member> up)
    {
        var others = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in up.Where(m => m.UniqueAddress != cluster.SelfUniqueAddress).Order())
            if (In(member.Roles) is { } name) others.TryAdd(name, NodeName.Of(member.UniqueAddress));
        return new(In(cluster.SelfRoles), others.ToImmutable());
    }

    /// <summary>The node that sends from it.</summary>
    public SourcePlace PlaceOf(Source source) => source.Node is not { } name || name == Own ? SourcePlace.Here
        : Others.TryGetValue(name, out var node) ? new(node) : SourcePlace.Nowhere;

    public bool Same(NodeNames other) => Own == other.Own && Others.SequenceEqual(other.Others);

    private static string? In(IEnumerable<string> roles) =>
        roles.FirstOrDefault(r => r.StartsWith(Role, StringComparison.Ordinal))?[Role.Length..];
}

/// <summary>Nodes have come or gone: so have the sources that are bound to them.</summary>
public sealed record NodesChanged(NodeNames Names);

/// <summary>Where a source is: on <paramref name="Node"/>, on this one, or on a node that is not there now.</summary>
public sealed record SourcePlace(string? Node)
{
    public static SourcePlace Here { get; } = new("");
    public static SourcePlace Nowhere { get; } = new((string?)null);

    public bool IsHere => Node is "";

    public bool IsNowhere => Node is null;
}
