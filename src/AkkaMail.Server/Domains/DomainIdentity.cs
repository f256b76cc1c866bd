using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Tenants;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Domains;

/// <summary>
/// Whose a mail is, by this node's copy of the domains: the nearest domain at or above its From signs it, when it is
/// its tenant's.
/// </summary>
internal sealed class DomainIdentity(AccountsView accounts, SigningKeys keys, DomainSecrets secrets, string? publicUrl)
{
    public OutgoingIdentity ToIdentity() => new()
    {
        SignFor = SignFor,
        FeedbackId = (m, from) => SignerOf(m, from) is null ? null : FeedbackId.Of(m.Stream, m.Tenant),
        ReturnPath = ReturnPath,
        Unsubscribe = Unsubscribe,
    };

    private ImmutableArray<SigningKey> SignFor(MessageFacts message, string from) =>
        SignerOf(message, from) is { } domain ? keys.Of(domain.Domain, message.AcceptedAt) : [];

    /// <summary>Bounces come back under a name that has been seen to lead here; before, to the From address.</summary>
    private string? ReturnPath(MessageFacts message, string from) =>
        SignerOf(message, from) is { Standing: not DomainStanding.Unverified } domain
            ? VerpAddress.Of(message.Id, domain.Domain.ReturnPathHost, secrets.TokenKey) : null;

    /// <summary>RFC 8058 §3.1: https only.</summary>
    public static bool HasLinks(string? publicUrl) =>
        publicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>On the streams that have it on: those of kind broadcast, as long as nobody has said otherwise.</summary>
    private UnsubscribeLink? Unsubscribe(MessageFacts message) =>
        HasLinks(publicUrl) && (accounts.Current?.StreamOf(message.Tenant, message.Stream)?.Unsubscribe
            ?? message.Stream == Streams.Broadcast)
            ? new(new($"{publicUrl!.TrimEnd('/')}/u/{UnsubscribeToken.Of(message.Id, secrets.TokenKey)}")) : null;

    private RegisteredDomain? SignerOf(MessageFacts message, string from) =>
        (accounts.Current ?? throw new SigningKeyException("The domains have not been read yet."))
            .Domains.SignerOf(message.Tenant, from, message.AcceptedAt);
}
