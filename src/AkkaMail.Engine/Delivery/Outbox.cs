using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Results on their way to their ledgers: gathered for a moment, then kept until the ledger says they are stored. It
/// outlives the actor that fills it; only one life at a time touches it.
/// </summary>
internal sealed class Outbox
{
    private readonly List<Attempt> _gathered = [];
    private readonly Dictionary<AttemptId, (Attempt Attempt, DateTimeOffset SentAt)> _sent = [];

    public bool IsEmpty => _gathered.Count == 0 && _sent.Count == 0;

    /// <summary>Results that nobody has been told yet.</summary>
    public int Gathered => _gathered.Count;

    public IEnumerable<AttemptId> Ids => _sent.Keys.Concat(_gathered.Select(a => a.Id));

    public void Add(Attempt attempt) => _gathered.Add(attempt);

    /// <summary>
    /// An answer that nobody waits for any more: where its attempt was put in doubt, it is told instead, or after all.
    /// </summary>
    public void Correct(Attempt answer)
    {
        if (answer.End == AttemptEnd.InDoubt) return;
        var at = _gathered.FindIndex(a => a.Id == answer.Id);
        if (at >= 0) _gathered[at] = answer;
        else if (_sent.TryGetValue(answer.Id, out var sent) && sent.Attempt.End == AttemptEnd.InDoubt) Add(answer);
    }

    /// <summary>Its ledger has stored it.</summary>
    public void Remove(AttemptId id) => _sent.Remove(id);

    /// <summary>What was gathered, by ledger, in pieces that arrive; from now on it is sent.</summary>
    public IEnumerable<(int Ledger, ImmutableArray<Attempt> Attempts)> Send(DateTimeOffset now)
    {
        if (_gathered.Count == 0) return [];
        foreach (var attempt in _gathered) _sent[attempt.Id] = (attempt, now);
        var results = ByLedger(_gathered).ToList();
        _gathered.Clear();
        return results;
    }

    /// <summary>
    /// What was sent before <paramref name="before"/> and never confirmed, by ledger, in pieces that arrive: in one it
    /// would grow until it never does. Marked as sent now.
    /// </summary>
    public IEnumerable<(int Ledger, ImmutableArray<Attempt> Attempts)> Unconfirmed(
        DateTimeOffset before, DateTimeOffset now)
    {
        var late = _sent.Values.Where(r => r.SentAt < before).Select(r => r.Attempt).ToList();
        foreach (var attempt in late) _sent[attempt.Id] = (attempt, now);
        return ByLedger(late);
    }

    private static IEnumerable<(int Ledger, ImmutableArray<Attempt> Attempts)> ByLedger(
        IEnumerable<Attempt> attempts) => attempts.GroupBy(a => a.Id.Message.Submission.Partition).SelectMany(
            ledger => NodeBounds.Cut(ledger, NodeBytes.Of).Select(some => (ledger.Key, some)));
}
