using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Messages;

/// <summary>
/// What a batch of commands came to: at most one event of each kind, and an answer a command (or null).
/// </summary>
public sealed record LedgerDecision(ImmutableArray<ILedgerEvent> Events, ILedgerReply?[] Replies);

public sealed partial class Ledger
{
    /// <summary>
    /// Commands that came while a write was under way have no order among themselves, so they are decided kind by kind:
    /// accept, conclude, cancel, amend, time, take. Each event kind then needs one row, in an order that replays.
    /// </summary>
    public LedgerDecision Decide(IReadOnlyList<ILedgerCommand> commands, LedgerRules rules, DateTimeOffset now)
    {
        var replies = new ILedgerReply?[commands.Count];
        var batch = new Batch();
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is AcceptSubmissions c) replies[i] = Accept(c, rules, now, batch);
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is FindKey c) replies[i] = FirstOf(c.Key, c.Request) ?? new KeyUnknown();
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is ConcludeAttempts c) replies[i] = Conclude(c, rules, now, batch);
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is CancelMessage c) replies[i] = Cancel(c, batch);
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is AmendMessages c)
            {
                batch.Amended.AddRange(c.Amendments);
                replies[i] = new AmendmentsRecorded(Partition);
            }
        if (commands.Any(c => c is PassTime)) PassTime(rules, now, batch);
        for (var i = 0; i < commands.Count; i++)
            if (commands[i] is TakeDue c) replies[i] = Take(c, now, batch);
        return new(batch.ToEvents(now), replies);
    }

    private ILedgerReply Accept(AcceptSubmissions c, LedgerRules rules, DateTimeOffset now, Batch batch)
    {
        if (_recent.Find(c.Chance) is { } known)   // The asker had no answer, and asks again.
            return Promise(known, c.Submissions.Length, SendAtOf(c, known.CreatedAt), isRepeat: false);
        if (now > c.AnswerBy) return new TooLate();
        if (c.Key is { } key && FirstOf(key, c.Request) is { } first) return first;
        if (Unfinished + c.Submissions.Sum(s => s.Recipients.Length) > rules.UnfinishedMax)
            return new LedgerFull(Unfinished);

        var id = SubmissionId.Create(Partition, now, c.Chance);
        var used = c.Key is { } k ? new AcceptedKey(k, c.Request, c.Submissions.Length) : null;
        for (var i = 0; i < c.Submissions.Length; i++)
        {
            var accepted = new AcceptedSubmission(
                id.Next(i), c.Submissions[i].Facts, i == 0 ? used : null, c.Submissions[i].Recipients);
            Add(accepted, now);
            batch.Accepted.Add(accepted);
        }
        return Promise(id, c.Submissions.Length, SendAtOf(c, now), isRepeat: false);
    }

    private static DateTimeOffset? SendAtOf(AcceptSubmissions c, DateTimeOffset accepted) =>
        c.Submissions[0].Facts.SendAt is { } at && at > accepted ? at : null;

    /// <summary>The answer that the first submission with this key got; null when there was none.</summary>
    private ILedgerReply? FirstOf(Hash128 key, Hash128 request) =>
        !_keys.TryFind(key, out var use) ? null
        : use.Request != request ? new KeyConflict(use.Submission)
        : Promise(use.Submission, use.Count, use.SendAt, isRepeat: true);

    private static SubmissionAccepted Promise(SubmissionId first, int count, DateTimeOffset? sendAt, bool isRepeat) =>
        new(first, sendAt is not null, isRepeat) { Count = count, SendAt = sendAt };

    private AttemptsRecorded Conclude(ConcludeAttempts c, LedgerRules rules, DateTimeOffset now, Batch batch)
    {
        var recorded = ImmutableArray.CreateBuilder<AttemptId>(c.Attempts.Length);
        foreach (var attempt in c.Attempts)
        {
            recorded.Add(attempt.Id);
            // It has ended: a late answer changes nothing.
            if (Find(attempt.Id.Message) is not { } submission) continue;
            var message = submission.Messages[attempt.Id.Message.Index];
            if (Judge(message, submission, attempt, rules, now) is not { } conclusion) continue;
            Conclude(submission, conclusion, now);
            batch.Concluded.Add(conclusion);
        }
        return new(Partition, recorded.MoveToImmutable());
    }

    /// <summary>Clocks differ: a second too early would be a wait for nothing.</summary>
    private static readonly TimeSpan HintMargin = TimeSpan.FromSeconds(5);

    /// <summary>Long enough that a lane or store that takes nothing is not asked in a loop.</summary>
    private static readonly TimeSpan NotStartedPause = TimeSpan.FromSeconds(5);

    /// <summary>What this attempt does to its message; null when it changes nothing.</summary>
    private static Conclusion? Judge(
        in Message message, Submission submission, Attempt attempt, LedgerRules rules, DateTimeOffset now)
    {
        // Of any attempt, also an earlier one: the receiver has it, so a queued retry is withdrawn.
        if (attempt is { End: AttemptEnd.Answered, Reply.IsAccepted: true })
            return new(attempt, MessageStatus.Delivered, null, "accepted", submission.Facts.SentBy);
        if (message.Status != MessageStatus.Sending || attempt.Id.Number != message.Attempts)
            return null;   // A repeat, or an earlier attempt's failure: the running one decides.
        return Judge(submission, attempt, rules, now);
    }

    private static Conclusion Judge(Submission submission, Attempt attempt, LedgerRules rules, DateTimeOffset now)
    {
        var sentBy = submission.Facts.SentBy;
        switch (attempt)
        {
            case { End: AttemptEnd.Unsendable, Reply.Enhanced: { Subject: EnhancedCode.OfContent } }:
                return new(attempt, MessageStatus.Failed, null, "content/composition", sentBy);
            case { End: AttemptEnd.Unsendable }:
                return new(attempt, MessageStatus.Failed, null, "unsendable", sentBy);
            case { End: AttemptEnd.Suppressed }:
                return new(attempt, MessageStatus.Suppressed, null, "suppressed", sentBy);
            // A host that will not talk to us at all (554 banner, 5xx to EHLO) has not judged the message.
            case
            {
                End: AttemptEnd.Answered, Reply.IsPermanent: true, Step: SmtpStep.Connect or SmtpStep.Banner
                or SmtpStep.Ehlo or SmtpStep.StartTls or SmtpStep.Auth
            }:
                return Again(Next(), "retry/host-refused");
            // "Never" because of our address or rate is about us, and will be over one day: the recipient is as good as before.
            case { End: AttemptEnd.Answered, Reply.IsPermanent: true } when attempt.Judged.Verdict?.Fault == BounceFault.Infrastructure:
                return Again(Next(), "retry/infrastructure");
            case { End: AttemptEnd.Answered, Reply.IsPermanent: true }:
                return new(attempt, MessageStatus.Bounced, null, "permanent", sentBy);
            case { End: AttemptEnd.NotStarted }:
                return Again(now + NotStartedPause, "not-started");
            case { End: AttemptEnd.InDoubt, Step: SmtpStep.None }:
                return Again(now, "in-doubt/send-again");   // At-least-once: a loss is worse than a duplicate.
            // The receiver knows best: a greylist lets nobody in before its time, nor does it ask for more.
            case { Judged.RetryAfter: { } wait }:
                return Again(now + wait + HintMargin, "retry/receiver-asked");
            default:
                return Again(Next(), "retry/default");
        }

        DateTimeOffset Next() =>
            (rules.RetryOf(submission.Facts.Tenant, submission.Facts.Stream, attempt.Site) ?? rules.Retry)
                .Next(attempt.Id.Message, attempt.Id.Number, now);

        Conclusion Again(DateTimeOffset due, string rule) =>
            due < submission.Facts.ExpiresAt ? new(attempt, MessageStatus.Deferred, due, rule, sentBy)
                : new(attempt, MessageStatus.Expired, null, "expiry", sentBy);
    }

    private CancelReply Cancel(CancelMessage c, Batch batch)
    {
        if (Find(c.Id) is not { } submission || c.Tenant is not null && c.Tenant != submission.Facts.Tenant)
            return new(c.Id, CancelResult.Unknown);
        if (submission.Messages[c.Id.Index].Attempts > 0) return new(c.Id, CancelResult.AlreadyStarted);
        End(submission, c.Id.Index);
        batch.Ended.Add(new(c.Id, MessageStatus.Cancelled, submission.Facts.SentBy)
        {
            By = c.By,
            Note = c.Note,
            Asked = MessageEnd.OneMessage,
        });
        return new(c.Id, CancelResult.Cancelled);
    }

    private void PassTime(LedgerRules rules, DateTimeOffset now, Batch batch)
    {
        _keys.Forget(now - rules.KeyMemory);
        _recent.Forget(now - RecentAccepts.Kept);
        while (_timers.TryPeek(out var id, out var ticks) && ticks <= now.UtcTicks)
        {
            _timers.Dequeue();
            if (Find(id) is { } s && s.Messages[id.Index].Time == ticks) Enqueue(s, id.Index, now);
        }
        if (now - _lastSweep < SweepEvery) return;
        _lastSweep = now;
        foreach (var submission in _submissions.Values.Where(s => s.Facts.ExpiresAt <= now).ToList())
            for (var i = 0; i < submission.Messages.Length; i++)
                if (submission.Messages[i].Status is var status && !status.IsTerminal()
                    && status != MessageStatus.Sending)
                    Expire(submission, i, batch);
    }

    private void Expire(Submission submission, int index, Batch batch)
    {
        var last = submission.Messages[index].Last;
        End(submission, index);
        batch.Ended.Add(new(new(submission.Id, index), MessageStatus.Expired, submission.Facts.SentBy) { Last = last });
    }

    private HandedOut Take(TakeDue c, DateTimeOffset now, Batch batch)
    {
        if (!_queues.TryGetValue(c.Queue, out var queue)) return new(Partition, c.Queue, [], 0);
        var messages = ImmutableArray.CreateBuilder<DueMessage>();
        var most = Math.Min(c.Count, TakeDue.CountMax);
        while (messages.Count < most && queue.TryTake(_dueOf, out var id))
        {
            if (Find(id) is not { } submission || !submission.Messages[id.Index].Waits) continue;
            if (submission.Facts.ExpiresAt <= now) { Expire(submission, id.Index, batch); continue; }
            var due = submission.Messages[id.Index].Time;
            var attempt = new AttemptId(id, submission.Messages[id.Index].Attempts + 1);
            Start(submission, attempt, c.Node, now);
            batch.Start(c.Node, attempt);
            messages.Add(new(id, attempt.Number, c.Queue, submission.Facts.Envelope,
                new(submission.AcceptedAt, TimeSpan.Zero), submission.Facts.ExpiresAt)
            {
                DueAt = new(due, TimeSpan.Zero),
            });
        }
        var left = DepthOf(c.Queue, queue);
        if (left.Count == 0) _queues.Remove(c.Queue);
        return new(Partition, c.Queue, messages.ToImmutable(), left.Count) { Head = left.Head };
    }

    /// <summary>The facts of one batch, kind by kind.</summary>
    private sealed class Batch
    {
        public ImmutableArray<AcceptedSubmission>.Builder Accepted { get; } =
            ImmutableArray.CreateBuilder<AcceptedSubmission>();
        public ImmutableArray<Conclusion>.Builder Concluded { get; } = ImmutableArray.CreateBuilder<Conclusion>();
        public ImmutableArray<MessageEnd>.Builder Ended { get; } = ImmutableArray.CreateBuilder<MessageEnd>();
        public ImmutableArray<Amendment>.Builder Amended { get; } = ImmutableArray.CreateBuilder<Amendment>();
        private readonly Dictionary<string, ImmutableArray<AttemptId>.Builder> _started = [];

        public void Start(string node, AttemptId attempt)
        {
            if (!_started.TryGetValue(node, out var attempts))
                _started.Add(node, attempts = ImmutableArray.CreateBuilder<AttemptId>());
            attempts.Add(attempt);
        }

        public ImmutableArray<ILedgerEvent> ToEvents(DateTimeOffset now)
        {
            var events = ImmutableArray.CreateBuilder<ILedgerEvent>();
            if (Accepted.Count > 0) events.Add(new SubmissionsAccepted(now, Accepted.ToImmutable()));
            if (Concluded.Count > 0) events.Add(new AttemptsConcluded(now, Concluded.ToImmutable()));
            if (Ended.Count > 0) events.Add(new MessagesEnded(now, Ended.ToImmutable()));
            if (Amended.Count > 0) events.Add(new MessagesAmended(now, Amended.ToImmutable()));
            foreach (var (node, attempts) in _started)
                events.Add(new AttemptsStarted(now, node, attempts.ToImmutable()));
            return events.ToImmutable();
        }
    }
}
