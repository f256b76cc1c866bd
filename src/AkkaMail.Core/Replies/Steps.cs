namespace AkkaMail.Core.Replies;

/// <summary>Where in the SMTP dialogue a reply came, in the words of the MTAs that say it.</summary>
internal static class Steps
{
    private static readonly (string Words, SmtpStep Step)[] Table =
    [
        ("in reply to RCPT TO", SmtpStep.RcptTo), ("in reply to MAIL FROM", SmtpStep.MailFrom),      // Postfix
        ("in reply to end of DATA", SmtpStep.Dot), ("in reply to DATA", SmtpStep.Data),
        ("in reply to HELO", SmtpStep.Ehlo), ("in reply to EHLO", SmtpStep.Ehlo),
        ("refused to talk to me", SmtpStep.Banner), ("while performing the HELO", SmtpStep.Ehlo),
        ("while performing the EHLO", SmtpStep.Ehlo),
        ("after RCPT TO:", SmtpStep.RcptTo), ("after MAIL FROM:", SmtpStep.MailFrom),                // Exim
        ("after end of data", SmtpStep.Dot), ("after DATA", SmtpStep.Data), ("after EHLO", SmtpStep.Ehlo),
        ("after HELO", SmtpStep.Ehlo), ("after initial connection", SmtpStep.Banner),
        ("did not like our RCPT", SmtpStep.RcptTo), ("did not like our MAIL", SmtpStep.MailFrom),    // DragonFly
        ("did not like our final DATA", SmtpStep.Dot), ("did not like our DATA", SmtpStep.Data),
        ("did not like our EHLO", SmtpStep.Ehlo), ("did not like our HELO", SmtpStep.Ehlo),
        ("does not like recipient", SmtpStep.RcptTo), ("but sender was rejected", SmtpStep.MailFrom), // qmail
        ("but my name was rejected", SmtpStep.Ehlo), ("failed on DATA command", SmtpStep.Data),
        ("failed after I sent the message", SmtpStep.Dot), ("but greeting failed", SmtpStep.Banner),
        ("[RCPT_TO]", SmtpStep.RcptTo), ("[MAIL_FROM]", SmtpStep.MailFrom), ("[DATA]", SmtpStep.Data),
        (">>> RCPT", SmtpStep.RcptTo), (">>> MAIL", SmtpStep.MailFrom), (">>> DATA", SmtpStep.Data), // Sendmail
        (">>> EHLO", SmtpStep.Ehlo), (">>> HELO", SmtpStep.Ehlo),
        ("SMTP:RCPT", SmtpStep.RcptTo), ("SMTP:MAIL", SmtpStep.MailFrom), ("SMTP:DATA", SmtpStep.Data),
        ("RCPT TO", SmtpStep.RcptTo),
    ];

    public static SmtpStep Of(ReadOnlySpan<char> text)
    {
        foreach (var (words, step) in Table)
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase)) return step;
        return SmtpStep.None;
    }
}
