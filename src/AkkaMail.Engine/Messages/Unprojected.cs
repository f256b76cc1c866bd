using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Engine.Messages;

/// <summary>Stored events the read model has not acknowledged: a GET finds a message in the rows or here.</summary>
internal sealed class Unprojected
{
    private readonly Queue<NumberedEvent> _events = new();

    /// <summary>The last event the read model has.</summary>
    public long Projected { get; private set; }

    /// <summary>How many message changes wait, the measure of memory.</summary>
    public int Changes { get; private set; }

    public void Add(NumberedEvent e)
    {
        _events.Enqueue(e);
        Changes += CountOf(e.Event);
    }

    public void Restore(long projected, IEnumerable<NumberedEvent> events)
    {
        Projected = projected;
        foreach (var e in events) Add(e);
    }

    /// <summary>Forgets what the read model has; returns when the last of it happened.</summary>
    public DateTimeOffset? Acknowledge(long upTo)
    {
        DateTimeOffset? at = null;
        while (_events.TryPeek(out var e) && e.SequenceNr <= upTo)
        {
            _events.Dequeue();
            Changes -= CountOf(e.Event);
            at = e.Event.At;
        }
        Projected = Math.Max(Projected, upTo);
        return at;
    }

    public ImmutableArray<NumberedEvent> All() => [.. _events];

    public ImmutableArray<NumberedEvent> Of(MessageId id) => [.. _events.Where(e => Concerns(e.Event, id))];

    private static int CountOf(ILedgerEvent e) => e switch
    {
        SubmissionsAccepted a => a.Submissions.Sum(s => s.Recipients.Length),
        AttemptsStarted s => s.Attempts.Length,
        AttemptsConcluded c => c.Conclusions.Length,
        MessagesCancelled c => c.Messages.Length,
        MessagesExpired x => x.Messages.Length,
        MessagesAmended a => a.Amendments.Length,
        _ => 1,
    };

    private static bool Concerns(ILedgerEvent e, MessageId id) => e switch
    {
        SubmissionsAccepted a => a.Submissions.Any(s => s.Id == id.Submission),
        AttemptsStarted s => s.Attempts.Any(a => a.Message == id),
        AttemptsConcluded c => c.Conclusions.Any(x => x.Attempt.Id.Message == id),
        MessagesCancelled c => c.Messages.Contains(id),
        MessagesExpired x => x.Messages.Contains(id),
        MessagesAmended a => a.Amendments.Any(x => x.Message == id),
        _ => false,
    };
}
