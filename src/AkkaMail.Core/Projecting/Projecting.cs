using System.Collections.Immutable;
using AkkaMail.Core.Messages;

namespace AkkaMail.Core.Projecting;

/// <summary>An event with its place in its ledger's journal; numbers start at 1 and have no gap.</summary>
public readonly record struct NumberedEvent(long SequenceNr, ILedgerEvent Event);

/// <summary>
/// Writes a batch of one ledger's events to the read model: rows, counters and offset in one transaction. Events at or
/// below the stored offset are skipped, so a repeat is harmless. Completes once it is stored.
/// </summary>
public delegate Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel);

/// <summary>How far the read model has a partition: the last sequence number, 0 for none.</summary>
public delegate Task<long> ProjectedUpTo(int partition, CancellationToken cancel);
