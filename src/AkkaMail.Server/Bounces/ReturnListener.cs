using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Core.Bounces.Returned;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Composition;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Storage.Bounces;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Bounces;

/// <summary>
/// Takes mail for return paths, feedback loops, reports and postmaster: stored, synced, then 250. Whoever brings it keeps
/// what we cannot store.
/// </summary>
internal sealed class ReturnListener(
    IOptions<SmtpOptions> smtp, IOptions<DomainsOptions> domains, DomainFacts facts, DomainSecrets secrets,
    AccountsView accounts, ReturnedStore store, ReturnMetrics metrics, TimeProvider time) : IHostedService
{
    private static readonly ReceiverReply
        NoSuchAddress = new(550, "5.1.1 No such address"),
        NoRelay = new(550, "5.7.1 We take no mail for this domain"),
        NotReady = new(451, "4.3.0 Not ready yet: try again in a moment"),
        Full = new(452, "4.3.1 Too much is waiting here: try again later"),
        NotStored = new(451, "4.3.0 It could not be stored: try again later");

    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (smtp.Value.EndPoint is not { } point) return;
        var name = smtp.Value.HostName ?? facts.EhloName;
        var receiver = new SmtpReceiver(new()
        {
            HostName = name,
            Certificate = Certificate(name),
            SizeMax = smtp.Value.SizeBytesMax,
            ConnectionsMax = smtp.Value.Connections,
            RecipientsMax = 100,   // RFC 5321 §4.5.3.1.8; a report has one.
        }, TakeRecipient, TakeMail, time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        // A server of its own: addresses in code would take the place of --urls.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(point, listen => listen.Run(receiver.OnConnectedAsync)));
        _server = builder.Build();
        try { await _server.StartAsync(cancellationToken); }
        catch (IOException e) { throw new StartException($"AkkaMail:Smtp:Listen {point}: {e.Message}"); }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return;
        await _server.StopAsync(cancellationToken);
        await _server.DisposeAsync();
        _server = null;
    }

    private ReturnAddresses? Addresses => accounts.Current is not { } now ? null : new(
        domain => IsOurs(domain, now.Domains), domains.Value.DmarcReports, domains.Value.TlsReports, secrets.TokenKey);

    private bool IsOurs(string domain, Core.Domains.DomainRegister register) =>
        register.OfReturnPath(domain) is not null
        || Same(domain, smtp.Value.ReturnPathHost) || Same(domain, smtp.Value.HostName ?? facts.EhloName);

    private static bool Same(string domain, string? host) => domain.Equals(host, StringComparison.OrdinalIgnoreCase);

    private ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient)
    {
        if (Addresses is not { } ours) return new(NotReady);
        if (ours.Read(recipient, out var address) is not { } refusal)
            return new(store.HasRoom(address.Door) ? ReceiverReply.Ok : Full);
        metrics.Refused(refusal);
        return new(refusal == ReturnRefusal.ForeignDomain ? NoRelay : NoSuchAddress);
    }

    private async ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail)
    {
        if (Addresses is not { } ours) return NotReady;
        var now = time.GetUtcNow();
        var remote = session.Remote is IPEndPoint ip ? ip.Address.ToString() : "";
        var mails = new List<NewReturnedMail>(mail.Recipients.Length);
        foreach (var recipient in mail.Recipients.Distinct(StringComparer.OrdinalIgnoreCase))
            if (ours.Read(recipient, out var address) is null)
                mails.Add(new(now, address.Door, recipient, mail.MailFrom, session.ClientName, remote, address.Message,
                    address.Loop, mail.Bytes));
        if (mails.Count == 0) return NoSuchAddress;   // A domain was removed since RCPT.
        try
        {
            var ids = await store.Add(mails, CancellationToken.None);
            foreach (var taken in mails) metrics.Taken(taken.Door);
            return new(250, $"2.0.0 Kept as {ids[0]}");
        }
        catch (ReturnedException) { return NotStored; }
    }

    private X509Certificate2 Certificate(string name)
    {
        if (smtp.Value is { Certificate: { } file, CertificateKey: { } key })
        {
            try { return X509Certificate2.CreateFromPemFile(file, key); }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new StartException($"AkkaMail:Smtp:Certificate {file}: {e.Message}");
            }
        }
        // RFC 3207: encryption without proof of who we are keeps out who only listens.
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", made, HashAlgorithmName.SHA256);
        var from = time.GetUtcNow();
        return request.CreateSelfSigned(from.AddDays(-1), from.AddYears(10));
    }
}
