using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// What a ledger can be asked. Every command is harmless twice: askers time out and repeat.
/// </summary>
public interface ILedgerCommand;

/// <summary>
/// Take responsibility for these submissions, all or none (RFC 5321 §6.1: from here on, deliver it or say why not).
/// <paramref name="Chance"/> becomes the random part of the first one's id; the others' follow it. Who asks again with
/// the same one within 30 s gets the answer of the first time. After
/// <paramref name="AnswerBy"/> nobody waits any more: a command that was held up by a sick journal is refused, so that
/// a client told 503 does not send twice.
/// </summary>
public sealed record AcceptSubmissions(
    ulong Chance, ImmutableArray<NewSubmission> Submissions, Hash128? Key, Hash128 Request, DateTimeOffset AnswerBy)
    : ILedgerCommand;

public sealed record NewSubmission(SubmissionFacts Facts, ImmutableArray<AcceptedRecipient> Recipients);

/// <summary>Whether a submission with this key was accepted: before one is refused that may be its repeat.</summary>
public sealed record FindKey(Hash128 Key, Hash128 Request) : ILedgerCommand;

/// <summary>
/// A node has room for <paramref name="Count"/> more messages of this queue and asks for them; it gets
/// <see cref="CountMax"/> at most.
/// </summary>
public sealed record TakeDue(QueueKey Queue, int Count, string Node) : ILedgerCommand
{
    /// <summary>What is handed out is one message, of at most 64 KiB; the next are asked for when these are there.</summary>
    public const int CountMax = 500;
}

public sealed record ConcludeAttempts(ImmutableArray<Attempt> Attempts) : ILedgerCommand;

/// <summary>
/// Withdraw a message, if no attempt has begun. <paramref name="Tenant"/> is whose it must be, null: anybody's.
/// <paramref name="By"/> is who says so.
/// </summary>
public sealed record CancelMessage(MessageId Id, string? Tenant = null, string? By = null, string? Note = null)
    : ILedgerCommand;

/// <summary>
/// Reports came back about messages of this ledger. The ledger has forgotten those that ended: that a report is told
/// once is the story's business.
/// </summary>
public sealed record AmendMessages(ImmutableArray<Amendment> Amendments) : ILedgerCommand;

/// <summary>Time has passed: move what became due to its lane, end what is past its time.</summary>
public sealed record PassTime : ILedgerCommand
{
    public static PassTime Instance { get; } = new();
}

public interface ILedgerReply;

/// <summary>
/// The promise. A repeat of an idempotency key gets the first answer again. <paramref name="Id"/> and all that is said
/// of it are of the first of <see cref="Count"/> submissions.
/// </summary>
public sealed record SubmissionAccepted(SubmissionId Id, bool Scheduled, bool IsRepeat) : ILedgerReply
{
    /// <summary>So many were accepted together; their ids follow each other.</summary>
    public int Count { get; init; } = 1;

    /// <summary>When it is to be sent; null: at once.</summary>
    public DateTimeOffset? SendAt { get; init; }
}

/// <summary>Not used, as far as the ledger remembers.</summary>
public sealed record KeyUnknown : ILedgerReply;

/// <summary>The key was used with another request within its time.</summary>
public sealed record KeyConflict(SubmissionId First) : ILedgerReply;

/// <summary>The ledger holds as much as it may: try again later.</summary>
public sealed record LedgerFull(int Unfinished) : ILedgerReply;

/// <summary>The command was older than its <c>AnswerBy</c>; nothing was done.</summary>
public sealed record TooLate : ILedgerReply;

/// <summary>What a node gets. <paramref name="Left"/> counts what still waits in the same queue.</summary>
public sealed record HandedOut(int Partition, QueueKey Queue, ImmutableArray<DueMessage> Messages, int Left)
    : ILedgerReply
{
    /// <summary>What would be next of the fresh; null: none is, or nobody goes first there.</summary>
    public FreshHead? Head { get; init; }
}

/// <summary>Stored: the lane may forget these attempts.</summary>
public sealed record AttemptsRecorded(int Partition, ImmutableArray<AttemptId> Attempts) : ILedgerReply;

/// <summary>Stored: their stories have them, or will.</summary>
public sealed record AmendmentsRecorded(int Partition) : ILedgerReply;

public sealed record CancelReply(MessageId Id, CancelResult Result) : ILedgerReply;

public enum CancelResult { Cancelled, AlreadyStarted, Unknown }
