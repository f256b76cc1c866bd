using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using Google.Protobuf;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// A ledger actor's memory: the ledger, and the events the read model had not acknowledged up to
/// <paramref name="Projected"/> + 1 and on.
/// </summary>
public sealed record LedgerMemory(LedgerSnapshot Ledger, long Projected, ImmutableArray<NumberedEvent> Unprojected);
