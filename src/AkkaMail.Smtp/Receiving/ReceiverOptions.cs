using System.Security.Cryptography.X509Certificates;

namespace AkkaMail.Smtp.Receiving;

/// <summary>Limits of an SMTP server; each says what a client gets at it.</summary>
public sealed record ReceiverOptions
{
    /// <summary>The name in banner and EHLO reply.</summary>
    public required string HostName { get; init; }

    /// <summary>STARTTLS is offered when there is one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Octets of a mail. More: 552 5.3.4, at MAIL when SIZE says so, else after the dot.</summary>
    public int SizeMax { get; init; } = 25 * 1024 * 1024;

    /// <summary>Octets of a line of text with CRLF (RFC 5321 §4.5.3.1.6). More: 550 5.6.0 after the dot.</summary>
    public int LineMax { get; init; } = 1000;

    /// <summary>
    /// Octets of a command with CRLF; RFC 5321 §4.5.3.1.4 asks for 512, extensions for more. More: 500 5.5.2.
    /// </summary>
    public int CommandMax { get; init; } = 2048;

    /// <summary>
    /// Recipients of a transaction (RFC 5321 §4.5.3.1.8 asks for 100). More: 452 4.5.3, "bring the rest again".
    /// </summary>
    public int RecipientsMax { get; init; } = 1000;

    /// <summary>Commands of a session. More: 421.</summary>
    public int CommandsMax { get; init; } = 100_000;

    /// <summary>Replies of 500 to 504 or 555 in a session: who gets that many does not speak SMTP. More: 421.</summary>
    public int ErrorsMax { get; init; } = 20;

    /// <summary>Silence of the client (RFC 5321 §4.5.3.2.7: 5 minutes). After it: 421.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections at once. One more gets 421 for a banner.</summary>
    public int ConnectionsMax { get; init; } = 1000;
}
