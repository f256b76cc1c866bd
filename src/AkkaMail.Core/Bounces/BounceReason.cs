namespace AkkaMail.Core.Bounces;

/// <summary>Why a mail was refused or put off; what follows from each is in <see cref="Reasons"/>.</summary>
public enum BounceReason : byte
{
    /// <summary>The words say nothing we know.</summary>
    Unclear = 0,

    UnknownUser = 1,
    UnknownHost = 2,

    /// <summary>The address has moved (RFC 5321 §3.4: 551).</summary>
    Moved = 3,

    /// <summary>The domain takes no mail: no MX and no address, or a null MX (RFC 7505).</summary>
    NoMailHost = 4,

    /// <summary>There is such a mailbox, but it is disabled, suspended or frozen.</summary>
    Inactive = 5,

    MailboxFull = 6,

    /// <summary>After the address was taken: a filter or wish of the recipient's own.</summary>
    RefusedByRecipient = 7,

    /// <summary>Larger than this mailbox takes (RFC 3463: X.2.3).</summary>
    OverMailboxLimit = 8,

    /// <summary>Larger than the server takes (RFC 3463: X.3.4).</summary>
    TooLarge = 9,

    Blocked = 10,

    /// <summary>Blocked for what is known of the address or domain, not for being on a list.</summary>
    BadReputation = 11,

    NoReverseDns = 12,
    RateLimited = 13,
    TooManyConnections = 14,

    /// <summary>SPF, DKIM or DMARC did not pass, or nothing is signed.</summary>
    NotAuthenticated = 15,

    Spam = 16,
    Virus = 17,
    BadContent = 18,
    Policy = 19,
    SenderRefused = 20,
    RelayDenied = 21,

    /// <summary>Login, TLS or certificates.</summary>
    Security = 22,

    /// <summary>The mail breaks RFC 5321 or 5322.</summary>
    NotCompliant = 23,

    Expired = 24,
    Network = 25,

    /// <summary>The receiver's disk, not a mailbox.</summary>
    SystemFull = 26,

    SystemError = 27,

    /// <summary>The program that files the mail failed.</summary>
    MailerError = 28,

    /// <summary>A command was not understood or came out of turn.</summary>
    Syntax = 29,
}
