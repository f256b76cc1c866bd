using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// A batch of one partition's events, folded in memory by Core's <see cref="Story"/>: however much happened to a
/// message in it, its row is written once. <paramref name="load"/> finds a message accepted before this batch,
/// <paramref name="told"/> the reports its story has. What comes later than <paramref name="kept"/> after a message was
/// accepted counts nowhere: whether its row is still there decides nothing, so a rebuild counts the same. Only what was
/// accepted before <paramref name="goneBefore"/> may be gone; else an event of what is not there is a fault.
/// </summary>
internal sealed class Fold(
    Func<MessageId, MessageView?> load, Func<MessageId, IEnumerable<(Hash128 Report, AmendmentKind Kind)>> told,
    TimeSpan? kept = null, DateTimeOffset? goneBefore = null)
{
    private readonly Dictionary<MessageId, FoldedMessage> _messages = [];
    private readonly Dictionary<MessageId, List<(Hash128 Report, AmendmentKind Kind)>> _told = [];

    /// <summary>Of the entry that is folded, among those of its event: whether each has a line or not.</summary>
    private int _place;

    public IReadOnlyDictionary<MessageId, FoldedMessage> Messages => _messages;
    public List<FoldedLine> Lines { get; } = [];

    /// <summary>Attempts by the day they ended, whose they were, and what the reply told.</summary>
    public Dictionary<(DateOnly Day, string Tenant, string Stream, string Sender, byte Class), long> Outcomes
    { get; } = [];

    public List<AcceptedSubmission> Accepted { get; } = [];

    /// <summary>
    /// Reports that no story had; <c>IsFirst</c>: the first of its kind for its message, which counts.
    /// </summary>
    public List<(Amendment Amendment, bool IsFirst)> Amended { get; } = [];

    public void Add(NumberedEvent numbered)
    {
        _place = 0;
        if (numbered.Event is SubmissionsAccepted e)
            foreach (var submission in e.Submissions) Accept(submission, e.At, numbered.SequenceNr);
        foreach (var step in Story.Steps(numbered))
        {
            if (step.Amendment is null) CountOutcome(step, Apply(step, numbered));
            else Amend(step, step.Amendment, numbered);
            _place++;
        }
    }

    private void CountOutcome(StoryStep step, StoryEvent? line)
    {
        if (line?.Outcome is not { } attempt) return;
        var day = DateOnly.FromDateTime(line.At.UtcDateTime);
        Count(step.SentBy, day, (byte)attempt.Judged.Class);
        if (attempt is { Judged.Class: ReplyClass.Accepted, Tls: not null }) Count(step.SentBy, day, OutcomeRow.ByTls);
    }

    private void Amend(StoryStep step, Amendment a, NumberedEvent numbered)
    {
        if (IsOver(a.Message, numbered)) return;
        if (!_told.TryGetValue(a.Message, out var reports)) _told.Add(a.Message, reports = [.. told(a.Message)]);
        if (reports.Any(r => r.Report == a.Report)) return;
        var isFirst = !reports.Any(r => r.Kind == a.Kind);
        reports.Add((a.Report, a.Kind));
        Amended.Add((a, isFirst));
        if (isFirst) Count(step.SentBy, DateOnly.FromDateTime(numbered.Event.At.UtcDateTime), OutcomeRow.Of(a.Kind));
        // Of a message that is gone, or that a restored backup does not have, there is no story to go on.
        if (Find(a.Message) is { } message) Add(message, step, numbered);
    }

    private void Count(SentBy by, DateOnly day, byte c)
    {
        var key = (day, by.Tenant, by.Stream, by.Sender, c);
        Outcomes[key] = Outcomes.GetValueOrDefault(key) + 1;
    }

    private void Accept(AcceptedSubmission submission, DateTimeOffset at, long number)
    {
        Accepted.Add(submission);
        foreach (var (message, line) in Story.Begin(submission, at, number))
        {
            var folded = new FoldedMessage(message, null, submission.Recipients[message.Id.Index].Address);
            if (!_messages.TryAdd(message.Id, folded)) throw new StoreException(ReadModel.Name, $"{message.Id} is accepted twice");
            Lines.Add(new(folded, folded.Ordinal(number), _place++, line));
        }
    }

    private StoryEvent? Apply(StoryStep step, NumberedEvent numbered) =>
        Find(step.Message) is { } message ? Add(message, step, numbered)
        : step.Message.Submission.CreatedAt < goneBefore ? null
        : throw new StoreException(
            ReadModel.Name, $"event {numbered.SequenceNr} names {step.Message}, which was never accepted");

    private bool IsOver(MessageId id, NumberedEvent numbered) =>
        numbered.Event.At - id.Submission.CreatedAt > kept;

    private FoldedMessage? Find(MessageId id)
    {
        if (_messages.TryGetValue(id, out var folded)) return folded;
        if (load(id) is not { } found) return null;
        _messages.Add(id, folded = new(found, found.Status, default));
        return folded;
    }

    private StoryEvent Add(FoldedMessage folded, StoryStep step, NumberedEvent numbered)
    {
        (folded.Message, var line) = step.Next(folded.Message);
        Lines.Add(new(folded, folded.Ordinal(numbered.SequenceNr), _place, line));
        return line;
    }

    /// <summary>
    /// How the batch moves each (tenant, stream, status); status 0 counts all that was ever accepted.
    /// </summary>
    public Dictionary<(string Tenant, string Stream, byte Status), long> Counts()
    {
        var counts = new Dictionary<(string, string, byte), long>();
        foreach (var folded in _messages.Values)
        {
            if (folded.Before == folded.Message.Status) continue;
            Count(folded.Message.Facts.SentBy, (byte)(folded.Before ?? 0), folded.Before is null ? 1 : -1);
            Count(folded.Message.Facts.SentBy, (byte)folded.Message.Status, 1);
        }
        foreach (var (a, isFirst) in Amended)
            if (isFirst) Count(a.SentBy, CounterRow.Of(a.Kind), 1);
        return counts;

        void Count(SentBy by, byte status, long times)
        {
            var key = (by.Tenant, by.Stream, status);
            counts[key] = counts.GetValueOrDefault(key) + times;
        }
    }
}

/// <summary>A message the batch touched. <paramref name="before"/> is its stored status, null when it is new.</summary>
internal sealed class FoldedMessage(MessageView message, MessageStatus? before, Hash128 address)
{
    private (long Number, int Next) _ordinal;

    public MessageView Message { get; set; } = message;
    public MessageStatus? Before => before;
    public Hash128 Address => address;

    /// <summary>Tells apart the lines one event gives one message.</summary>
    public int Ordinal(long number)
    {
        if (_ordinal.Number != number) _ordinal = (number, 0);
        return _ordinal.Next++;
    }
}

/// <param name="Place">In its event, so that (partition, number, place) is the order of all lines.</param>
internal readonly record struct FoldedLine(FoldedMessage Of, int Ordinal, int Place, StoryEvent Line);
