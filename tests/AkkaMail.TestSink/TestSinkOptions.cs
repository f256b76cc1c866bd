using System.Net;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.TestSink;

/// <summary>How a sink behaves beside what its recipients' names say.</summary>
public sealed record TestSinkOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    public X509Certificate2? Certificate { get; init; }

    /// <summary>How long <c>slow@</c> waits with its answer to the dot.</summary>
    public TimeSpan SlowDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without it mails are only counted, for load.</summary>
    public bool KeepsMails { get; init; } = true;

    /// <summary>Which mails count, by their first recipient.</summary>
    public Func<string, bool> Counts { get; init; } = _ => true;

    public int ConnectionsMax { get; init; } = 5_000;

    /// <summary>The client's silence after which the sink closes with 421.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Asked first at RCPT; null leaves the answer to the recipient's name.</summary>
    public Func<string, ReceiverReply?>? OnRecipient { get; init; }
}

/// <summary>A mail the sink took, with its bytes as they came, from which address and in whose name.</summary>
public sealed record SunkMail(
    string MailFrom, string[] Recipients, bool WasEncrypted, bool IsSmtpUtf8, byte[] Bytes, IPAddress Client, string Ehlo)
{
    /// <summary>By the sink's <see cref="TestSink.Clock"/>.</summary>
    public TimeSpan At { get; init; }
}
