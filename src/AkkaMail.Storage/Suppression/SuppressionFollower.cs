using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaMail.Core.Bounces;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Reading;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// Projects a ledger's events twice: into the read model, and into what they mean for the suppression lists. Each has its
/// own place in the journal, so a rebuild of the one suppresses nobody again.
/// </summary>
public sealed class SuppressionFollower(ReadModel read, ContentStore content, SuppressionStore suppressions)
{
    /// <summary>
    /// A sync for each batch of deliveries would slow them down, and nothing follows from them: their place is noted now
    /// and then. After a start so many are looked at again, in vain.
    /// </summary>
    private const int NoteEvery = 10_000;

    private readonly ConcurrentDictionary<int, long> _noted = new();

    /// <summary>Who adds what follows from a receiver's words.</summary>
    public const string Engine = "engine";

    /// <summary>Core's <see cref="Core.Reading.Project"/>.</summary>
    public async Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        await read.Project(partition, events, cancel);
        await Follow(partition, events, cancel);
    }

    /// <summary>Core's <see cref="Core.Reading.ProjectedUpTo"/>: where the one that is further behind is.</summary>
    public async Task<long> ProjectedUpTo(int partition, CancellationToken cancel) => Math.Min(
        await read.ProjectedUpTo(partition, cancel), await suppressions.LookedAt(partition, cancel));

    private async Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        if (events.IsEmpty) return;
        var ends = events.Select(e => e.Event).OfType<AttemptsConcluded>()
            .SelectMany(e => e.Conclusions.Select(c => (e.At, Conclusion: c)))
            .Where(e => SuppressionPolicy.Of(e.Conclusion.Status, e.Conclusion.Verdict) != SuppressionStep.None).ToList();
        var (hard, soft) = (new List<NewSuppression>(), new List<SoftFailure>());
        foreach (var (at, c) in ends)
        {
            if (await read.FindRecipient(c.Attempt.Id.Message, cancel) is not { } r) continue;
            var entry = Entry(c, r, await AddressOf(c.Attempt.Id.Message, r.Envelope, cancel), at);
            if (SuppressionPolicy.Of(c.Status, c.Verdict) == SuppressionStep.Suppress) hard.Add(entry);
            else
                soft.Add(new(r.Tenant, r.Address, at, await read.LastDelivered(r.Tenant, r.Address, cancel),
                    entry with { Origin = SuppressionOrigin.SoftBounces }));
        }
        var last = events[^1].SequenceNr;
        if (hard.Count + soft.Count == 0 && last - _noted.GetOrAdd(partition, events[0].SequenceNr) < NoteEvery) return;
        await suppressions.Follow(partition, last, hard, soft, cancel);
        _noted[partition] = last;
    }

    /// <summary>For the whole tenant: an address that is not there is not there for any stream.</summary>
    private static NewSuppression Entry(Conclusion c, ReadRecipient r, string? address, DateTimeOffset at) => new(
        SuppressionKey.Of(SuppressionScope.Tenant, r.Tenant, r.Stream, r.Address), address, SuppressionOrigin.HardBounce,
        new(c.Attempt.Id.Message.ToString(), c.Verdict!.Reason.ToWord(), c.Verdict.Rule, c.Verdict.Version,
            c.Attempt.Source, c.Attempt.Site, Core.Shaping.ReplyClasses.Line(c.Attempt.Reply)), null, Engine, at, null);

    private async Task<string?> AddressOf(MessageId id, long envelope, CancellationToken cancel) =>
        (await content.ReadEnvelopes([envelope], cancel)).GetValueOrDefault(envelope)?.Find(id.Index).Recipient.EnvelopeAddress;
}
