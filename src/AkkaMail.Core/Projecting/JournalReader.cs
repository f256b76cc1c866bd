using System.Collections.Immutable;
using AkkaMail.Core.Messages;

namespace AkkaMail.Core.Projecting;

/// <summary>An event with its place in its ledger's journal; numbers start at 1 and have no gap.</summary>
public readonly record struct NumberedEvent(long SequenceNr, ILedgerEvent Event);

/// <summary>
/// Takes a batch of one ledger's events, and with it the place behind them. What is at or below the place it has is
/// skipped, so a repeat is harmless. Completes once it is stored.
/// </summary>
public delegate Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel);

/// <summary>How far a reader is in a partition: the last sequence number, 0 for none.</summary>
public delegate Task<long> PlaceOf(int partition, CancellationToken cancel);

/// <summary>Who reads every ledger's events in their order, at its own pace.</summary>
public abstract record JournalReader(string Name, Follow Follow, PlaceOf PlaceOf);

/// <summary>
/// One making of what follows from the events and from nothing else, for reading. Another one can be made beside it at any
/// time; <paramref name="Generation"/> counts them, and none is ever called like one before. <paramref name="Version"/> is
/// of the rows and of how they come about: what another version has made is thrown away at the start.
/// </summary>
public sealed record Projection(string Name, int Version, int Generation, Follow Follow, PlaceOf PlaceOf)
    : JournalReader(Name, Follow, PlaceOf)
{
    /// <summary>
    /// A ledger keeps so many of its newest events for one that is not read: as soon as it lacks no others, answers may be
    /// read from it, from one moment to the next.
    /// </summary>
    public const int KeptBeside = 1_000;

    /// <summary>
    /// What reading the journal may take of one core; null: answers are read from this one, so it waits for nothing.
    /// </summary>
    public double? Throttle { get; init; }
}

/// <summary>
/// Who does something because of an event. Its place only moves forward: nothing here sets it back, so no rebuild does
/// anything twice. <paramref name="Concerns"/> is cheap: what it says no to is not followed one by one.
/// </summary>
public sealed record Reactor(string Name, Func<ILedgerEvent, bool> Concerns, Follow Follow, PlaceOf PlaceOf)
    : JournalReader(Name, Follow, PlaceOf)
{
    /// <summary>
    /// It is told an event once the projection <c>messages</c> has it, and may look there what the event is about.
    /// </summary>
    public bool LooksAtMessages { get; init; } = true;
}

/// <summary>The makings of one projection; the first is the one that answers are read from.</summary>
public delegate ImmutableArray<Projection> Generations();

/// <summary>
/// All that read the ledgers. Answers about a message go on from the rows of <paramref name="Messages"/>; a ledger
/// remembers an idempotency key until <paramref name="Keys"/> has it, and a while longer.
/// </summary>
public sealed record JournalReaders(Generations Messages, Reactor Keys, params ImmutableArray<Reactor> Others)
{
    public IEnumerable<Reactor> Reactors => [Keys, .. Others];
}
