using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// How much waits in a queue, and what is next of its fresh mail; null: there is none, or nobody goes first there.
/// </summary>
public readonly record struct QueueDepth(QueueKey Queue, int Count, FreshHead? Head);
