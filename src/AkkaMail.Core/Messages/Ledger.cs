using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>
/// The unfinished messages of one partition. It decides a batch of commands in one go, each seeing the state after
/// those before it; the caller stores the events and only then lets the answers out. A store that fails leaves this
/// state ahead of the journal: the caller throws it away and replays.
/// </summary>
public sealed partial class Ledger
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<SubmissionId, Submission> _submissions = [];
    private readonly IdempotencyKeys _keys = new();
    private readonly RecentAccepts _recent = new();
    private readonly Interned _names = new();
    private readonly Dictionary<QueueKey, WaitingQueue> _queues = [];
    private readonly List<QueueKey> _newlyWaiting = [];
    private readonly HashSet<QueueKey> _grown = [];
    private readonly PriorityQueue<MessageId, long> _timers = new();
    private readonly Func<MessageId, long?> _dueOf;
    private DateTimeOffset _lastSweep;
    private bool _replaying = true;

    public Ledger(int partition)
    {
        Partition = partition;
        _dueOf = DueOf;   // Once: it is asked for by each message.
    }

    public int Partition { get; }

    /// <summary>Messages without a terminal event.</summary>
    public int Unfinished { get; private set; }

    /// <summary>Queues with mail that is due, and how much.</summary>
    public IEnumerable<QueueDepth> Waiting => _queues.Select(q => DepthOf(q.Key, q.Value));

    /// <summary>Queues that got due mail since the last call, after having had none.</summary>
    public IReadOnlyList<QueueDepth> DrainNewlyWaiting()
    {
        if (_newlyWaiting.Count == 0) return [];
        QueueDepth[] queues = [.. _newlyWaiting.Select(q => DepthOf(q, _queues.GetValueOrDefault(q)))];
        _newlyWaiting.Clear();
        return queues;
    }

    /// <summary>
    /// Queues that got due mail since the last call beside what they had: who takes none of it hears how much waits.
    /// </summary>
    public IReadOnlyList<QueueDepth> DrainGrown()
    {
        if (_grown.Count == 0) return [];
        QueueDepth[] queues = [.. _grown.Where(_queues.ContainsKey).Select(q => DepthOf(q, _queues[q]))];
        _grown.Clear();
        return queues;
    }

    /// <summary>
    /// Attempts of which no end is known, with the node that makes them.
    /// </summary>
    public IEnumerable<(AttemptId Attempt, string Domain, string Node, DateTimeOffset Begun)> Sending()
    {
        foreach (var submission in _submissions.Values)
            for (var i = 0; i < submission.Messages.Length; i++)
                if (submission.Messages[i] is { Status: MessageStatus.Sending } m)
                    yield return (new(new(submission.Id, i), m.Attempts), m.Domain, m.Node!, new(m.Time, TimeSpan.Zero));
    }

    /// <summary>When the message that has been due for longest became due; null when nothing waits.</summary>
    public DateTimeOffset? OldestDue(DateTimeOffset now)
    {
        var oldest = long.MaxValue;
        foreach (var submission in _submissions.Values)
            foreach (ref readonly var m in submission.Messages.AsSpan())
                if (m.Waits && m.Time < oldest) oldest = m.Time;
        return oldest < now.UtcTicks ? new DateTimeOffset(oldest, TimeSpan.Zero) : null;
    }

    /// <summary>Where an unfinished message stands; null: it is not here, or has ended.</summary>
    public MessagePlace? PlaceOf(MessageId id)
    {
        if (Find(id) is not { } s) return null;
        ref readonly var m = ref s.Messages[id.Index];
        var queue = s.Facts.QueueTo(m.Domain);
        var before = m.Waits
            ? _queues.GetValueOrDefault(queue)?.Before(id, m.Attempts > 0, m.IsEngaged, m.Time, _dueOf) : null;
        return new(queue, m.Status, new(m.Time, TimeSpan.Zero), before?.All)
        {
            IsEngaged = m.IsEngaged && m.Attempts == 0,
            EngagedBefore = before?.Engaged ?? 0,
        };
    }

    /// <summary>Nobody goes first in a transactional queue, so nothing is looked up.</summary>
    private QueueDepth DepthOf(QueueKey key, WaitingQueue? queue)
    {
        var head = key.IsTransactional ? null : queue?.Head(_dueOf);   // First: it drops what waits no longer.
        return new(key, queue?.Count ?? 0, head);
    }

    private long? DueOf(MessageId id) =>
        Find(id) is { } s && s.Messages[id.Index] is { Waits: true, Time: var due } ? due : null;

    /// <summary>
    /// The journal has been read: from here on due messages stand in their queues, in the order they became due, as
    /// without a restart.
    /// </summary>
    public void Recovered(DateTimeOffset now)
    {
        _replaying = false;
        var all = new List<(long Time, Submission Submission, int Index)>(Unfinished);
        foreach (var submission in _submissions.Values)
            for (var i = 0; i < submission.Messages.Length; i++)
                if (!submission.Messages[i].Status.IsTerminal()) all.Add((submission.Messages[i].Time, submission, i));
        all.Sort(static (a, b) => a.Time.CompareTo(b.Time) is not 0 and var time ? time
            : a.Submission.Id.CompareTo(b.Submission.Id) is not 0 and var id ? id : a.Index.CompareTo(b.Index));
        foreach (var (_, submission, i) in all) Enqueue(submission, i, now);
    }

    /// <summary>Repeats an event of the journal.</summary>
    public void Apply(ILedgerEvent @event)
    {
        switch (@event)
        {
            case SubmissionsAccepted e:
                foreach (var s in e.Submissions) Add(s, e.At);
                break;
            case AttemptsStarted e:
                foreach (var a in e.Attempts)
                    if (Find(a.Message) is { } s) Start(s, a, e.Node, e.At);
                break;
            case AttemptsConcluded e:
                foreach (var c in e.Conclusions)
                    if (Find(c.Attempt.Id.Message) is { } s) Conclude(s, c, e.At);
                break;
            case MessagesEnded e:
                foreach (var end in e.Ends)
                    if (Find(end.Message) is { } s) End(s, end.Message.Index);
                break;
            case MessagesAmended:
                break;   // Of messages that have ended: nothing here depends on it.
            default:
                throw new InvalidOperationException($"{@event.GetType().Name} is no event of a ledger");
        }
    }

    /// <summary>
    /// All that it has decided or repeated so far is in the journal, the last of it as event <paramref name="number"/>.
    /// </summary>
    public void Stored(long number) => _keys.Stored(number);

    /// <summary>
    /// The table of keys has those of all events up to <paramref name="upTo"/>, for good: they are forgotten, but not
    /// yet.
    /// </summary>
    public void KeysKept(long upTo, DateTimeOffset now) => _keys.Kept(upTo, now);

    private Submission? Find(MessageId id) =>
        _submissions.TryGetValue(id.Submission, out var s) && (uint)id.Index < (uint)s.Messages.Length
            && !s.Messages[id.Index].Status.IsTerminal() ? s : null;

    private void Add(AcceptedSubmission accepted, DateTimeOffset at)
    {
        var submission = Submission.From(accepted, at, _names);
        if (submission.Unfinished > 0) _submissions.Add(accepted.Id, submission);
        Unfinished += submission.Unfinished;
        _recent.Add(accepted.Id);
        var scheduled = accepted.Facts.SendAt > at;
        if (accepted.Key is { } key)
            _keys.Add(key.Key, new(accepted.Id, key.Count, key.Request, scheduled ? accepted.Facts.SendAt : null), at);
        for (var i = 0; i < submission.Messages.Length; i++) Enqueue(submission, i, at);
    }

    private void Start(Submission submission, AttemptId attempt, string node, DateTimeOffset at)
    {
        ref var m = ref submission.Messages[attempt.Message.Index];
        m.Status = MessageStatus.Sending;
        m.Attempts = attempt.Number;
        m.Node = _names.Once(node);
        m.Time = at.UtcTicks;
        m.Waits = false;
    }

    private void Conclude(Submission submission, Conclusion conclusion, DateTimeOffset at)
    {
        var index = conclusion.Attempt.Id.Message.Index;
        if (conclusion.Status.IsTerminal()) { End(submission, index); return; }
        ref var m = ref submission.Messages[index];
        m.Status = conclusion.Status;
        m.Node = null;
        if (conclusion.Attempt is { ReachedSite: true } a)
            m.Last = _names.Once(new Way(a.Site, a.Source, a.Departure?.Provider));
        m.Time = conclusion.DueAt!.Value.UtcTicks;
        Enqueue(submission, index, at);
    }

    private void End(Submission submission, int index)
    {
        ref var m = ref submission.Messages[index];
        // Terminal messages of a live submission keep their place; the status shows any late comer that it is over.
        m.Status = MessageStatus.Delivered;
        m.Waits = false;
        m.Node = null;
        m.Last = null;
        Unfinished--;
        if (--submission.Unfinished == 0) _submissions.Remove(submission.Id);
    }

    /// <summary>Puts a message where it waits: in its queue when it is due, else on the clock.</summary>
    private void Enqueue(Submission submission, int index, DateTimeOffset now)
    {
        if (_replaying) return;
        ref var m = ref submission.Messages[index];
        if (m.Status is not (MessageStatus.Accepted or MessageStatus.Scheduled or MessageStatus.Deferred) || m.Waits)
            return;
        var id = new MessageId(submission.Id, index);
        if (m.Time > now.UtcTicks) { _timers.Enqueue(id, m.Time); return; }
        m.Waits = true;
        var key = submission.Facts.QueueTo(m.Domain);
        if (!_queues.TryGetValue(key, out var queue))
        {
            _queues.Add(key, queue = new());
            _newlyWaiting.Add(key);
        }
        else _grown.Add(key);
        queue.Add(id, m.Attempts > 0, m.IsEngaged);
    }
}
