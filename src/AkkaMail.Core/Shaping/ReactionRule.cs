using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>Whom a reaction holds: the lane, or on that lane only the tenant, or the tenant's stream.</summary>
public enum ReactionScope : byte
{
    [Word("lane")] Lane,
    [Word("tenant")] Tenant,
    [Word("stream")] Stream,
}

/// <summary>What a reaction does for its time.</summary>
public abstract record Reaction
{
    /// <summary>Nothing is sent.</summary>
    public sealed record Suspend : Reaction;

    /// <summary>At most this rate.</summary>
    public sealed record LimitRate(Rate Rate) : Reaction;

    /// <summary>At most this many connections.</summary>
    public sealed record LimitConnections(int Connections) : Reaction;

    /// <summary>The rate times <paramref name="Factor"/> (0.01 to 0.99), at once; it comes back step by step.</summary>
    public sealed record BackOff(double Factor) : Reaction;
}

/// <summary>
/// When the receiver says this, do that. It is fed by receivers' replies alone, never by what we made up ourselves.
/// </summary>
public sealed record ReactionRule
{
    /// <summary>Names the rule in the journal and in explanations.</summary>
    public required string Id { get; init; }

    /// <summary>The provider or site it holds for; null: all.</summary>
    public string? Site { get; init; }

    /// <summary>
    /// Fits when the reply is of this class (null: any) and one of the patterns is in it (none: any).
    /// </summary>
    public ReplyClass? Class { get; init; }

    public ImmutableArray<ReplyPattern> Patterns { get; init; } = [];

    /// <summary>Null: at once. Else when that many have come within that time.</summary>
    public Threshold? Threshold { get; init; }

    public ImmutableArray<Reaction> Reactions { get; init; } = [];

    /// <summary>How long, from the reply that made it fire; 1 s to 30 days.</summary>
    public required TimeSpan For { get; init; }

    public ReactionScope Scope { get; init; }
}

/// <summary><c>2/h</c>: the second within an hour fires it.</summary>
public sealed record Threshold(int Count, TimeSpan Per)
{
    public const int CountMax = 10_000;
}
