using System.Diagnostics.CodeAnalysis;
using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Relaying;
using AkkaMail.Smtp.Signing;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.SmtpIn;

/// <summary>A mail whose From domain is not its tenant's, as it came.</summary>
internal sealed record ForeignMail(
    string Tenant, string MailFrom, string Helo, IPAddress? Client, ReadOnlyMemory<byte> Octets);

/// <summary>
/// Either the mail to send (<paramref name="Octets"/>) with the envelope sender's domain of <paramref name="From"/>, or
/// why not.
/// </summary>
internal sealed record HandedOn(Mailbox? From, byte[]? Octets, ReceiverReply? Refusal)
{
    public static HandedOn No(int code, string text) => new(null, null, new(code, text));
}

/// <summary>
/// Mail of other people that a tenant hands on, as lists and help desks do. Nobody sends as somebody else: its From
/// domain has to have signed all of it, it goes octet for octet, and our seal says who gave it to us (RFC 8617). SPF
/// does not help: it is about the envelope, and that is the tenant's.
/// </summary>
internal sealed class RelayedMails(
    InboundAuthentication authentication, AccountsView accounts, SenderRules senders, SigningKeys keys,
    OutgoingIdentity identity, DomainFacts facts, IOptions<SmtpOptions> smtp, TimeProvider time)
{
    private static readonly TimeSpan DnsTime = TimeSpan.FromSeconds(10);

    private string Host => smtp.Value.HostName ?? facts.EhloName;

    /// <param name="foreign">Why it is not the tenant's own.</param>
    public async Task<HandedOn> Make(ForeignMail mail, Refusal foreign, CancellationToken cancel)
    {
        if (!smtp.Value.MayRelay(mail.Tenant)) return new(null, null, SmtpAnswers.To(foreign));
        if (!Mailbox.TryCreate("", mail.MailFrom, out var sender, out _)
            || senders.Refuse(mail.Tenant, sender.AsciiDomain) is not null)
            return HandedOn.No(
                550, "5.7.1 MAIL FROM has to be of a verified domain of yours: its bounces come back there");
        var now = time.GetUtcNow();
        if (identity.ReturnPathAt(new(default, mail.Tenant, Streams.Transactional, now), sender.AsciiDomain) is null)
            return HandedOn.No(
                451, "4.7.0 No return path of yours has been seen in DNS yet: its bounces had no place to go");
        var verdict = await Evaluate(mail, cancel);
        if (verdict?.Dmarc.IsSigned is not true)
            return IsUnknown(verdict) ? HandedOn.No(451, "4.7.0 DNS does not say now who wrote it: try again later")
                : HandedOn.No(550, $"5.7.1 From is of {verdict.Dmarc.FromDomain}, which is not yours and has not signed "
                    + "this mail");
        if (verdict.Arc == ArcResult.TempError)
            return HandedOn.No(451, "4.7.0 DNS does not say now whether its ARC chain holds: try again later");
        var hop = new Hop(Host, $"{Guid.NewGuid():N}", "", mail.MailFrom, "", "", now) { By = sender.AsciiDomain };
        var onward = await PassedOnMail.MakeAsync(
            mail.Octets, hop, [Host, facts.EhloName], verdict, KeyOf(mail.Tenant, sender, now), now, cancel);
        return onward switch
        {
            // Its author's signature is on it, with a seal of ours or without.
            GoesOn goes => new(sender, goes.Octets, null),
            StaysHere stays => HandedOn.No(554, $"5.4.6 It goes round: {stays.Why}"),
            _ => throw new InvalidOperationException($"{onward} is no way a mail can go on"),
        };
    }

    private static bool IsUnknown([NotNullWhen(false)] InboundVerdict? verdict) => verdict is null
        || verdict.Dmarc.Result == DmarcResult.TempError || verdict.Dkim.Any(d => d.Result == DkimResult.TempError);

    /// <summary>Null: not within its time.</summary>
    private async Task<InboundVerdict?> Evaluate(ForeignMail mail, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(DnsTime);
        try
        {
            var arrival = new Arrival(mail.Client ?? IPAddress.None, mail.Helo, mail.MailFrom);
            return await authentication.EvaluateAsync(mail.Octets.ToArray(), arrival, timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { return null; }
    }

    private SigningKey? KeyOf(string tenant, Mailbox sender, DateTimeOffset now) =>
        accounts.Current?.Domains.SignerOf(tenant, sender.AsciiDomain, now) is not { } domain ? null
            : keys.Of(domain.Domain, now).FirstOrDefault(k => k.Algorithm == DkimAlgorithm.RsaSha256);
}
