using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Replies;

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
    [Word("none")] None = 0,
    [Word("dns")] Dns = 1,
    [Word("connect")] Connect = 2,
    [Word("banner")] Banner = 3,
    [Word("ehlo")] Ehlo = 4,
    [Word("starttls")] StartTls = 5,
    [Word("mail_from")] MailFrom = 6,
    [Word("rcpt_to")] RcptTo = 7,
    [Word("data")] Data = 8,
    [Word("dot")] Dot = 9,
    [Word("compose")] Compose = 10,
    [Word("auth")] Auth = 11,
}
