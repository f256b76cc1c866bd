using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Options;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Messages;

/// <summary>
/// Whose mail goes first, taken down with what is accepted: who showed life of late, in streams that go by that. It is
/// an order and no condition: what cannot be looked up is accepted all the same, and goes with the others.
/// </summary>
internal sealed class EngagedRecipients(
    AccountsView accounts, EngagementLookUp lookUp, IOptions<EngagementOptions> options, TimeProvider time)
{
    /// <summary>For each of <paramref name="sends"/> its recipients, with the day that lets one go first.</summary>
    public async Task<ImmutableArray<AcceptedRecipient>[]> Mark(
        string tenant, ImmutableArray<ValidSend> sends, ImmutableArray<AcceptedRecipient>[] recipients,
        CancellationToken cancel)
    {
        var goByLife = sends.Select(s => GoesByLife(tenant, s.Stream)).ToList();
        var asked = recipients.Where((_, i) => goByLife[i]).SelectMany(some => some.Select(r => r.Address)).ToList();
        if (asked.Count == 0 || await lookUp.Last(tenant, asked, cancel) is not { Count: > 0 } last) return recipients;
        var since = time.GetUtcNow() - options.Value.Recent;
        return [.. recipients.Select((some, i) => goByLife[i]
            ? [.. some.Select(r => last.TryGetValue(r.Address, out var at) && at >= since
                ? r with { Engaged = DateOnly.FromDateTime(at.UtcDateTime) } : r)] : some)];
    }

    private bool GoesByLife(string tenant, string stream) =>
        accounts.Current?.StreamOf(tenant, stream) is { EngagedFirst: true };
}
