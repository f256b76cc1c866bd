using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Storage.Inbound;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Inbound;

/// <summary>
/// Takes mail for return paths, feedback loops, reports and postmaster: stored, synced, then 250. Whoever brings it
/// keeps what we cannot store.
/// </summary>
internal sealed class InboundReceiver(
    IOptions<SmtpOptions> smtp, IOptions<DomainsOptions> domains, DomainFacts facts, DomainSecrets secrets,
    AccountsView accounts, InboundStore store, ReturnMetrics metrics, TimeProvider time)
{
    private static readonly ReceiverReply
        NoSuchAddress = new(550, "5.1.1 No such address"),
        NoRelay = new(550, "5.7.1 We take no mail for this domain; to send, prove who you are (AUTH)"),
        NotReady = new(451, "4.3.0 Not ready yet: try again in a moment"),
        Full = new(452, "4.3.1 Too much is waiting here: try again later"),
        NotStored = new(451, "4.3.0 It could not be stored: try again later");

    private ReturnAddresses? Addresses => accounts.Current is not { } now ? null : new(
        domain => IsOurs(domain, now.Domains), domains.Value.DmarcReports, domains.Value.TlsReports, secrets.TokenKey);

    private bool IsOurs(string domain, Core.Domains.DomainRegister register) =>
        register.OfReturnPath(domain) is not null
        || Same(domain, smtp.Value.ReturnPathHost) || Same(domain, smtp.Value.HostName ?? facts.EhloName);

    private static bool Same(string domain, string? host) => domain.Equals(host, StringComparison.OrdinalIgnoreCase);

    public ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient)
    {
        if (Addresses is not { } ours) return new(NotReady);
        if (ours.Read(recipient, out var address) is not { } refusal)
            return new(store.HasRoom(address.Door) ? ReceiverReply.Ok : Full);
        metrics.Refused(refusal);
        return new(refusal == ReturnRefusal.ForeignDomain ? NoRelay : NoSuchAddress);
    }

    public async ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail)
    {
        if (Addresses is not { } ours) return NotReady;
        var now = time.GetUtcNow();
        var remote = session.Remote is IPEndPoint ip ? ip.Address.ToString() : "";
        var mails = new List<NewInboundMail>(mail.Recipients.Length);
        foreach (var recipient in mail.Recipients.Distinct(StringComparer.OrdinalIgnoreCase))
            if (ours.Read(recipient, out var address) is null)
                mails.Add(new(now, address.Door, new(recipient, mail.MailFrom, session.ClientName, remote),
                    address.Message, address.Loop, mail.Bytes));
        if (mails.Count == 0) return NoSuchAddress;   // A domain was removed since RCPT.
        try
        {
            var ids = await store.Add(mails, CancellationToken.None);
            foreach (var taken in mails) metrics.Taken(taken.Door);
            return new(250, $"2.0.0 Kept as {ids[0]}");
        }
        catch (StoreException) { return NotStored; }
    }
}
