using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Attempts;

/// <summary>
/// A message a ledger hands to a node for one attempt. <paramref name="Number"/> counts attempts from 1.
/// </summary>
public sealed record DueMessage(
    MessageId Id, int Number, QueueKey Queue, long Envelope, DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>When it was due: accepted, its <c>send_at</c>, or the time of its retry.</summary>
    public DateTimeOffset DueAt { get; init; }

    public AttemptId Attempt => new(Id, Number);
    public string Domain => Queue.Domain;
}
