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
/// What follows from the events and from nothing else, for reading: it can be emptied and made anew at will.
/// <paramref name="Version"/> is of its rows and of how they come about; what another version has made is thrown away
/// at the start.
/// </summary>
public sealed record Projection(
    string Name, int Version, Follow Follow, PlaceOf PlaceOf, Func<CancellationToken, Task> Empty)
    : JournalReader(Name, Follow, PlaceOf);

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

/// <summary>
/// All that read the ledgers. Answers about a message go on from the rows of <paramref name="Messages"/>; a ledger
/// remembers an idempotency key until <paramref name="Keys"/> has it, and a while longer.
/// </summary>
public sealed record JournalReaders(Projection Messages, Reactor Keys, params ImmutableArray<JournalReader> Others)
{
    public IEnumerable<JournalReader> All => [Messages, Keys, .. Others];
}
