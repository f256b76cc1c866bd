using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Data;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Sending;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Suppression;

/// <summary>The suppression lists, asked by address: only here is the key that turns one into its hash.</summary>
internal sealed class Suppressions(
    SuppressionStore store, MessageGenerations read, ContentStore content, DataDirectory data, TimeProvider time)
{
    public Hash128 OfAddress(Mailbox recipient) =>
        Hash128.OfAddress(recipient.EnvelopeAddress, data.Installation.AddressKey);

    /// <summary>In A-labels. No address begins with @, so the two never meet.</summary>
    public Hash128 OfDomain(string domain) => Hash128.OfAddress($"@{domain}", data.Installation.AddressKey);

    /// <summary>For each recipient what the journal keeps of it, with the entry that covers it.</summary>
    public async ValueTask<ImmutableArray<AcceptedRecipient>> Check(
        string tenant, string stream, IReadOnlyList<Mailbox> recipients, CancellationToken cancel)
    {
        var targets = recipients.Select(r => (OfAddress(r), OfDomain(r.AsciiDomain))).ToList();
        var found = await store.Check(tenant, stream, targets, time.GetUtcNow(), cancel);
        return [.. recipients.Select((r, i) => new AcceptedRecipient(r.AsciiDomain, targets[i].Item1, found[i]?.Id))];
    }

    /// <summary>
    /// The recipient of a message wants no more mail of its stream. One the read model does not have, as while it is made
    /// anew, is a 503: who asks by one click asks again.
    /// </summary>
    public async Task Unsubscribe(MessageId message, CancellationToken cancel)
    {
        if (await read.Current.FindRecipient(message, cancel) is not { } r)
            throw new UnavailableException("The message is not known yet: try again in a moment.");
        var recipient = await content.FindRecipient(r.Envelope, message.Index, cancel);
        await store.Add([new(
            SuppressionKey.Of(SuppressionScope.Stream, r.Tenant, r.Stream, r.Address),
            recipient?.EnvelopeAddress, SuppressionOrigin.Unsubscribe,
            SuppressionCause.None with { Cause = message.ToString() }, null, "recipient", time.GetUtcNow(), null)], cancel);
    }

    /// <summary>What the widest entry that covers it came from; null when there is none.</summary>
    public async ValueTask<SuppressionOrigin?> OriginOf(
        string tenant, string stream, Mailbox recipient, CancellationToken cancel)
    {
        var found = await store.Check(
            tenant, stream, [(OfAddress(recipient), OfDomain(recipient.AsciiDomain))], time.GetUtcNow(), cancel);
        return found[0]?.What.Origin;
    }

    /// <summary>What <see cref="SendingOptions.Suppressed"/> asks before each attempt.</summary>
    public async ValueTask<string?> WhyNot(string tenant, string stream, Mailbox recipient, CancellationToken cancel)
    {
        try
        {
            var found = await store.Check(
                tenant, stream, [(OfAddress(recipient), OfDomain(recipient.AsciiDomain))], time.GetUtcNow(), cancel);
            return found[0] is { } entry
                ? $"suppression/{entry.Id}: {entry.What.Origin.ToWord()}, {entry.What.Key.Scope.ToWord()}" : null;
        }
        catch (StoreException e) { throw new StillUnknownException(e.Message, e); }
    }
}
