using System.Globalization;
using System.Net.Sockets;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Tls;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Every way a MailKit send can end, as a reply, and the replies that are ours. Only a cancel and a bug get past.
/// </summary>
internal static class OwnReplies
{
    /// <summary>
    /// Stands for the sender's address in a receiver's text; see <see cref="SmtpReply.RecipientMark"/>.
    /// </summary>
    private const string SenderMark = "{sender}";

    public static SmtpReply? From(Exception e) => e switch
    {
        SmtpCommandException c => SmtpReply.Parse((int)c.StatusCode, c.Message),
        ServiceNotAuthenticatedException s => SmtpReply.Parse(530, s.Message),   // RFC 4954 §6
        SmtpProtocolException { InnerException: null } p => SmtpReply.None(p.Message),
        SocketException s => SmtpReply.None(s.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "Connection refused",
            SocketError.ConnectionReset => "Connection reset",
            SocketError.AddressNotAvailable => "The source's address is not on this machine",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "No route to the host",
            _ => s.Message,
        }),
        IOException { InnerException: SocketException inner } => From(inner),
        // MailKit's own message is a page of advice.
        SslHandshakeException or System.Security.Authentication.AuthenticationException =>
            SmtpReply.None("TLS failed: " + (e.InnerException ?? e).Message),
        ProtocolException or IOException or ServiceNotConnectedException => SmtpReply.None(e.Message),
        _ => null,
    };

    public static SmtpReply TimedOut(TimeSpan after, SmtpStep step) =>
        SmtpReply.None($"Timed out after {Words(after)} in {Spoken(step)}");

    /// <summary>Why there is no TLS as the route asks for it.</summary>
    public static SmtpReply Tls(TlsResult problem, in Target target) => SmtpReply.None(problem switch
    {
        TlsResult.StartTlsNotSupported => "This route requires TLS, and the receiver has not offered STARTTLS",
        TlsResult.CertificateHostMismatch => $"TLS failed: the certificate is not for {target.Host}",
        TlsResult.CertificateExpired => "TLS failed: the certificate has expired or is not valid yet",
        TlsResult.CertificateNotTrusted => "TLS failed: the certificate is not from a trusted authority",
        _ => "TLS failed: the certificate is not valid",
    });

    /// <summary>RFC 8461 §5: not delivered, and tried again: the policy may be what is wrong.</summary>
    public static readonly SmtpReply StsHosts =
        SmtpReply.Ours("None of the domain's MX hosts is in its MTA-STS policy, which is enforced");

    public static SmtpReply StsEnforced(SmtpReply reply) =>
        SmtpReply.Ours($"{reply.Text} (the domain's MTA-STS policy is enforced)");

    public static readonly SmtpReply NoPlainAuth =
        SmtpReply.None("The smarthost has not offered TLS: the password is not sent in plain text");

    /// <summary>RFC 5321 §5.1: a host may have addresses of a family the source has not.</summary>
    public static SmtpReply OtherFamily(Egress egress, string host)
    {
        var isFour = egress.Address!.AddressFamily == AddressFamily.InterNetwork;
        var (ours, theirs) = isFour ? ("IPv4", "IPv6") : ("IPv6", "IPv4");
        return SmtpReply.None($"The source {egress.Name} has an {ours} address, the host {host} only {theirs} ones");
    }

    public static SmtpReply TooManyConnections(int max) => SmtpReply.Ours(string.Create(CultureInfo.InvariantCulture,
        $"This server has {max} connections open, which is all it may have"));

    public static SmtpReply TooManyOpenings(Route route) => SmtpReply.Ours(
        $"The lane {route.Lane} may open {route.Limits.ConnectionRate} connections: "
            + $"no turn came within {Words(ConnectionPace.WaitMax)}");

    public static readonly SmtpReply NoAnswerToDot = SmtpReply.None("The receiver gave no answer to the final dot");

    /// <summary>RFC 6531 §3.2: the address needs SMTPUTF8 and this receiver does not offer it.</summary>
    public static readonly SmtpReply NoSmtpUtf8 =
        SmtpReply.Ours(
            553, new(5, 6, 7), "The receiver does not offer SMTPUTF8, which an address or a header of this mail needs");

    /// <summary>
    /// RFC 6152 §3: converted, it would not be the mail its sender signed; sent all the same, nobody knows what
    /// arrives.
    /// </summary>
    public static readonly SmtpReply NoEightBitMime =
        SmtpReply.Ours(554, new(5, 6, 3), "The receiver does not offer 8BITMIME, which this mail needs as it is");

    /// <summary>RFC 1870 §6.1: the receiver has said that it takes no mail of this size.</summary>
    public static SmtpReply TooLarge(long size, long max) =>
        SmtpReply.Ours(552, new(5, 3, 4), string.Create(CultureInfo.InvariantCulture,
            $"The mail has {size} octets, the receiver takes {max}"));

    /// <summary>RFC 3463 §3.7: X.6.0, something with the content, and nobody but us has seen it.</summary>
    public static SmtpReply Uncomposable(string problem) =>
        SmtpReply.Ours(0, new(5, EnhancedCode.OfContent, 0), problem);

    public static readonly SmtpReply ContentGone = SmtpReply.Ours("The mail's content is gone from the store");
    public static readonly SmtpReply ContentUnreadable = SmtpReply.Ours("The mail's content cannot be read");
    public static readonly SmtpReply SigningKeyUnreadable =
        SmtpReply.Ours("A signing key of the From domain cannot be read; nothing is sent unsigned in its place");
    public static readonly SmtpReply ContentStoreFailed = SmtpReply.Ours("The content store does not answer");

    /// <summary>
    /// Takes the addresses out before the text is cut, so that a cut never leaves half of one. They are never
    /// journaled.
    /// </summary>
    public static string WithoutAddresses(string text, string sender, params ReadOnlySpan<string> recipient)
    {
        if (!text.Contains('@', StringComparison.Ordinal)) return text;
        foreach (var address in recipient)
            text = text.Replace(address, SmtpReply.RecipientMark, StringComparison.OrdinalIgnoreCase);
        return sender.Length == 0 ? text : text.Replace(sender, SenderMark, StringComparison.OrdinalIgnoreCase);
    }

    private static string Words(TimeSpan time) =>
        time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#}m")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");

    private static string Spoken(SmtpStep step) => step switch
    {
        SmtpStep.Connect => "connecting",
        SmtpStep.Banner => "waiting for the banner",
        SmtpStep.Ehlo => "EHLO",
        SmtpStep.StartTls => "STARTTLS",
        SmtpStep.Auth => "AUTH",
        SmtpStep.MailFrom => "MAIL FROM",
        SmtpStep.RcptTo => "RCPT TO",
        SmtpStep.Data => "DATA",
        SmtpStep.Dot => "waiting for the answer to the final dot",
        _ => step.ToWord(),
    };
}
