using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// Why do these messages of one ledger wait, <see cref="MessagesMax"/> at most? Answered with
/// <see cref="WhyTheyWait"/>, by the ledger for what is not due yet, and by its node's delivery for the rest.
/// </summary>
public sealed record AskWhyTheyWait(ImmutableArray<MessageId> Messages)
{
    /// <summary>The answer has a receiver's words for each.</summary>
    public const int MessagesMax = 100;
}

/// <summary>What has begun or ended is not among them.</summary>
public sealed record WhyTheyWait(ImmutableArray<WaitingMessage> Messages);

public sealed record WaitingMessage(MessageId Id, Waiting Why);

/// <summary>
/// The question on its way from a ledger to its node's delivery, and from there to those of nodes that have sources of
/// their pools, with what those before knew themselves.
/// </summary>
public sealed record ExplainQueued(
    int Ledger, ImmutableArray<QueuedMessage> Queued, ImmutableArray<WaitingMessage> Known)
{
    /// <summary>Nodes that it has been to; null: none.</summary>
    public ImmutableArray<string>? Asked { get; init; }
}

public sealed record QueuedMessage(MessageId Id, MessagePlace Place);
