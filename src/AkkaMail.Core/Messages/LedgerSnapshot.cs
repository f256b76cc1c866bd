using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Messages;

/// <summary>A ledger's state as plain values, for a snapshot. Waiting lines and timers follow from it.</summary>
public sealed record LedgerSnapshot(
    int Partition, ImmutableArray<SubmissionSnapshot> Submissions, ImmutableArray<KeySnapshot> Keys)
{
    /// <summary>Those of the last moments, in their order: who asks once more gets the answer of the first time.</summary>
    public ImmutableArray<SubmissionId> Recent { get; init; } = [];
}

public sealed record SubmissionSnapshot(
    SubmissionId Id, SubmissionFacts Facts, DateTimeOffset AcceptedAt, ImmutableArray<MessageSnapshot> Messages);

/// <summary>
/// A message of a snapshot. An ended one among living ones has the status <c>delivered</c> whatever its end.
/// </summary>
public readonly record struct MessageSnapshot(
    string Domain, MessageStatus Status, int Attempts, DateTimeOffset Time, string? Node, Way? Last = null,
    bool IsEngaged = false);

public readonly record struct KeySnapshot(
    Hash128 Key, SubmissionId Submission, int Count, Hash128 Request, DateTimeOffset At, DateTimeOffset? SendAt);

public sealed partial class Ledger
{
    public LedgerSnapshot ToSnapshot() => new(
        Partition,
        [.. _submissions.Values.OrderBy(s => s.Id).Select(s => new SubmissionSnapshot(
            s.Id, s.Facts, new(s.AcceptedAt, TimeSpan.Zero),
            [.. s.Messages.Select(m => new MessageSnapshot(
                m.Domain, m.Status, m.Attempts, new(m.Time, TimeSpan.Zero), m.Node, m.Last, m.IsEngaged))]))],
        [.. _keys.All().Select(k => new KeySnapshot(
            k.Key, k.Use.Submission, k.Use.Count, k.Use.Request, k.At, k.Use.SendAt))])
    {
        Recent = [.. _recent.All],
    };

    /// <summary>The state as it was; it waits for the rest of the journal, then for <see cref="Recovered"/>.</summary>
    public static Ledger From(LedgerSnapshot snapshot)
    {
        var ledger = new Ledger(snapshot.Partition);
        foreach (var s in snapshot.Submissions)
        {
            var submission = new Submission
            {
                Id = s.Id,
                Facts = s.Facts.With(ledger._names),
                AcceptedAt = s.AcceptedAt.UtcTicks,
                Unfinished = s.Messages.Count(m => !m.Status.IsTerminal()),
                Messages = [.. s.Messages.Select(m => new Message
                {
                    Domain = ledger._names.Once(m.Domain), Status = m.Status, Attempts = m.Attempts, Time = m.Time.UtcTicks,
                    Node = m.Node is null ? null : ledger._names.Once(m.Node),
                    Last = m.Last is null ? null : ledger._names.Once(m.Last),
                    IsEngaged = m.IsEngaged,
                })],
            };
            ledger._submissions.Add(s.Id, submission);
            ledger.Unfinished += submission.Unfinished;
        }
        foreach (var k in snapshot.Keys)
            ledger._keys.Add(k.Key, new(k.Submission, k.Count, k.Request, k.SendAt), k.At);
        foreach (var id in snapshot.Recent) ledger._recent.Add(id);
        return ledger;
    }
}
