using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// Projects a ledger's events twice: into the read model, and into what they mean for the suppression lists. Each has
/// its own place in the journal, so a rebuild of the one suppresses nobody again.
/// </summary>
public sealed class SuppressionFollower(ReadModel read, ContentStore content, SuppressionStore suppressions)
{
    /// <summary>
    /// A sync for each batch of deliveries would slow them down, and nothing follows from them: their place is noted
    /// now and then. After a start so many are looked at again, in vain.
    /// </summary>
    private const int NoteEvery = 10_000;

    private readonly ConcurrentDictionary<int, long> _noted = new();

    /// <summary>Who adds what follows from a receiver's words.</summary>
    public const string Engine = "engine";

    /// <summary>Core's <c>Project</c>.</summary>
    public async Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        await read.Project(partition, events, cancel);
        await Follow(partition, events, cancel);
    }

    /// <summary>Core's <c>ProjectedUpTo</c>: where the one that is further behind is.</summary>
    public async Task<long> ProjectedUpTo(int partition, CancellationToken cancel) => Math.Min(
        await read.ProjectedUpTo(partition, cancel), await suppressions.LookedAt(partition, cancel));

    private async Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        if (events.IsEmpty) return;
        var (hard, soft) = (new List<NewSuppression>(), new List<SoftFailure>());
        foreach (var end in events.SelectMany(e => EndsOf(e.Event)).Where(e => e.Step != SuppressionStep.None))
        {
            if (await read.FindRecipient(end.Message, cancel) is not { } r) continue;
            var entry = Entry(end, r, await AddressOf(end.Message, r.Envelope, cancel));
            if (end.Step == SuppressionStep.Suppress) hard.Add(entry);
            else
                soft.Add(new(r.Tenant, r.Address, end.Message, end.At,
                    await read.LastDelivered(r.Tenant, r.Address, cancel),
                    entry with { Origin = SuppressionOrigin.SoftBounces }));
        }
        var last = events[^1].SequenceNr;
        if (hard.Count + soft.Count == 0 && last - _noted.GetOrAdd(partition, events[0].SequenceNr) < NoteEvery) return;
        await suppressions.Follow(partition, last, hard, soft, cancel);
        _noted[partition] = last;
    }

    private sealed record End(
        DateTimeOffset At, MessageId Message, SuppressionStep Step, SuppressionOrigin Origin, Verdict? Verdict,
        SmtpReply Reply, string? Source, string? Site);

    private static IEnumerable<End> EndsOf(ILedgerEvent e) => e switch
    {
        AttemptsConcluded c => c.Conclusions.Select(x => new End(
            c.At, x.Attempt.Id.Message, SuppressionPolicy.Of(x.Status, x.Attempt.Judged.Verdict),
            SuppressionOrigin.HardBounce, x.Attempt.Judged.Verdict,
            x.Attempt.Reply, x.Attempt.Source, x.Attempt.Site)),
        MessagesAmended a => a.Amendments.Select(x => new End(
            a.At, x.Message, SuppressionPolicy.Of(x), OriginOf(x.Kind), x.Verdict, x.Reply, x.Source, x.Site)),
        _ => [],
    };

    private static SuppressionOrigin OriginOf(AmendmentKind kind) => kind switch
    {
        AmendmentKind.LateBounce => SuppressionOrigin.HardBounce,
        AmendmentKind.Complaint => SuppressionOrigin.Complaint,
        AmendmentKind.OptOut => SuppressionOrigin.Unsubscribe,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>
    /// For the whole tenant: an address that is not there is not there for any stream, and who cries abuse wants none
    /// of it. An opt-out is of the stream.
    /// </summary>
    private static NewSuppression Entry(End end, ReadRecipient r, string? address) => new(
        SuppressionKey.Of(end.Origin == SuppressionOrigin.Unsubscribe ? SuppressionScope.Stream : SuppressionScope.Tenant,
            r.Tenant, r.Stream, r.Address),
        address, end.Origin,
        new(end.Message.ToString(), end.Verdict?.Reason.ToWord(), end.Verdict?.Rule, end.Verdict?.Version, end.Source,
            end.Site, end.Reply is { Code: 0, Text: "" } ? null : end.Reply.Line),
        null, Engine, end.At, null);

    private async Task<string?> AddressOf(MessageId id, long envelope, CancellationToken cancel) =>
        (await content.ReadEnvelopes([envelope], cancel)).GetValueOrDefault(envelope)?.Find(id.Index).Recipient.EnvelopeAddress;
}
