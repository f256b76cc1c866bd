using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>A fact in the journal of one ledger. Past tense, never edited; <see cref="At"/> is UTC.</summary>
public interface ILedgerEvent
{
    DateTimeOffset At { get; }

    /// <summary>The messages it is about, one that it names twice twice.</summary>
    IEnumerable<MessageId> Touched();

    /// <summary>
    /// The same event with what it says of <paramref name="id"/> and of no other message; of a submission all
    /// recipients stay, since a message's place is its name.
    /// </summary>
    ILedgerEvent Of(MessageId id);
}

/// <summary>From here on each message is ours (RFC 5321 §6.1): delivered, or a reason why not.</summary>
public sealed record SubmissionsAccepted(DateTimeOffset At, ImmutableArray<AcceptedSubmission> Submissions)
    : ILedgerEvent
{
    public IEnumerable<MessageId> Touched() =>
        Submissions.SelectMany(s => s.Recipients.Select((_, index) => new MessageId(s.Id, index)));

    public ILedgerEvent Of(MessageId id) =>
        this with { Submissions = [.. Submissions.Where(s => s.Id == id.Submission)] };
}

/// <summary>
/// Journaled before any of the attempts can reach DATA. <paramref name="Node"/> is a node's incarnation.
/// </summary>
public sealed record AttemptsStarted(DateTimeOffset At, string Node, ImmutableArray<AttemptId> Attempts) : ILedgerEvent
{
    public IEnumerable<MessageId> Touched() => Attempts.Select(a => a.Message);

    public ILedgerEvent Of(MessageId id) => this with { Attempts = [.. Attempts.Where(a => a.Message == id)] };
}

public sealed record AttemptsConcluded(DateTimeOffset At, ImmutableArray<Conclusion> Conclusions) : ILedgerEvent
{
    public IEnumerable<MessageId> Touched() => Conclusions.Select(c => c.Attempt.Id.Message);

    public ILedgerEvent Of(MessageId id) =>
        this with { Conclusions = [.. Conclusions.Where(c => c.Attempt.Id.Message == id)] };
}

/// <summary>
/// It was over between two attempts, or before the first: withdrawn, or past its <c>expires_at</c>. An attempt that
/// ends a message says so in its conclusion.
/// </summary>
public sealed record MessagesEnded(DateTimeOffset At, ImmutableArray<MessageEnd> Ends) : ILedgerEvent
{
    public IEnumerable<MessageId> Touched() => Ends.Select(e => e.Message);

    public ILedgerEvent Of(MessageId id) => this with { Ends = [.. Ends.Where(e => e.Message == id)] };
}

/// <summary>What came back later. The same report may stand here twice: who reads tells it once.</summary>
public sealed record MessagesAmended(DateTimeOffset At, ImmutableArray<Amendment> Amendments) : ILedgerEvent
{
    public IEnumerable<MessageId> Touched() => Amendments.Select(a => a.Message);

    public ILedgerEvent Of(MessageId id) => this with { Amendments = [.. Amendments.Where(a => a.Message == id)] };
}

/// <summary>
/// One submission. Its messages are the <paramref name="Recipients"/> by position; <paramref name="Key"/> is the
/// idempotency key it was sent with, and stands at the first of those that were accepted together.
/// </summary>
public sealed record AcceptedSubmission(
    SubmissionId Id, SubmissionFacts Facts, AcceptedKey? Key, ImmutableArray<AcceptedRecipient> Recipients);

/// <summary>
/// An idempotency key with the hash of the request that used it, which stands for <paramref name="Count"/> submissions.
/// </summary>
public sealed record AcceptedKey(Hash128 Key, Hash128 Request, int Count);

/// <summary>
/// Where a recipient's mail goes, and a keyed hash of the address: history can be searched, not read.
/// <paramref name="Suppressed"/> is the entry of the suppression lists that covers it: its message is over at once.
/// </summary>
public sealed record AcceptedRecipient(string Domain, Hash128 Address, long? Suppressed = null)
{
    public string Domain { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Domain);

    /// <summary>
    /// The day of its last sign of life, of late as it was accepted: its fresh mail goes first. Null: there was none,
    /// or its stream does not go by that.
    /// </summary>
    public DateOnly? Engaged { get; init; }
}

/// <summary>
/// What an attempt did to its message. <paramref name="Status"/> is the message's new status; <paramref name="DueAt"/>
/// is set when it is deferred. <paramref name="Rule"/> names the decision (<c>retry/default</c>, <c>expiry</c>, …);
/// what the reply was taken to mean is the attempt's. Words, meaning and decision stay apart: rules may read the same
/// words differently one day.
/// </summary>
public sealed record Conclusion(
    Attempt Attempt, MessageStatus Status, DateTimeOffset? DueAt, string Rule, SentBy SentBy);

/// <summary>
/// The end of a message without an attempt. <paramref name="Status"/> is a terminal one: cancelled, expired, failed.
/// What is not known is null.
/// </summary>
public sealed record MessageEnd(MessageId Message, MessageStatus Status, SentBy SentBy)
{
    /// <summary>Who ended it: the id of an API key, <c>admin</c>; null: time did.</summary>
    public string? By { get; init => field = WellFormed.OrNull(value); }

    /// <summary>Why, in the words of who ended it; null: nobody said.</summary>
    public string? Note { get; init => field = WellFormed.OrNull(value); }

    /// <summary>What was asked for: <see cref="OneMessage"/>; null: nobody asked.</summary>
    public string? Asked { get; init => field = WellFormed.OrNull(value); }

    /// <summary>Where its last attempt went that came to a site; null: none did.</summary>
    public Way? Last { get; init; }

    /// <summary>This message and no other, by its id.</summary>
    public const string OneMessage = "message";
}
