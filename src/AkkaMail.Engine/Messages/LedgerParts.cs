using Akka.Actor;
using Akka.Persistence.Query;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;

namespace AkkaMail.Engine.Messages;

/// <summary>
/// What every ledger of a node works with. <paramref name="AddressOf"/> finds a node's incarnation, null when it is
/// gone.
/// </summary>
public sealed record LedgerParts(
    LedgerSettings Settings, string Node, IActorRef Delivery, JournalReaders Readers,
    Func<ActorSystem, ICurrentEventsByPersistenceIdQuery> Journal, EngineMetrics Metrics,
    Builds Builds, Func<string, Address?> AddressOf)
{
    /// <summary>Hears which of them live on this node.</summary>
    public LocalLedgers Local { get; init; } = new();

    /// <summary>An instant of the clock that nodes share, by this node's own; by default they are one.</summary>
    public Func<DateTimeOffset, DateTimeOffset> Here { get; init; } = at => at;

    internal FollowerParts OfFollower(string ledger, JournalReader reader) => new(ledger, reader, Journal, Metrics, Builds);
}
