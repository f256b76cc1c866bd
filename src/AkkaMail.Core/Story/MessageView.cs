using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Story;

/// <summary>
/// A message as the read side shows it. It holds no address: the recipient is looked up in the envelope.
/// <paramref name="Domain"/> is the recipient's; <paramref name="Site"/> is null until an attempt has told it.
/// </summary>
public sealed record MessageView(
    MessageId Id, MessageStatus Status, SubmissionFacts Facts, string Domain, string? Site, DateTimeOffset AcceptedAt,
    DateTimeOffset UpdatedAt, DateTimeOffset? DueAt, int Attempts)
{
    /// <summary>The day of its recipient's last sign of life, if that lets it go first; null: it does not.</summary>
    public DateOnly? Engaged { get; init; }

    /// <summary>Whose site its last attempt came to, or what <see cref="Via"/> has for that.</summary>
    public string Provider { get; init; } = Via.Waiting;

    /// <summary>The source of its last attempt that came to a site; null: none has, or that had none.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// Why its last attempt that came to a site, or ended it, was refused or put off; null: it was not, or there was
    /// none.
    /// </summary>
    public BounceReason? Reason { get; init; }

    public MessageFlags Flags { get; init; }

    /// <summary>How many lines its story has had so far, also of those that are no longer kept.</summary>
    public int Sequence { get; init; }
}

/// <summary>
/// One line of a message's story. <paramref name="Type"/> is a word of the API (<c>accepted</c>, <c>attempt</c>, …).
/// </summary>
public sealed record StoryEvent(
    long SequenceNr, string Type, DateTimeOffset At, int? Attempt = null, Attempts.Attempt? Outcome = null,
    DateTimeOffset? DueAt = null, string? Rule = null, string? Node = null, Amendment? Amended = null)
{
    /// <summary>Of the lines that one event gave its message, from 0.</summary>
    public int Ordinal { get; init; }

    /// <summary>Of the message's lines, from 1 and without gaps.</summary>
    public int Sequence { get; init; }

    /// <summary>The message's status behind this line.</summary>
    public MessageStatus State { get; init; }

    /// <summary>Its end, where that was between two attempts or before the first; null: it is another line.</summary>
    public MessageEnd? End { get; init; }

    /// <summary>
    /// What the line is called, for ever: <c>{message}.{number}</c>, and its ordinal behind it if that is not 0.
    /// </summary>
    public string IdIn(MessageId message) => Ordinal == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{message}.{SequenceNr}")
        : string.Create(CultureInfo.InvariantCulture, $"{message}.{SequenceNr}.{Ordinal}");

    /// <summary>What the words on this line were taken to mean, by the rules of then.</summary>
    public Verdict? Verdict => Outcome is { } outcome ? outcome.Judged.Verdict : Amended?.Verdict;
}

/// <summary>A message with its story, oldest event first.</summary>
public sealed record MessageStory(MessageView Message, ImmutableArray<StoryEvent> Events)
{
    /// <summary>Its first line is there; else what was before is no longer kept.</summary>
    public bool IsWhole => Events is [{ Sequence: 1 }, ..];
}
