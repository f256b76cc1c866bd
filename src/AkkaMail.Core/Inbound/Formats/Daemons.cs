namespace AkkaMail.Core.Inbound.Formats;

/// <summary>Whether a mail server wrote it, not a person.</summary>
internal static class Daemons
{
    private static readonly string[] Locals =
    [
        "mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "maildaemon", "mdaemon", "mailer", "mmdf",
        "mail-deamon", "mailsweeper", "bounce", "bounces", "mta", "no-reply-bounce", "daemon",
    ];

    private static readonly string[] Names =
    [
        "mail delivery", "mailer-daemon", "mailer daemon", "delivery subsystem", "system administrator", "postmaster",
        "mail administrator", "mail system", "mail-daemon", "microsoft outlook", "delivery service", "mail router",
    ];

    private static readonly string[] Subjects =
    [
        "undeliver", "undeliverable", "returned mail", "delivery fail", "delivery status", "delivery notification",
        "failure notice", "mail delivery", "mail system error", "delivery failure", "nondeliverable", "non-deliver",
        "failed mail", "delivery error", "warning: could not send", "warning: message", "delayed mail",
        "mail status report", "message delayed", "could not be delivered", "couldn't be delivered", "not delivered",
        "unable to deliver", "message delivery", "returned to sender", "returned message", "postmaster notify",
        "delivery problem", "bounced", "delivery report", "mail failure", "failure delivery", "delivery has failed",
        "message status - undeliverable", "error sending", "unzustellbar", "nicht zugestellt", "non remis",
        "non recapitabile", "no entregado", "não entregue", "не доставлено", "недостав", "退信", "配信不能", "送信エラー",
        "notification d'état", "rückläufer", "非配信", "mail could not be", "are not member", "mail error", "smtp error",
        "failed to deliver", "mail transaction failed", "delivery unsuccessful", "unsuccessful mail delivery",
        "message undeliverable", "message you sent", "permanent delivery",
    ];

    public static bool Sent(ParsedMail mail) => HasSender(mail) || HasSubject(mail);

    public static bool HasSender(ParsedMail mail)
    {
        var from = mail.Header("From");
        var address = Addresses.First(from) ?? from.Trim('<', '>', ' ');
        var at = address.IndexOf('@', StringComparison.Ordinal);
        var local = (at < 0 ? address : address[..at]).Replace("_", "", StringComparison.Ordinal);
        return Locals.Contains(local, StringComparer.OrdinalIgnoreCase) || Has(from, Names) || HasNullPath(mail);
    }

    /// <summary>RFC 5321 §4.5.5: reports go out with a null reverse-path, so that none answers another.</summary>
    public static bool HasNullPath(ParsedMail mail) => mail.Headers.FindAll("Return-Path")
        .Any(path => path.Trim() is "<>" || path.Contains("MAILER-DAEMON", StringComparison.OrdinalIgnoreCase));

    public static bool HasSubject(ParsedMail mail) => Has(mail.Header("Subject"), Subjects);

    private static bool Has(string text, string[] words)
    {
        foreach (var word in words)
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
