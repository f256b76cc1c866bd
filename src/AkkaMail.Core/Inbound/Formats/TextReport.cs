using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>
/// Reports without fields for machines: qmail, Exim, Exchange, Notes, Gmail's old ones and many more. A mail counts as
/// one only when a mail server wrote it and its text says so.
/// </summary>
internal static class TextReport
{
    public static IEnumerable<BounceResult> Read(ParsedMail mail, BounceRules rules)
    {
        var failed = mail.Headers.FindAll("X-Failed-Recipients").SelectMany(Addresses.All).ToList();
        if (failed.Count == 0 && !Daemons.Sent(mail)) return [];
        var told = TextSections.Of(mail);
        if (failed.Count == 0 && !IsReport(mail, told)) return [];
        var recipients = told.Recipients.ToList();
        if (recipients.Count == 0) recipients = failed.Count > 0 ? failed : [.. Guess(mail, told)];
        return recipients.Select(recipient => Result(recipient, recipients.Count == 1, mail, told, rules));
    }

    /// <summary>Two of three must speak for it: sender and subject, the words, the recipients named.</summary>
    private static bool IsReport(ParsedMail mail, TextSections told)
    {
        var isDaemons = Daemons.HasSender(mail) && Daemons.HasSubject(mail);
        var names = told.Recipients.Any();
        return isDaemons && names || (isDaemons || names) && (ReportWords.IsFailure(told.Words) || told.HasReply);
    }

    public static bool NamesRecipients(ParsedMail mail) => TextSections.Of(mail).Recipients.Any();

    private static BounceResult Result(
        string recipient, bool isOnly, ParsedMail mail, TextSections told, BounceRules rules)
    {
        var step = told.Step != SmtpStep.None ? told.Step : isOnly ? told.NamedStep() : SmtpStep.None;
        List<string> texts = [.. told.Of(recipient, recipient, isOnly)];
        if (texts.Any(text => Steps.Of(text) != SmtpStep.None)) step = SmtpStep.None;   // They say it themselves.
        if (isOnly) texts.Add(mail.Header("Subject"));
        if (told.IsDelay) texts.Add(ReportWords.Delayed);
        var (reply, verdict) = rules.ClassifyFirst(texts, new(Step: step, IsReported: true));
        var kind = told.IsDelay ? BounceKind.Delayed : BounceKind.Bounce;
        return new(recipient, kind, reply, verdict.Status, verdict, null, "text");
    }

    /// <summary>Of the sentences, then of the mail that came back.</summary>
    private static IEnumerable<string> Guess(ParsedMail mail, TextSections told) =>
        told.Sentences().FirstOrDefault() is { } said ? [said]
        : told.ReturnedTo is { } back ? [back]
        : mail.Returned is { } returned && Addresses.First(returned.Header("To")) is { } to ? [to] : [];
}
