using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Server.Data;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Receiving;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.SmtpIn;

/// <summary>
/// SMTP inwards. Who has proved to be a client hands in mail to be sent; everybody else brings what is for us.
/// </summary>
internal sealed class SmtpListener(
    IOptions<SmtpOptions> smtp, DomainFacts facts, InboundReceiver returns, SmtpSubmission submissions,
    ReceiverMetrics metrics, MailMemory memory, OpenFiles files, DataDirectory data,
    IOptions<AkkaMailOptions> options, TimeProvider time) : IHostedService
{
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!smtp.Value.IsListening) return;
        var name = smtp.Value.HostName ?? facts.EhloName;
        var certificates = Certificates(name);
        var receiver = new SmtpReceiver(new()
        {
            HostName = name,
            Certificate = certificates[0],
            Chain = [.. certificates.Skip(1)],
            Authenticate = submissions.LogIn,
            SizeMax = smtp.Value.SizeBytesMax,
            ClientSizeMax = (int)options.Value.BodyBytesMax,
            Spool = data.TemporaryStream,
            ConnectionsMax = files.Inward(smtp.Value.Connections),
            ConnectionsPerClientMax = smtp.Value.ConnectionsPerClient,
            ClientRecipientsMax = Messages.SendLimits.Default.RecipientsMax,
        }, TakeRecipient, TakeMail, time, memory);
        metrics.Of(receiver);
        var builder = WebApplication.CreateEmptyBuilder(new());
        // A server of its own: addresses in code would take the place of --urls.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var point in smtp.Value.EndPoints)
                kestrel.Listen(point, listen => listen.Run(receiver.OnConnectedAsync));
            foreach (var point in smtp.Value.TlsEndPoints)
                kestrel.Listen(point, listen => listen.Run(receiver.OnTlsConnectedAsync));
        });
        BoundedTransport.AddTo(builder.Services, _ => files.Inward(smtp.Value.Connections));
        _server = builder.Build();
        try { await _server.StartAsync(cancellationToken); }
        catch (IOException e)
        {
            throw new StartException($"AkkaMail:Smtp:Listen {smtp.Value.Listen} {smtp.Value.ListenTls}: {e.Message}");
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is null) return;
        await _server.StopAsync(cancellationToken);
        await _server.DisposeAsync();
        _server = null;
    }

    private ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient) =>
        session.Client is null ? returns.TakeRecipient(session, mailFrom, recipient)
            : SmtpSubmission.TakeRecipient(recipient);

    private ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail) =>
        session.Client is SubmissionClient client ? submissions.TakeMail(session, client, mail)
            : returns.TakeMail(session, mail);

    /// <summary>The certificate, and behind it what leads to its root.</summary>
    private X509Certificate2Collection Certificates(string name)
    {
        if (smtp.Value is { Certificate: { } file, CertificateKey: { } key })
        {
            try
            {
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(file);
                // The file begins with it (RFC 8446 §4.4.2), and it is the one with the key.
                chain[0] = X509Certificate2.CreateFromPemFile(file, key);
                return chain;
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException
                or ArgumentException)
            {
                throw new StartException($"AkkaMail:Smtp:Certificate {file}: {e.Message}");
            }
        }
        // RFC 3207: encryption without proof of who we are keeps out who only listens.
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", made, HashAlgorithmName.SHA256);
        var from = time.GetUtcNow();
        return [request.CreateSelfSigned(from.AddDays(-1), from.AddYears(10))];
    }
}
