using Akka.Actor;
using Akka.Persistence.Query;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Engine.Projecting;

/// <summary>What brings a ledger's events to a reader: <paramref name="Ledger"/> is its name in the journal.</summary>
public sealed record FollowerParts(
    string Ledger, JournalReader Reader, Func<ActorSystem, ICurrentEventsByPersistenceIdQuery> Journal,
    EngineMetrics Metrics, Builds Builds);
