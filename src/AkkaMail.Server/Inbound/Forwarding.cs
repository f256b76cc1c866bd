using AkkaMail.Core.Accounts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Relaying;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Inbound;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// What became of a mail for people; <paramref name="Detail"/> says what an operator may ask about it.
/// </summary>
internal sealed record Forwarded(InboundOutcome Outcome, MessageId? Message, string? Detail)
{
    public static Forwarded Kept(string? why) => new(InboundOutcome.ForPeople, null, why);
}

/// <summary>
/// Whether a mail to postmaster and the like is passed on, and as what. It stays in the store in any case.
/// </summary>
internal sealed class Forwarding(
    IOptions<SmtpOptions> smtp, DomainFacts facts, AccountsView accounts, SigningKeys keys,
    ForwardSubmission submission, TimeProvider time)
{
    /// <summary>How often DNS is asked again who sent it: with the waits between some three hours.</summary>
    private const int VerdictTriesMax = 12;

    private string Host => smtp.Value.HostName ?? facts.EhloName;

    public async Task<Forwarded> PassOn(ExaminedMail found, CancellationToken cancel)
    {
        if (smtp.Value.ForwardMailbox is not { } to) return Forwarded.Kept(null);
        // Passed on, a forgery would have our seal under it.
        if (found.IsDisowned)
            return new(InboundOutcome.Unverified, null, "not passed on: its From domain disowns it");
        if (found.Verdict is not { Dmarc.Result: not DmarcResult.TempError, Arc: not ArcResult.TempError } verdict)
            return found.Mail.Tries >= VerdictTriesMax
                ? Forwarded.Kept("not passed on: DNS does not say who sent it")
                : throw new PutOffException("DNS does not say now who sent it");
        var known = accounts.Current ?? throw new PutOffException("the domains are not known yet");
        if (AddressOf(found.Mail) is not { } address)
            return Forwarded.Kept($"not passed on: {Host} is no domain a mail can be from");
        var domain = known.Domains.OfReturnPath(address.AsciiDomain);
        var onward = await PassedOnMail.MakeAsync(
            found.Bytes, HopOf(found.Mail, address), NamesOf(domain), verdict, KeyOf(domain), time.GetUtcNow(), cancel);
        return onward switch
        {
            GoesOn goes => await submission.Accept(found, goes, address, to, cancel),
            StaysHere stays => Forwarded.Kept($"not passed on: {stays.Why}"),
            _ => throw new InvalidOperationException($"{onward} is no way a mail can go on"),
        };
    }

    /// <summary>RFC 5321 §4.5.1: postmaster without a domain is the host's own.</summary>
    private Mailbox? AddressOf(InboundMail mail)
    {
        var recipient = mail.Envelope.Recipient;
        var text = recipient.Contains('@', StringComparison.Ordinal) ? recipient : $"{recipient}@{Host}";
        return Mailbox.TryCreate("", text, out var address, out _) ? address : null;
    }

    private Hop HopOf(InboundMail mail, Mailbox address) => new(
        Host, $"{mail.Id}", address.EnvelopeAddress, mail.Envelope.MailFrom, mail.Envelope.Helo,
        mail.Envelope.Remote, mail.At);

    private List<string> NamesOf(RegisteredDomain? domain) => [.. new[]
    {
        Host, facts.EhloName, smtp.Value.ReturnPathHost, domain?.Name,
    }.OfType<string>()];

    private SigningKey? KeyOf(RegisteredDomain? domain)
    {
        try
        {
            return domain is null ? null : keys.Of(domain.Domain, time.GetUtcNow())
                .FirstOrDefault(k => k.Algorithm == DkimAlgorithm.RsaSha256);
        }
        catch (SigningKeyException e) { throw new PutOffException(e.Message); }
    }
}
