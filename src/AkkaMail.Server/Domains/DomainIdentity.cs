using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Seals;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Domains;

/// <summary>
/// Whose a mail is, by this node's copy of the domains: the nearest domain at or above its From signs it, when it is
/// its tenant's.
/// </summary>
internal sealed class DomainIdentity(
    AccountsView accounts, SigningKeys keys, DomainSecrets secrets, string? publicUrl, SmtpOptions smtp)
{
    public OutgoingIdentity ToIdentity() => new()
    {
        SignFor = SignFor,
        ReturnPath = ReturnPath,
        ReturnPathAt = ReturnPathAt,
        Unsubscribe = (message, at) => new(new($"{at}/u/{UnsubscribeToken.Of(message, secrets.TokenKey)}")),
        Feedback = message => FeedbackToken.Of(message, secrets.TokenKey),
    };

    /// <summary>What is put into the mails of a submission that is accepted now.</summary>
    public Dressing Dress(string tenant, string stream, string from, DateTimeOffset acceptedAt) =>
        new(UnsubscribeAt(tenant, stream), FeedbackTo(tenant, from, acceptedAt),
            SignerOf(tenant, from, acceptedAt) is null ? null : FeedbackId.Of(stream, tenant));

    private ImmutableArray<SigningKey> SignFor(MessageFacts message, string from) =>
        SignerOf(message, from) is { } domain ? keys.Of(domain.Domain, message.AcceptedAt) : [];

    /// <summary>
    /// Bounces come back under a name that has been seen to lead here; before, under the installation's if it has one,
    /// else to the From address.
    /// </summary>
    private string? ReturnPath(MessageFacts message, string from) =>
        (ReturnPathHostOf(message, from) ?? smtp.ReturnPathHost) is { } host
            ? VerpAddress.Of(message.Id, host, secrets.TokenKey) : null;

    /// <summary>
    /// Whoever's domain the host belongs to: what is passed on came to it, and so will what comes back; for mail that a
    /// tenant hands on it is the tenant's. The installation's own where a host takes no bounces, or has not been seen
    /// to lead here.
    /// </summary>
    private string? ReturnPathAt(MessageFacts message, string host)
    {
        var domain = (accounts.Current ?? throw new SigningKeyException("The domains have not been read yet."))
            .Domains.OfReturnPath(host);
        var path = domain is { Standing: not DomainStanding.Unverified } ? host
            : ReturnPathHostOf(message, host) ?? smtp.ReturnPathHost;
        return path is null ? null : VerpAddress.Of(message.Id, path, secrets.TokenKey);
    }

    /// <summary>Only of a domain of the sender's own: RFC 9477 §3.1 wants it at or below the From domain.</summary>
    private string? FeedbackTo(string tenant, string from, DateTimeOffset acceptedAt) =>
        smtp.IsListening && ReturnPathHostOf(tenant, from, acceptedAt) is { } host
            ? $"{ReturnAddresses.Feedback}@{host}" : null;

    private string? ReturnPathHostOf(MessageFacts message, string from) =>
        ReturnPathHostOf(message.Tenant, from, message.AcceptedAt);

    private string? ReturnPathHostOf(string tenant, string from, DateTimeOffset acceptedAt) =>
        SignerOf(tenant, from, acceptedAt) is { Standing: not DomainStanding.Unverified } domain
            ? domain.Domain.ReturnPathHost : null;

    /// <summary>RFC 8058 §3.1: https only.</summary>
    public static bool HasLinks(string? publicUrl) =>
        publicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// On the streams that have it on: those of kind broadcast, as long as nobody has said otherwise.
    /// </summary>
    private string? UnsubscribeAt(string tenant, string stream) =>
        HasLinks(publicUrl)
            && (accounts.Current?.StreamOf(tenant, stream)?.Unsubscribe ?? stream == Streams.Broadcast)
            ? publicUrl!.TrimEnd('/') : null;

    private RegisteredDomain? SignerOf(MessageFacts message, string from) =>
        SignerOf(message.Tenant, from, message.AcceptedAt);

    private RegisteredDomain? SignerOf(string tenant, string from, DateTimeOffset acceptedAt) =>
        (accounts.Current ?? throw new SigningKeyException("The domains have not been read yet."))
            .Domains.SignerOf(tenant, from, acceptedAt);
}
