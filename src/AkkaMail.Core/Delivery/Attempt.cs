using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Delivery;

/// <summary>
/// How one delivery try went. <paramref name="Mx"/> is the host (<c>mx1.example[192.0.2.1]:25</c>) that answered or was
/// tried last, <paramref name="Source"/> the local address or name, <paramref name="Step"/> the SMTP step the reply
/// belongs to, <paramref name="Tls"/> the protocol version or null for plain text.
/// </summary>
public sealed record Attempt(
    AttemptId Id, string Site, SmtpReply Reply, AttemptEnd End, string? Mx, string? Source, SmtpStep Step, string? Tls,
    DateTimeOffset StartedAt, TimeSpan Duration);

/// <summary>What kind of end an attempt had; the numbers are stored.</summary>
public enum AttemptEnd : byte
{
    /// <summary>The receiver's answer (or the lack of one) decides.</summary>
    Answered = 0,

    /// <summary>
    /// Nobody knows whether the receiver took it: the node stopped, or the answer to the final dot never came.
    /// </summary>
    InDoubt = 1,

    /// <summary>
    /// We could not make the mail, or policy forbade it; no receiver is to blame, and trying again is useless.
    /// </summary>
    Unsendable = 2,

    /// <summary>The lane never took it: no connection saw this attempt.</summary>
    NotStarted = 3,

    /// <summary>A suppression list has had the address since it was accepted: nothing was sent.</summary>
    Suppressed = 4,
}

/// <summary>Where in the SMTP dialogue an attempt ended; the numbers are stored.</summary>
public enum SmtpStep : byte
{
    None = 0, Dns = 1, Connect = 2, Banner = 3, Ehlo = 4, StartTls = 5, MailFrom = 6, RcptTo = 7, Data = 8, Dot = 9,
    Compose = 10, Auth = 11,
}

/// <summary>
/// Delivers one message on its lane's way and says how it went. Every outcome is a value: it throws only when
/// cancelled.
/// </summary>
public delegate Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel);
