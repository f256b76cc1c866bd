using AkkaMail.Core.Messages;

namespace AkkaMail.Core.Delivery;

/// <summary>
/// A message a ledger hands to a node for one attempt. <paramref name="Number"/> counts attempts from 1.
/// </summary>
public sealed record DueMessage(
    MessageId Id, int Number, QueueKey Queue, long Envelope, DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt)
{
    public AttemptId Attempt => new(Id, Number);
    public string Domain => Queue.Domain;
}

/// <summary>One try at one message.</summary>
public readonly record struct AttemptId(MessageId Message, int Number);
