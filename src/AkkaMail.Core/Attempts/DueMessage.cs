using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Attempts;

/// <summary>
/// A message a ledger hands to a node for one attempt. <paramref name="Number"/> counts attempts from 1.
/// </summary>
public sealed record DueMessage(
    MessageId Id, int Number, QueueKey Queue, long Envelope, DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt)
{
    public AttemptId Attempt => new(Id, Number);
    public string Domain => Queue.Domain;
}
