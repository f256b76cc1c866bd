using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Tls;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.Smtp.Sending;

/// <summary>One connection to one host, for one transaction at a time.</summary>
internal sealed class SmtpConnection : SmtpClient
{
    private readonly Socket _socket;
    private readonly OpenSockets _open;
    private long _size;
    private int _isClosed;

    /// <param name="open">Has counted it, and is told when it is closed.</param>
    public SmtpConnection(
        Socket socket, OpenSockets open, Dialogue dialogue, Target target, string mx, X509Certificate2Collection roots)
        : base(dialogue)
    {
        (_socket, _open, Dialogue, Target, Mx) = (socket, open, dialogue, target, mx);
        LocalDomain = target.Egress.EhloName;
        var local = ((IPEndPoint)socket.LocalEndPoint!).Address;
        Source = target.Egress.Shown(local)!;
        LocalAddress = target.Egress.Proxy is null ? local.ToString() : null;
        Timeout = 24 * 60 * 60 * 1000;   // The dialogue's deadline decides.
        CheckCertificateRevocation = false;
        ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            CertificateProblem = Certificates.Problem(certificate, chain, errors, roots);
            // RFC 7435 §3: some encryption beats none.
            return target.Tls == TlsPolicy.Verified ? CertificateProblem is null : certificate is not null;
        };
    }

    public Dialogue Dialogue { get; }
    public Target Target { get; }
    public string Mx { get; }
    public string Source { get; }

    /// <summary>What the receiver sees us as; null: a proxy stands between.</summary>
    public string? LocalAddress { get; }

    /// <summary>Transactions that were begun.</summary>
    public int Messages { get; private set; }
    public DateTimeOffset OpenedAt { get; set; }
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>Who we are here, after AUTH.</summary>
    public Login? Login { get; set; }

    /// <summary>Known once TLS has begun, whether or not it was in the way.</summary>
    public TlsResult? CertificateProblem { get; private set; }

    public TlsResult Tls =>
        !IsSecure ? TlsResult.StartTlsNotSupported : CertificateProblem ?? TlsResult.Successful;

    public string? TlsVersion => !IsSecure ? null : SslProtocol switch
    {
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        var other => other.ToString(),
    };

    /// <summary>
    /// Between transactions a receiver has nothing to say: what can be read now is its end, or a 421.
    /// </summary>
    public bool IsQuiet => IsConnected && !_socket.Poll(0, SelectMode.SelectRead);

    public bool OffersSmtpUtf8 => Capabilities.HasFlag(SmtpCapabilities.UTF8);

    public bool OffersEightBitMime => Capabilities.HasFlag(SmtpCapabilities.EightBitMime);

    /// <summary>Octets a mail may have here; 0 when the receiver does not say (RFC 1870 §4).</summary>
    public long SizeMax => Capabilities.HasFlag(SmtpCapabilities.Size) ? MaxSize : 0;

    public Task OpenAsync(SecureSocketOptions security, CancellationToken cancel) =>
        ConnectAsync(_socket, Target.Host, Target.Port, security, cancel);

    public Task<string> SendAsync(Mime.ComposedMail mail, CancellationToken cancel)
    {
        Messages++;
        _size = mail.Size;
        if (!mail.NeedsSmtpUtf8 && OffersSmtpUtf8 && (HasALabel(mail.MailFrom) || HasALabel(mail.RcptTo)))
            LeaveSmtpUtf8();
        // Route-less, nameless: only the address goes on the wire.
        var from = new MailboxAddress(null, mail.MailFrom);
        return SendAsync(mail.Format, mail.Message, from, [new MailboxAddress(null, mail.RcptTo)], cancel);
    }

    /// <summary>One transaction only: it has lost what it could do for others.</summary>
    public bool IsSpoiled { get; private set; }

    /// <summary>
    /// MailKit turns A-labels back into Unicode and asks for SMTPUTF8 wherever that is offered; the receiver's next hop
    /// may not offer it (RFC 6531 §3.2) and would bounce a mail that never needed it. A capability given up cannot be
    /// taken back, so the connection ends with this mail.
    /// </summary>
    private void LeaveSmtpUtf8()
    {
        Capabilities &= ~SmtpCapabilities.UTF8;
        IsSpoiled = true;
    }

    private static bool HasALabel(string address) => address.Contains("xn--", StringComparison.OrdinalIgnoreCase);

    /// <summary>The mail is in its final form, and signed as it is.</summary>
    protected override void Prepare(
        FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
    { }

    /// <summary>Known already: MailKit would write the whole mail once more to count it.</summary>
    protected override Task<long> GetSizeAsync(
        FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(_size);

    /// <summary>RFC 5321 §4.1.1.10. A receiver that does not answer within 5 s has been told politely enough.</summary>
    public async Task QuitAsync()
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await DisconnectAsync(quit: true, soon.Token);
        }
        // It is closed all the same.
        catch (Exception e) when (e is OperationCanceledException || OwnReplies.From(e) is not null) { }
        finally { Close(); }
    }

    public void Close()
    {
        Dispose();
        _socket.Dispose();
        if (Interlocked.Exchange(ref _isClosed, 1) == 0) _open.Return();
    }
}
