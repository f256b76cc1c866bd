using System.Collections.Immutable;
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
}

/// <summary>
/// One line of a message's story. <paramref name="Type"/> is a word of the API (<c>accepted</c>, <c>attempt</c>, …).
/// </summary>
public sealed record StoryEvent(
    long SequenceNr, string Type, DateTimeOffset At, int? Attempt = null, Attempts.Attempt? Outcome = null,
    DateTimeOffset? DueAt = null, string? Rule = null, string? Node = null, Amendment? Amended = null)
{
    /// <summary>Its end, where that was between two attempts or before the first; null: it is another line.</summary>
    public MessageEnd? End { get; init; }

    /// <summary>What the words on this line were taken to mean, by the rules of then.</summary>
    public Verdict? Verdict => Outcome is { } outcome ? outcome.Judged.Verdict : Amended?.Verdict;
}

/// <summary>A message with its story, oldest event first.</summary>
public sealed record MessageStory(MessageView Message, ImmutableArray<StoryEvent> Events);
