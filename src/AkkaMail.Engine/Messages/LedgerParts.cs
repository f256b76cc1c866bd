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
    internal FollowerParts OfFollower(string ledger, JournalReader reader) => new(ledger, reader, Journal, Metrics, Builds);
}
