using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Messages;

/// <summary>The projection: which rows follow from events. How they are written is each database's own.</summary>
/// <param name="retention">What is over is not written, as in a generation that is built later; null: nothing is ever over.</param>
internal abstract class ReadSession(Database database, MessageRetention? retention, TimeProvider? time) : Session(database)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// What is at or below the place is skipped; a gap in the numbers is a <see cref="StoreException"/>. False: there was
    /// nothing new.
    /// </summary>
    public bool Project(int partition, IReadOnlyList<NumberedEvent> events)
    {
        var offset = Offset(partition, events);
        var cut = retention?.At(_time.GetUtcNow());
        var fold = new Fold(Load, Told, retention?.Messages, cut?.Messages);
        var next = offset + 1;
        foreach (var e in events)
        {
            if (e.SequenceNr < next) continue;
            if (e.SequenceNr > next)
                throw new StoreException(ReadModel.Name, $"partition {partition} is at {next - 1}, next is {e.SequenceNr}");
            fold.Add(e);
            next++;
        }
        if (next == offset + 1) return false;
        Write(partition, fold, cut);
        SetOffset(partition, next - 1);
        return true;
    }

    private void Write(int partition, Fold fold, MessageRetention.Cut? cut)
    {
        foreach (var message in fold.Messages.Values) Write(partition, message, cut);
        foreach (var line in fold.Lines)
        {
            if (cut is { } c && line.Line.At < c.Lines
                && (c.HasOver(line.Of.Message) || c.HasOver(line.Of.Message, line.Line))) continue;
            Insert(partition, line);
        }
        foreach (var submission in fold.Accepted)
        {
            if (submission.Facts.Tags.IsEmpty || cut is { } c && IsOver(submission, fold, c)) continue;
            foreach (var tag in submission.Facts.Tags) Tag(submission.Facts.Tenant, tag, submission.Id);
        }
        foreach (var (amendment, _) in fold.Amended) Tell(amendment);
        foreach (var ((tenant, stream, status), by) in fold.Counts()) Count(partition, tenant, stream, status, by);
        foreach (var (of, by) in fold.Outcomes) CountOutcome(partition, of, by);
    }

    private void Write(int partition, FoldedMessage folded, MessageRetention.Cut? cut)
    {
        var m = folded.Message;
        if (cut is { } c && m.Id.Submission.CreatedAt < c.Lines && Passes(folded, c)) return;
        if (folded.Before is null) Insert(partition, folded); else Update(m);
    }

    /// <summary>
    /// Of a message that is over nothing is written, and what was there goes; of one that has just ended the old lines go.
    /// True in the first case.
    /// </summary>
    private bool Passes(FoldedMessage folded, MessageRetention.Cut cut)
    {
        var m = folded.Message;
        var isOver = cut.HasOver(m);
        if (folded.Before is not { } before) return isOver;
        if (isOver) Delete(m.Id);
        else if (m.Status.IsTerminal() && !before.IsTerminal()) DeleteLines(m.Id, cut.FirstDay);
        return isOver;
    }

    private static bool IsOver(AcceptedSubmission submission, Fold fold, MessageRetention.Cut cut) =>
        submission.Id.CreatedAt < cut.Messages && Enumerable.Range(0, submission.Recipients.Length)
            .All(i => cut.HasOver(fold.Messages[new(submission.Id, i)].Message));

    /// <summary>How far a partition is; <paramref name="events"/> tell what will be asked for.</summary>
    protected abstract long Offset(int partition, IReadOnlyList<NumberedEvent> events);

    protected abstract void SetOffset(int partition, long number);

    /// <summary>What of a message a fold can change or counts by; null: it is not there.</summary>
    protected abstract MessageView? Load(MessageId id);

    /// <summary>The reports that a message's story has.</summary>
    protected abstract List<(Hash128 Report, AmendmentKind Kind)> Told(MessageId id);

    protected abstract void Insert(int partition, FoldedMessage message);

    protected abstract void Update(MessageView message);

    protected abstract void Insert(int partition, in FoldedLine line);

    protected abstract void Tag(string tenant, string tag, SubmissionId submission);

    protected abstract void Tell(Amendment amendment);

    protected abstract void Count(int partition, string tenant, string stream, byte status, long by);

    protected abstract void CountOutcome(
        int partition, (DateOnly Day, string Tenant, string Stream, string Sender, byte Class) of, long by);

    /// <summary>With its lines; its tags go with the last message of its submission.</summary>
    protected abstract void Delete(MessageId id);

    /// <summary>Those recorded before a day.</summary>
    protected abstract void DeleteLines(MessageId id, int firstDay);

    public abstract long PruneOutcomes(int day);
}
