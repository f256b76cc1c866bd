using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// The reactor <c>suppressions</c>: writes what Core says follows from a ledger's events into the lists. Its place is
/// theirs, in one transaction with each entry, so that nobody is suppressed again who has been lifted.
/// </summary>
public sealed class SuppressionReactor(Func<ReadModel> read, ContentStore content, SuppressionStore suppressions)
{
    public const string Name = "suppressions";

    public Reactor ToReactor() => new(Name, SuppressionSign.IsIn, Follow, suppressions.PlaceOf);

    private async Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        var model = read();
        var (hard, soft) = (new List<NewSuppression>(), new List<SoftFailure>());
        foreach (var (number, sign) in events.SelectMany(
            e => SuppressionSign.Of(e.Event).Select(sign => (e.SequenceNr, sign))))
        {
            var found = await model.Had(partition, number, () => model.FindRecipient(sign.Message, cancel), cancel);
            if (found is not { } r) continue;
            var entry = sign.ToEntry(r.Tenant, r.Stream, r.Address, await AddressOf(sign.Message, r.Envelope, cancel));
            if (sign.Step == SuppressionStep.Suppress) hard.Add(entry);
            else
                soft.Add(new(r.Tenant, r.Address, sign.Message, sign.At,
                    await model.LastDelivered(r.Tenant, r.Address, cancel), entry));
        }
        await suppressions.Follow(partition, events[^1].SequenceNr, hard, soft, cancel);
    }

    private async Task<string?> AddressOf(MessageId id, long envelope, CancellationToken cancel) =>
        (await content.FindRecipient(envelope, id.Index, cancel))?.EnvelopeAddress;
}
