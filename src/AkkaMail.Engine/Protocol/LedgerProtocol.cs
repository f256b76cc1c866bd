using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Engine.Protocol;

/// <summary>A message on its way to the ledger of <paramref name="Partition"/>, wherever that lives.</summary>
public sealed record ToLedger(int Partition, object Message);

/// <summary>Be alive; answered with <see cref="Awake"/>. Harmless any number of times.</summary>
public sealed record Wake : INoSerializationVerificationNeeded
{
    public static Wake Instance { get; } = new();
}

public sealed record Awake(int Partition);

/// <summary>
/// What the read model may not have yet about a message; answered with <see cref="UnprojectedEvents"/>.
/// </summary>
public sealed record ReadUnprojected(MessageId Id);

/// <summary>
/// In their order, each with what it says of the message and nothing else; they end where <see cref="LinesMax"/> would
/// be passed: the story as it was then.
/// </summary>
public sealed record UnprojectedEvents(ImmutableArray<NumberedEvent> Events)
{
    public const int LinesMax = 200;
}

/// <summary>
/// Live elsewhere from now on: what is being written is still written and answered, then this life ends.
/// </summary>
public sealed record Rest : INoSerializationVerificationNeeded
{
    public static Rest Instance { get; } = new();
}

/// <summary>
/// The ledger is moving to another node and has surely not begun with this command: the same again will find it there.
/// </summary>
public sealed record Moved(int Partition);

/// <summary>The journal failed under this command: nothing is promised, try again later.</summary>
public sealed record LedgerUnavailable(int Partition, string Reason);

/// <summary>A new life of this ledger: what was asked of the one before, and not answered, never will be.</summary>
public sealed record LedgerBegan(int Partition)
{
    /// <summary>Its node has told the others, which may have asked as well; nobody tells it further.</summary>
    public bool IsPassed { get; init; }
}

/// <summary>Say once more which queues wait: there are other nodes to send their mail.</summary>
public sealed record SayWhatWaits
{
    public static SayWhatWaits Instance { get; } = new();
}

/// <summary>
/// There are other generations of this projection, or answers are read from another; answered with <see cref="Awake"/>
/// once the ledger has seen to it.
/// </summary>
public sealed record GenerationsChanged(string Projection);

/// <summary>There is mail in <paramref name="Queue"/>, so much as far as is known; a node may take it.</summary>
public sealed record QueueHasMail(int Partition, QueueKey Queue, int Count)
{
    /// <summary>What is next of the fresh; null: none is, or nobody goes first there.</summary>
    public FreshHead? Head { get; init; }

    /// <summary>
    /// Another node passes it on, since sources of its pool are bound to the one that hears it, and so much of it is for
    /// those. It goes no further. Null: the ledger says it.
    /// </summary>
    public int? Part { get; init; }
}

/// <summary>
/// Which of these attempts does this node not know, <see cref="AttemptsMax"/> at most? Answered with
/// <see cref="Disowned"/>.
/// </summary>
public sealed record WhatRuns(int Partition, ImmutableArray<AttemptId> Attempts)
{
    public const int AttemptsMax = 800;
}

public sealed record Disowned(ImmutableArray<AttemptId> Attempts);
