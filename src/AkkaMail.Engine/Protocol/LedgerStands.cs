using System.Collections.Immutable;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Engine.Protocol;

/// <summary>How far is what is read from this ledger's events? Answered with <see cref="LedgerStand"/>.</summary>
public sealed record AskStand
{
    public static AskStand Instance { get; } = new();
}

/// <summary>
/// A ledger on whichever node it lives: how many of its messages have not ended, its newest event, and up to where it has
/// nothing to tell any more beside the journal.
/// </summary>
public sealed record LedgerStand(
    int Partition, string Node, long Unfinished, long Newest, long Forgotten, ImmutableArray<GenerationPlace> Generations)
{
    /// <summary>The one that is read, and one beside it.</summary>
    public const int GenerationsMax = 2;

    /// <summary>What a build on its node waits for now.</summary>
    public BuildHold? HeldBy { get; init; }

    /// <summary>The 99th percentile of its commits of late; zero: there were none.</summary>
    public TimeSpan CommitP99 { get; init; }

    /// <summary>Null: it has not heard of that generation yet, or not any more.</summary>
    public GenerationPlace? Of(int generation) => Generations.FirstOrDefault(g => g.Generation == generation);

    /// <summary>Events that a generation lacks; of one that is not there all.</summary>
    public long LagOf(int generation) => Math.Max(0, Newest - (Of(generation)?.Place ?? 0));

    /// <summary>
    /// Whether a generation has what the ledger has forgotten, so that the ledger can tell all else, and lists from it are
    /// no further behind than lists may be.
    /// </summary>
    public bool HasCaughtUp(int generation, DateTimeOffset now) =>
        Of(generation) is { } place && place.Place >= Forgotten && !(place.Lacks < now - Throttle.LagMax);
}

/// <summary>
/// How far a generation is in a ledger. Nothing that it lacks was recorded before <paramref name="Lacks"/>; null: it lacks
/// nothing. What it takes in a second is over all ledgers of the node.
/// </summary>
public sealed record GenerationPlace(
    int Generation, long Place, DateTimeOffset? Lacks, double EventsPerSecond, double FactsPerSecond);
