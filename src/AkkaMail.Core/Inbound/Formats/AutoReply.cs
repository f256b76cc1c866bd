using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>Answers by programs for a person who is away (RFC 3834).</summary>
internal static class AutoReply
{
    private static readonly string[] Subjects =
    [
        "auto:", "automatic reply", "auto reply", "autoreply", "auto-reply", "auto response", "auto-response",
        "autoresponse", "autoresponder", "out of office", "out of the office", "out-of-office", "vacation", "i am away",
        "away from my mail", "away from the office", "on vacation", "on holiday", "ooo:", "automatische antwort",
        "abwesenheit", "abwesend", "réponse automatique", "absence du bureau", "message d'absence",
        "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede", "resposta automática",
        "ausência temporária", "автоответ", "автоматический ответ", "自動応答", "自動返信", "不在通知", "自动回复",
        "自動回覆", "automatisch antwoord", "afwezig", "automatiskt svar", "automaattinen vastaus", "autosvar",
    ];

    public static IEnumerable<BounceResult> Read(ParsedMail mail, BounceRules rules)
    {
        if (!Is(mail)) yield break;
        var from = Addresses.First(mail.Header("From")) ?? Addresses.First(mail.Header("Reply-To")) ?? "";
        yield return new(from, BounceKind.Vacation, mail.Header("Subject"), null, null, null, "rfc3834");
    }

    private static bool Is(ParsedMail mail)
    {
        if (mail.Header("Auto-Submitted").TrimStart().StartsWith("auto-replied", StringComparison.OrdinalIgnoreCase))
            return true;   // RFC 3834 §5.1.7; auto-generated is a report or a newsletter.
        foreach (var name in (string[])["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Mail-Autoreply"])
            if (mail.Headers.Find(name) is { } value && !value.Trim().Equals("no", StringComparison.OrdinalIgnoreCase))
                return true;
        if (mail.Header("Precedence").Trim().Replace('-', '_')
            .Equals("auto_reply", StringComparison.OrdinalIgnoreCase)) return true;
        var subject = mail.Header("Subject").TrimStart();
        // Words alone are a newsletter's too: an answer names what it answers (RFC 3834 §3.1.5), or wants none itself.
        return Subjects.Any(s => subject.StartsWith(s, StringComparison.OrdinalIgnoreCase))
            && (Daemons.HasNullPath(mail) || (mail.Headers.Find("In-Reply-To") ?? mail.Headers.Find("References")
                ?? mail.Headers.Find("X-Auto-Response-Suppress") ?? mail.Headers.Find("Auto-Submitted")) is not null);
    }
}
