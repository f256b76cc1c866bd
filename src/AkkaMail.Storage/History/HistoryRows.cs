using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.History;

/// <summary>A text that is kept, with its place in the list and the node that brought it first.</summary>
public sealed record KeptRules(long Number, RulesText Text, DateTimeOffset FirstSeen, string Node);

/// <summary>Why a node is no more; the words are kept.</summary>
public enum NodeEnd : byte
{
    /// <summary>It was told to, or could not start, and said so.</summary>
    [Word("stopped")] Stopped = 0,

    /// <summary>It said nothing: the next start found that. It ended between its last sign of life and that.</summary>
    [Word("lost")] Lost = 1,
}

/// <summary>
/// One life of a node: <paramref name="Node"/> is its incarnation, as events name it. <paramref name="Settings"/> is a
/// hash that tells whether two lives had the same ones.
/// </summary>
public sealed record NodeStart(string Node, string Program, string Settings, DateTimeOffset At);

/// <summary>
/// A start and how it went on. <paramref name="SeenAt"/> is the last sign of life; <paramref name="EndedAt"/> is null
/// while it runs and of one that was lost. <paramref name="InForce"/> are the rules it went by, oldest first.
/// </summary>
public sealed record NodeLife(
    long Number, NodeStart Start, DateTimeOffset SeenAt, DateTimeOffset? EndedAt, NodeEnd? End,
    IReadOnlyList<RulesInForce> InForce);

/// <summary>From <paramref name="At"/> on, until the next of its kind, a node went by these rules.</summary>
public sealed record RulesInForce(RulesKind Kind, string Version, DateTimeOffset At);

[Table("rules")]
internal sealed class RulesRow
{
    [Column("number"), PrimaryKey] public long Number { get; set; }
    [Column("kind")] public string Kind { get; set; } = "";
    [Column("version")] public string Version { get; set; } = "";
    [Column("first_seen")] public long FirstSeen { get; set; }
    [Column("node")] public string Node { get; set; } = "";
    [Column("over")] public string? Over { get; set; }
    [Column("text")] public string Text { get; set; } = "";
}

[Table("nodes")]
internal sealed class NodeRow
{
    [Column("number"), PrimaryKey] public long Number { get; set; }
    [Column("node")] public string Node { get; set; } = "";
    [Column("program")] public string Program { get; set; } = "";
    [Column("settings")] public string Settings { get; set; } = "";
    [Column("started")] public long Started { get; set; }
    [Column("seen")] public long Seen { get; set; }
    [Column("ended")] public long? Ended { get; set; }
    [Column("why")] public string? Why { get; set; }
}

[Table("in_force")]
internal sealed class InForceRow
{
    [Column("node"), PrimaryKey(0)] public string Node { get; set; } = "";
    [Column("kind"), PrimaryKey(1)] public string Kind { get; set; } = "";
    [Column("at"), PrimaryKey(2)] public long At { get; set; }
    [Column("version")] public string Version { get; set; } = "";
}
