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
        var scheduled = submission.Facts.SendAt > at;
        for (var i = 0; i < submission.Recipients.Length; i++)
        {
            var recipient = submission.Recipients[i];
            var message = new MessageView(
                new(submission.Id, i), scheduled ? MessageStatus.Scheduled : MessageStatus.Accepted, submission.Facts,
                recipient.Domain, null, at, at, scheduled ? submission.Facts.SendAt : null, 0)
            {
                Engaged = recipient.Engaged,
                Sequence = 1,
            };
            if (recipient.Suppressed is { } entry)
                yield return (message with { Status = MessageStatus.Suppressed, DueAt = null, Provider = Via.None },
                    new(sequenceNr, "suppressed", at, Rule: $"suppression/{entry}")
                    { Sequence = 1, State = MessageStatus.Suppressed });
            else
                yield return (message, new(sequenceNr, message.Status.ToWord(), at, DueAt: message.DueAt)
                { Sequence = 1, State = message.Status });
        }
    }

    /// <summary>
    /// What an event is for messages that were there before it, each in turn: how it goes on with each, and the line
    /// for it. <paramref name="only"/> null: all that it touches.
    /// </summary>
    public static IEnumerable<StoryStep> Steps(NumberedEvent numbered, MessageId? only = null)
    {
        var number = numbered.SequenceNr;
        return numbered.Event switch
        {
            SubmissionsAccepted => [],   // They begin: Begin.
            AttemptsStarted e => e.Attempts.Where(a => Is(a.Message))
                .Select(a => new StoryStep(a.Message, m => Start(m, e, a.Number, number))),
            AttemptsConcluded e => e.Conclusions.Where(c => Is(c.Attempt.Id.Message))
                .Select(c => new StoryStep(c.Attempt.Id.Message, m => Conclude(m, e, c, number)) { SentBy = c.SentBy }),
            MessagesEnded e => e.Ends.Where(end => Is(end.Message))
                .Select(end => new StoryStep(end.Message, m => End(m, end, e.At, number))),
            MessagesAmended e => e.Amendments.Where(a => Is(a.Message))
                .Select(a => new StoryStep(a.Message, m => Amend(m, e.At, a, number))
                { SentBy = a.SentBy, Amendment = a }),
            var e => throw new InvalidOperationException($"{e.GetType().Name} has no place in a story"),
        };

        bool Is(MessageId id) => only is null || id == only;
    }

    private static (MessageView, StoryEvent) Start(
        MessageView message, AttemptsStarted e, int number, long sequenceNr)
    {
        var status = message.Status.IsTerminal() ? message.Status : MessageStatus.Sending;
        var sequence = message.Sequence + 1;
        return (message with
        {
            Status = status,
            Attempts = Math.Max(message.Attempts, number),
            UpdatedAt = e.At,
            DueAt = null,
            Sequence = sequence,
        }, new(sequenceNr, "attempt", e.At, number, Node: e.Node) { Sequence = sequence, State = status });
    }

    private static (MessageView, StoryEvent) Conclude(
        MessageView message, AttemptsConcluded e, Conclusion c, long sequenceNr)
    {
        var (attempt, sequence) = (c.Attempt, message.Sequence + 1);
        var hasCome = attempt.ReachedSite;
        return (message with
        {
            Status = c.Status,
            Site = hasCome ? attempt.Site : message.Site,
            Provider = hasCome ? ProviderOf(attempt) : ProviderAt(c.Status, message),
            Source = hasCome ? attempt.Source : message.Source,
            Reason = hasCome || c.Status.IsTerminal() ? attempt.Judged.Verdict?.Reason : message.Reason,
            UpdatedAt = e.At,
            DueAt = c.DueAt,
            Sequence = sequence,
        }, new(sequenceNr, c.Status.ToWord(), e.At, attempt.Id.Number, attempt, c.DueAt, c.Rule)
        { Sequence = sequence, State = c.Status });
    }

    private static string ProviderOf(Attempts.Attempt attempt) =>
        attempt.Departure is { } left ? left.Provider ?? Via.Other : Via.Unknown;

    /// <summary>Of a message none of whose attempts came to a site it is known at its end only that none did.</summary>
    private static string ProviderAt(MessageStatus status, MessageView message) =>
        status.IsTerminal() && message.Provider == Via.Waiting ? Via.None : message.Provider;

    private static (MessageView, StoryEvent) End(
        MessageView message, MessageEnd end, DateTimeOffset at, long sequenceNr)
    {
        var sequence = message.Sequence + 1;
        return (message with
        {
            Status = end.Status,
            UpdatedAt = at,
            DueAt = null,
            Provider = ProviderAt(end.Status, message),
            Sequence = sequence,
        }, new(sequenceNr, end.Status.ToWord(), at) { End = end, Sequence = sequence, State = end.Status });
    }

    /// <summary>
    /// Its status stays: that a receiver took it, and when, is one thing, what came back later another.
    /// </summary>
    private static (MessageView, StoryEvent) Amend(
        MessageView message, DateTimeOffset at, Amendment a, long sequenceNr) =>
        (message with { Flags = message.Flags | a.Kind.ToFlag(), Sequence = message.Sequence + 1 },
            new(sequenceNr, a.Kind.ToWord(), at, Amended: a)
            { Sequence = message.Sequence + 1, State = message.Status });

    /// <summary>
    /// Adds to <paramref name="story"/> what <paramref name="events"/> say about message <paramref name="id"/>.
    /// </summary>
    public static MessageStory? Continue(MessageStory? story, MessageId id, IEnumerable<NumberedEvent> events)
    {
        var message = story?.Message;
        var lines = ImmutableArray.CreateBuilder<StoryEvent>();
        var last = story is { Events: [.., var e] } ? e.SequenceNr : 0;
        if (story is not null) lines.AddRange(story.Events);
        foreach (var numbered in events.Where(n => n.SequenceNr > last))
        {
            if (numbered.Event is SubmissionsAccepted accepted)
            {
                foreach (var (begun, line) in Begin(accepted, id, numbered.SequenceNr))
                {
                    message = begun;
                    lines.Add(line);
                }
                continue;
            }
            if (message is null) continue;
            foreach (var step in Steps(numbered, id))
            {
                if (step.Amendment is { } a && lines.Any(l => l.Amended?.Report == a.Report)) continue;   // Told.
                (message, var line) = step.Next(message);
                lines.Add(OrdinalOf(numbered.SequenceNr) is > 0 and var n ? line with { Ordinal = n } : line);
            }
        }
        return message is null ? null : new(message, lines.ToImmutable());

        int OrdinalOf(long number)
        {
            var first = lines.Count;
            while (first > 0 && lines[first - 1].SequenceNr == number) first--;
            return lines.Count - first;
        }
    }

    private static IEnumerable<(MessageView Message, StoryEvent Event)> Begin(
        SubmissionsAccepted e, MessageId id, long number) =>
        e.Submissions.Where(s => s.Id == id.Submission && id.Index < s.Recipients.Length)
            .SelectMany(s => Begin(s, e.At, number)).Where(step => step.Message.Id == id);
}

/// <summary>One more line for a message, and how it looks then.</summary>
public readonly record struct StoryStep(
    MessageId Message, Func<MessageView, (MessageView Message, StoryEvent Line)> Next)
{
    /// <summary>Whose the message is, of what counts for its sender: an outcome, a report.</summary>
    public SentBy SentBy { get; init; }

    /// <summary>The report behind the line, which is told once however often it came.</summary>
    public Amendment? Amendment { get; init; }
}
