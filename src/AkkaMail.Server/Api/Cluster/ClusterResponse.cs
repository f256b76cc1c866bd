using AkkaMail.Core.Ids;
using AkkaMail.Server.Cluster;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.Cluster;

/// <summary>The nodes that there are, the ledgers that live on them, and what was ordered of late.</summary>
/// <param name="Nodes">By their addresses; one that died stays for a day.</param>
/// <param name="Ledgers">By their numbers.</param>
/// <param name="Orders">The last ones, newest first.</param>
/// <param name="Warnings">What an operator should see to.</param>
public sealed record ClusterResponse(
    IReadOnlyList<ClusterNodeResponse> Nodes, IReadOnlyList<LedgerResponse> Ledgers, IReadOnlyList<ClusterOrderResponse> Orders,
    IReadOnlyList<string> Warnings);

/// <summary>A node.</summary>
public sealed record ClusterNodeResponse
{
    /// <summary>Its address, as orders name it.</summary>
    public required string Node { get; init; }

    /// <summary>Its name in the shaping file. Absent where it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>How the others see it; who answers sees himself.</summary>
    [WordsOf<NodeStanding>]
    public required string State { get; init; }

    /// <summary>Whether it is the one that answers.</summary>
    public required bool IsThis { get; init; }

    /// <summary>The version of the program. Absent of a node that has not told it.</summary>
    public required string? Version { get; init; }

    /// <summary>What it does beside what all do, as <c>node:mx1</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The version of each kind of rules that it goes by, as <c>shaping=1f3a</c>. Absent of one that has not told it.</summary>
    public required string? Rules { get; init; }

    /// <summary>Seconds that its clock is ahead of the database's. Absent with files, and until it is known.</summary>
    public required double? SkewSeconds { get; init; }

    /// <summary>When it started. Absent with files.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its last sign of life in the database, one each three seconds. Absent with files.</summary>
    public required DateTimeOffset? SeenAt { get; init; }

    /// <summary>Ledgers that live there.</summary>
    public required int Ledgers { get; init; }
}

/// <summary>A ledger: a partition of messages.</summary>
/// <param name="Ledger">Its number, from 0.</param>
/// <param name="Node">The address of the node it lives on. Absent while it does not answer.</param>
/// <param name="Unfinished">Its messages that have not ended. Absent while it does not answer.</param>
/// <param name="Lag">Its events that are not in the lists yet. Absent while it does not answer.</param>
/// <param name="CommitP99Seconds">
/// The 99th percentile of its commits of the last five seconds. Absent when there were none.
/// </param>
public sealed record LedgerResponse(int Ledger, string? Node, long? Unfinished, long? Lag, double? CommitP99Seconds);

/// <summary>What somebody ordered of the cluster.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who: the id of a key, or <c>admin</c>.</param>
/// <param name="Order">What.</param>
/// <param name="Subject">Of which node, or which ledger and where to.</param>
/// <param name="Reason">Why.</param>
public sealed record ClusterOrderResponse(
    DateTimeOffset At, string By, [property: WordsOf<ClusterVerb>] string Order, string Subject, string Reason)
{
    internal static ClusterOrderResponse Of(KeptOrder order) => new(order.At, order.By, order.Verb.ToWord(), order.Subject, order.Reason);
}

/// <summary>Why something is ordered.</summary>
/// <param name="Reason">For whoever asks later: needed, up to 500 characters.</param>
public sealed record ClusterOrderRequest(
    [property: System.ComponentModel.DataAnnotations.Required,
     System.ComponentModel.DataAnnotations.MaxLength(ClusterAdmin.ReasonMax)] string? Reason);

/// <summary>Where a ledger is to live.</summary>
/// <param name="To">The address or the name of a node.</param>
/// <param name="Reason">For whoever asks later: needed, up to 500 characters.</param>
public sealed record MoveRequest(
    [property: System.ComponentModel.DataAnnotations.Required, System.ComponentModel.DataAnnotations.MaxLength(300)] string? To,
    [property: System.ComponentModel.DataAnnotations.Required,
     System.ComponentModel.DataAnnotations.MaxLength(ClusterAdmin.ReasonMax)] string? Reason);
