namespace AkkaMail.Smtp.Receiving;

/// <summary>The server's fixed replies (codes RFC 5321 §4.2.3, enhanced codes RFC 3463).</summary>
internal static class Refusals
{
    public static readonly ReceiverReply
        GoAhead = new(354, "End with <CRLF>.<CRLF>"),
        Encrypt = new(220, "2.0.0 Ready for TLS"),
        Verify = new(252, "2.1.5 Send some mail, and it will be tried"),
        Unknown = new(500, "5.5.1 Unknown command"),
        LongCommand = new(500, "5.5.2 The command is too long"),
        BareLfInCommand = new(500, "5.5.2 A bare LF: only CRLF ends a line (RFC 5321 section 2.3.8)"),
        ControlInCommand = new(500, "5.5.2 A control character in a command"),
        NotUtf8 = new(500, "5.5.2 The command is not UTF-8"),
        Syntax = new(501, "5.5.4 Cannot read the argument"),
        NoName = new(501, "5.5.4 Say your name"),
        Parameter = new(555, "5.5.4 Unknown parameter"),
        HelloFirst = new(503, "5.5.1 EHLO first"),
        Nested = new(503, "5.5.1 One MAIL at a time"),
        MailFirst = new(503, "5.5.1 MAIL first"),
        RecipientFirst = new(503, "5.5.1 No recipient was accepted"),
        TooManyRecipients = new(452, "4.5.3 Too many recipients: send these, bring the rest again"),
        TooLarge = new(552, "5.3.4 The mail is too large"),
        LongLine = new(550, "5.6.0 A line is longer than RFC 5321 section 4.5.3.1.6 allows"),
        BareLineEnd = new(550, "5.6.0 A bare CR or LF: only CRLF ends a line (RFC 5321 section 2.3.8)"),
        Nul = new(550, "5.6.0 A NUL: RFC 2045 section 2.8 allows none"),
        NoRoom = new(452, "4.3.1 Too many large mails at once: bring it again"),
        NeedsSmtpUtf8 = new(553, "5.6.7 The address needs SMTPUTF8"),
        AuthMechanism = new(504, "5.5.4 PLAIN or LOGIN"),
        AuthBase64 = new(501, "5.5.2 That is no base64, or not what belongs here"),
        AuthForAnother = new(535, "5.7.8 Nobody acts for another here"),
        AuthCancelled = new(501, "5.7.0 Cancelled"),
        AuthNow = new(503, "5.5.1 AUTH once, and between mails"),
        AuthInClear = new(538, "5.7.11 Encryption is needed for a password: STARTTLS first"),
        TooManyLogins = new(421, "4.7.0 Too many wrong passwords"),
        NotHttp = new(421, "4.7.0 This is not HTTP"),
        TooManyCommands = new(421, "4.7.0 Too many commands"),
        TooManyErrors = new(421, "4.7.0 Too many errors");
}
