using Akka.Persistence;

namespace AkkaMail.Engine.Protocol;

/// <summary>The event would not go into the journal: the actor stops rather than answer as if it had.</summary>
public sealed class JournalRejectedException(object @event, Exception cause)
    : Exception($"the journal rejected {@event.GetType().Name}: {cause.Message}", cause);
