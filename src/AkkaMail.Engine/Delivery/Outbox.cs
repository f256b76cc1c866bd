using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Results on their way to their ledgers, kept until the ledger says they are stored. It outlives the actor that fills
/// it; only one life at a time touches it.
/// </summary>
internal sealed class Outbox
{
    private readonly Dictionary<AttemptId, (Attempt Attempt, DateTimeOffset SentAt)> _results = [];

    public int Count => _results.Count;

    public bool Contains(AttemptId id) => _results.ContainsKey(id);

    public void Add(Attempt attempt, DateTimeOffset now) => _results[attempt.Id] = (attempt, now);

    public void Remove(AttemptId id) => _results.Remove(id);

    /// <summary>
    /// What was sent before <paramref name="before"/> and never confirmed, by ledger; marked as sent now.
    /// </summary>
    public IEnumerable<(int Ledger, ImmutableArray<Attempt> Attempts)> Unconfirmed(
        DateTimeOffset before, DateTimeOffset now)
    {
        var late = _results.Values.Where(r => r.SentAt < before).Select(r => r.Attempt).ToList();
        foreach (var attempt in late) _results[attempt.Id] = (attempt, now);
        return ByLedger(late);
    }

    public static IEnumerable<(int Ledger, ImmutableArray<Attempt> Attempts)> ByLedger(IEnumerable<Attempt> attempts) =>
        attempts.GroupBy(a => a.Id.Message.Submission.Partition).Select(g => (g.Key, g.ToImmutableArray()));
}
