using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Engagement;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Messages;

/// <summary>
/// Whose mail goes first, taken down with what is accepted: who showed life of late, in streams that go by that. It is
/// an order and no condition: what cannot be looked up is accepted all the same, and goes with the others.
/// </summary>
internal sealed class EngagedRecipients(
    AccountsView accounts, EngagementStore store, EngagementMisses misses, IOptions<EngagementOptions> options,
    TimeProvider time)
{
    /// <summary>For each of <paramref name="sends"/> its recipients, with the day that lets one go first.</summary>
    public async Task<ImmutableArray<AcceptedRecipient>[]> Mark(
        string tenant, ImmutableArray<ValidSend> sends, ImmutableArray<AcceptedRecipient>[] recipients,
        CancellationToken cancel)
    {
        if (!sends.Any(s => GoesByLife(tenant, s.Stream))) return recipients;
        if (await Last(tenant, sends, recipients, cancel) is not { Count: > 0 } last) return recipients;
        var since = time.GetUtcNow() - options.Value.Recent;
        return [.. recipients.Select((some, i) => GoesByLife(tenant, sends[i].Stream)
            ? [.. some.Select(r => last.TryGetValue(r.Address, out var at) && at >= since
                ? r with { Engaged = DateOnly.FromDateTime(at.UtcDateTime) } : r)] : some)];
    }

    private bool GoesByLife(string tenant, string stream) =>
        accounts.Current?.StreamOf(tenant, stream) is { EngagedFirst: true };

    private async Task<Dictionary<Hash128, DateTimeOffset>?> Last(
        string tenant, ImmutableArray<ValidSend> sends, ImmutableArray<AcceptedRecipient>[] recipients,
        CancellationToken cancel)
    {
        var asked = recipients.Where((_, i) => GoesByLife(tenant, sends[i].Stream))
            .SelectMany(some => some.Select(r => r.Address));
        try
        {
            if (!await store.Knows(tenant, cancel)) return null;
            var found = new Dictionary<Hash128, DateTimeOffset>();
            foreach (var some in asked.Distinct().Chunk(EngagementStore.LookUpMax))
                foreach (var (address, at) in await store.Last(tenant, some, cancel)) found.Add(address, at);
            return found;
        }
        catch (StoreException e)
        {
            misses.Missed(tenant, asked.Count(), e);
            return null;
        }
    }
}
