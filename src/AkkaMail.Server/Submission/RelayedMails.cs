using System.Net;
using AkkaMail.Core.Content;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Api;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.PassingOn;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Signing;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AkkaMail.Server.Submission;

/// <summary>A mail whose From domain is not its tenant's, as it came.</summary>
internal sealed record ForeignMail(
    string Tenant, string MailFrom, string Helo, IPAddress? Client, ReadOnlyMemory<byte> Octets);

/// <summary>Either a mail to send with the envelope sender <paramref name="From"/>'s domain, or the reply that refuses it.</summary>
internal readonly record struct HandedOn(RelayedMail? Mail, ReceiverReply? Refusal);

internal sealed record RelayedMail(Mailbox From, byte[] Octets);

/// <summary>
/// Mail of other people that a tenant hands on, as lists and help desks do. Nobody sends as somebody else: its From
/// domain has to have signed it (DMARC passes by DKIM, which an envelope of the tenant's cannot do by SPF), it goes octet
/// for octet, and our seal says who gave it to us (RFC 8617).
/// </summary>
internal sealed class RelayedMails(
    InboundAuthentication authentication, AccountsView accounts, SenderRules senders, SigningKeys keys,
    OutgoingIdentity identity, DomainFacts facts, IOptions<SmtpOptions> smtp, TimeProvider time)
{
    private static readonly TimeSpan DnsTime = TimeSpan.FromSeconds(10);

    private string Host => smtp.Value.HostName ?? facts.EhloName;

    /// <param name="foreign">Why it is not the tenant's own.</param>
    public async Task<HandedOn> Make(ForeignMail mail, Problem foreign, CancellationToken cancel)
    {
        if (!smtp.Value.MayRelay(mail.Tenant)) return No(Replies.To(foreign));
        if (!Mailbox.TryCreate("", mail.MailFrom, out var sender, out _)
            || senders.Refuse(mail.Tenant, sender.AsciiDomain) is not null)
            return No(new(550, "5.7.1 MAIL FROM has to be of a verified domain of yours: its bounces come back there"));
        var now = time.GetUtcNow();
        if (identity.ReturnPathAt(new(default, mail.Tenant, Streams.Transactional, now), sender.AsciiDomain) is null)
            return No(new(451, "4.7.0 No return path of yours has been seen in DNS yet: its bounces would have no place to go"));
        if (await Evaluate(mail, cancel) is not { Dmarc.Result: not DmarcResult.TempError } verdict)
            return No(new(451, "4.7.0 DNS does not say now who wrote it: try again later"));
        if (verdict.Dmarc.Result != DmarcResult.Pass)
            return No(new(550, $"5.7.1 From is of {verdict.Dmarc.FromDomain}, which is not yours and has not signed this mail (DMARC "
                + $"{verdict.Dmarc.Result.ToString().ToLowerInvariant()})"));
        var domain = accounts.Current?.Domains.SignerOf(mail.Tenant, sender.AsciiDomain, now);
        var onward = await PassedOnMail.MakeAsync(mail.Octets,
            new(Host, $"{Guid.NewGuid():N}", "", mail.MailFrom, "", "", now),
            [Host, facts.EhloName], verdict, KeyOf(domain, now), now, cancel);
        return onward switch
        {
            GoesOn { Unsealed: null } goes => new(new(sender, goes.Octets), null),
            GoesOn goes => No(new(554, $"5.7.7 It cannot be sealed: {goes.Unsealed}")),
            StaysHere stays => No(new(554, $"5.4.6 It goes round: {stays.Why}")),
            _ => throw new InvalidOperationException($"{onward} is no way a mail can go on"),
        };
    }

    private async Task<InboundVerdict?> Evaluate(ForeignMail mail, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(DnsTime);
        try
        {
            // A copy: look-ups that nobody waits for any more still read it.
            var message = await new MimeParser(ParserOptions.Default, new MemoryStream(mail.Octets.ToArray()))
                .ParseMessageAsync(timeout.Token);
            return await authentication.EvaluateAsync(
                message, new(mail.Client ?? IPAddress.None, mail.Helo, mail.MailFrom), timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return null; }
    }

    private SigningKey? KeyOf(RegisteredDomain? domain, DateTimeOffset now) => domain is null ? null
        : keys.Of(domain.Domain, now).FirstOrDefault(k => k.Algorithm == DkimAlgorithm.RsaSha256);

    private static HandedOn No(ReceiverReply refusal) => new(null, refusal);
}
