using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AkkaMail.Smtp.Receiving;

/// <summary>Limits of an SMTP server; each says what a client gets at it.</summary>
public sealed record ReceiverOptions
{
    /// <summary>The bounds where nobody says otherwise.</summary>
    public static ReceiverOptions Default { get; } = new() { HostName = "localhost" };

    /// <summary>The name in banner and EHLO reply.</summary>
    public required string HostName { get; init; }

    /// <summary>STARTTLS is offered when there is one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What leads from it to a root that clients know.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    private SslStreamCertificateContext? _tls;

    internal SslStreamCertificateContext Tls =>
        _tls ??= SslStreamCertificateContext.Create(Certificate!, Chain, offline: true);

    /// <summary>
    /// AUTH PLAIN and LOGIN (RFC 4954) are offered when it is there, inside TLS and on the machine itself; elsewhere a
    /// password gets 538 5.7.11. Null: not offered.
    /// </summary>
    public Authenticate? Authenticate { get; init; }

    /// <summary>Octets of a mail. More: 552 5.3.4, at MAIL when SIZE says so, else after the dot.</summary>
    public int SizeMax { get; init; } = 10 * 1024 * 1024;

    /// <summary>Octets of a mail of a client that is known by AUTH, as EHLO tells where AUTH is offered.</summary>
    public int ClientSizeMax { get; init; } = 40 * 1024 * 1024;

    /// <summary>
    /// A file for what of a client's mail is over <see cref="SpoolFrom"/>, closed when the mail has its reply. Null: it is
    /// in memory as a whole.
    /// </summary>
    public Func<Stream>? Spool { get; init; }

    /// <summary>Octets of a client's mail that are in memory.</summary>
    public int SpoolFrom { get; init; } = 1024 * 1024;

    internal int SizeMaxOf(SmtpSession session) => session.Client is null ? SizeMax : ClientSizeMax;

    /// <summary>Octets of a line of text with CRLF (RFC 5321 §4.5.3.1.6). More: 550 5.6.0 after the dot.</summary>
    public int LineMax { get; init; } = 1000;

    /// <summary>
    /// Octets of a command with CRLF; RFC 5321 §4.5.3.1.4 asks for 512, extensions for more. More: 500 5.5.2.
    /// </summary>
    public int CommandMax { get; init; } = 2048;

    /// <summary>
    /// Recipients of a transaction (RFC 5321 §4.5.3.1.8 asks for 100). More: 452 4.5.3, "bring the rest again".
    /// </summary>
    public int RecipientsMax { get; init; } = 100;

    /// <summary>Recipients of a transaction of a client that is known by AUTH. More: 452 4.5.3.</summary>
    public int ClientRecipientsMax { get; init; } = 1000;

    /// <summary>Wrong passwords in a session. The last gets 421 4.7.0 behind its 535.</summary>
    public int FailedLoginsMax { get; init; } = 3;

    /// <summary>Commands of a session. More: 421.</summary>
    public int CommandsMax { get; init; } = 100_000;

    /// <summary>Replies of 500 to 504 or 555 in a session: who gets that many does not speak SMTP. More: 421.</summary>
    public int ErrorsMax { get; init; } = 20;

    /// <summary>
    /// Silence of a client within its DATA (RFC 5321 §4.5.3.2.5: 3 minutes, asked of clients). After it: 421 4.4.2.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// From a reply until the next command is complete, its octets fast or slow (RFC 5321 §4.5.3.2.7: 5 minutes); also
    /// for a TLS handshake. After it: 421 4.4.2.
    /// </summary>
    public TimeSpan CommandTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// From 354 to the final dot (RFC 5321 §4.5.3.2.6 gives our own answer as long). After it: 421 4.4.2, and the mail
    /// is forgotten. 10 minutes for 10 MB is 17 KB/s: who expects slower clients gives more.
    /// </summary>
    public TimeSpan DataTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A whole session; a mail that is being read then may still end. After it: 421 4.4.2 instead of the next command
    /// (RFC 5321 §3.8), and the client comes again.
    /// </summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For a client to take its last replies. After it the connection is dropped.</summary>
    public TimeSpan FarewellTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at once. One more gets 421 4.3.2 for a banner.</summary>
    public int ConnectionsMax { get; init; } = 1000;

    /// <summary>
    /// Connections at once of one client: an IPv4 address, or the /64 of an IPv6 one. One that has said QUIT is none.
    /// One more gets 421 4.7.0 for a banner. 50 is what Postfix gives its clients.
    /// </summary>
    public int ConnectionsPerClientMax { get; init; } = 50;

    /// <summary>
    /// How long a connection waits for a place before it gets its 421. A client may wait 5 minutes for the banner (RFC
    /// 5321 §4.5.3.2.1), and an Exim that forks once a mail has more of them than places for a moment.
    /// </summary>
    public TimeSpan PlaceTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Octets of memory for all mails being read, half of it for those of clients that have not said AUTH; a mail's
    /// buffer doubles as it grows. More: 452 4.3.1 after the dot.
    /// </summary>
    public long MemoryMax { get; init; } = 512L * 1024 * 1024;
}
