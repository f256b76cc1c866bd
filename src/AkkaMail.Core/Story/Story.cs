using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Core.Story;

/// <summary>
/// How a message looks after an event: the one place that turns journal into story. The projection folds batches with
/// it, and a GET folds what the projection has not seen yet, so both always agree.
/// </summary>
public static class Story
{
    /// <summary>The new messages of a submission, each with its first line.</summary>
    public static IEnumerable<(MessageView Message, StoryEvent Event)> Begin(
        AcceptedSubmission submission, DateTimeOffset at, long sequenceNr)
    {
        var scheduled = submission.SendAt > at;
        for (var i = 0; i < submission.Recipients.Length; i++)
        {
            if (submission.Recipients[i].Suppressed is { } entry)
            {
                yield return (new(new(submission.Id, i), MessageStatus.Suppressed, submission.Tenant, submission.Stream,
                    submission.Tags, submission.Recipients[i].Domain, submission.Envelope, at, at, submission.SendAt, null,
                    submission.ExpiresAt, 0, submission.Sender),
                    new(sequenceNr, "suppressed", at, Rule: $"suppression/{entry}"));
                continue;
            }
            var message = new MessageView(
                new(submission.Id, i), scheduled ? MessageStatus.Scheduled : MessageStatus.Accepted, submission.Tenant,
                submission.Stream, submission.Tags, submission.Recipients[i].Domain, submission.Envelope, at, at,
                submission.SendAt, scheduled ? submission.SendAt : null, submission.ExpiresAt, 0,
                submission.Sender);
            yield return (message, new(sequenceNr, scheduled ? "scheduled" : "accepted", at, DueAt: message.DueAt));
        }
    }

    public static (MessageView, StoryEvent) Start(
        MessageView message, AttemptsStarted e, int number, long sequenceNr) =>
        (message with
        {
            Status = message.Status.IsTerminal() ? message.Status : MessageStatus.Sending,
            Attempts = Math.Max(message.Attempts, number),
            UpdatedAt = e.At,
            DueAt = null,
        }, new(sequenceNr, "attempt", e.At, number, Node: e.Node));

    public static (MessageView, StoryEvent) Conclude(
        MessageView message, AttemptsConcluded e, Conclusion c, long sequenceNr) =>
        (message with { Status = c.Status, Site = c.Attempt.Site, UpdatedAt = e.At, DueAt = c.DueAt },
            new(sequenceNr, c.Status.ToWord(), e.At, c.Attempt.Id.Number, c.Attempt, c.DueAt, c.Rule));

    public static (MessageView, StoryEvent) End(
        MessageView message, MessageStatus status, DateTimeOffset at, long sequenceNr) =>
        (message with { Status = status, UpdatedAt = at, DueAt = null }, new(sequenceNr, status.ToWord(), at));

    /// <summary>
    /// The message stays as it is: that a receiver took it, and when, is one thing, what came back later another.
    /// </summary>
    public static (MessageView, StoryEvent) Amend(
        MessageView message, DateTimeOffset at, Amendment a, long sequenceNr) =>
        (message, new(sequenceNr, a.Kind.ToWord(), at, Amended: a));

    /// <summary>
    /// Adds to <paramref name="story"/> what <paramref name="events"/> say about message <paramref name="id"/>.
    /// </summary>
    public static MessageStory? Continue(MessageStory? story, MessageId id, IEnumerable<NumberedEvent> events)
    {
        var message = story?.Message;
        var lines = ImmutableArray.CreateBuilder<StoryEvent>();
        var last = story is { Events: [.., var e] } ? e.SequenceNr : 0;
        if (story is not null) lines.AddRange(story.Events);
        foreach (var (number, @event) in events)
        {
            if (number <= last) continue;
            foreach (var (next, line) in Steps(message, id, number, @event))
            {
                if (line.Amended is { } a && lines.Any(l => l.Amended?.Report == a.Report)) continue;   // Told before.
                message = next;
                lines.Add(line);
            }
        }
        return message is null ? null : new(message, lines.ToImmutable());
    }

    private static IEnumerable<(MessageView, StoryEvent)> Steps(
        MessageView? message, MessageId id, long number, ILedgerEvent @event) =>
        @event switch
        {
            SubmissionsAccepted a => a.Submissions.Where(s => s.Id == id.Submission && id.Index < s.Recipients.Length)
                .SelectMany(s => Begin(s, a.At, number)).Where(step => step.Message.Id == id),
            _ when message is null => [],
            AttemptsStarted s =>
                s.Attempts.Where(x => x.Message == id).Select(x => Start(message, s, x.Number, number)),
            AttemptsConcluded c => c.Conclusions.Where(x => x.Attempt.Id.Message == id)
                .Select(x => Conclude(message, c, x, number)),
            MessagesCancelled c => c.Messages.Where(x => x == id)
                .Select(_ => End(message, MessageStatus.Cancelled, c.At, number)),
            MessagesAmended a => a.Amendments.Where(x => x.Message == id).Select(x => Amend(message, a.At, x, number)),
            MessagesExpired x => x.Messages.Where(m => m == id)
                .Select(_ => End(message, MessageStatus.Expired, x.At, number)),
            _ => throw new InvalidOperationException($"{@event.GetType().Name} has no place in a story"),
        };
}
