using System.Collections.Immutable;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>
/// Complaints and failure reports: ARF (RFC 5965, RFC 6591), and Microsoft's, which is the mail itself with two fields
/// of its own on top.
/// </summary>
internal static class FeedbackReport
{
    private const string Microsoft = "X-HmXmrOriginalRecipient";
    private const string Abuse = "abuse";

    /// <summary>Those of RFC 5965 §3.5, RFC 6430, RFC 6591 and the IANA registry.</summary>
    private static readonly string[] Types =
        [Abuse, "fraud", "virus", "other", "not-spam", "auth-failure", "opt-out", "dmarc"];

    public static IEnumerable<BounceResult> Read(ParsedMail mail, BounceRules rules)
    {
        var report = mail.Parts.FirstOrDefault(part => part.Type == "message/feedback-report");
        if (report is not null)
        {
            ImmutableArray<MailField> fields = [.. MailFields.Blocks(report.Text).SelectMany(block => block)];
            return Results(mail, fields, Type(fields));
        }
        if (mail.Returned?.Headers.Find(Microsoft) is not null || mail.Headers.Find(Microsoft) is not null)
            return Results(mail, [], Abuse);
        return [];
    }

    private static string Type(ImmutableArray<MailField> fields)
    {
        var said = (fields.Find("Feedback-Type") ?? Abuse).Trim().ToLowerInvariant();
        return Types.FirstOrDefault(type => type == said) ?? "other";   // RFC 5965 §3.1: unknown ones are "other".
    }

    private static IEnumerable<BounceResult> Results(
        ParsedMail mail, ImmutableArray<MailField> fields, string type)
    {
        var text = mail.Parts.FirstOrDefault(part => part.Type == "text/plain")?.Text.Trim() ?? "";
        var reply = Lines.OneLine(text);
        List<string> recipients = [.. Recipients(mail, fields).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (recipients.Count == 0) recipients.Add("");   // Undisclosed: it is a complaint all the same.
        return recipients.Select(
            recipient => new BounceResult(recipient, BounceKind.Feedback, reply, null, null, type, "rfc5965"));
    }

    private static IEnumerable<string> Recipients(ParsedMail mail, ImmutableArray<MailField> fields)
    {
        foreach (var name in (string[])["Original-Rcpt-To", "Removal-Recipient", "Original-Recipient"])
            if (fields.FindAll(name).SelectMany(Addresses.All).ToList() is { Count: > 0 } told) return told;
        var returned = Returned(mail);
        foreach (var name in (string[])[Microsoft, "To", "X-Original-To", "Delivered-To"])
            if (returned.FindAll(name).SelectMany(Addresses.All).ToList() is { Count: > 0 } told) return told;
        return mail.Headers.FindAll(Microsoft).SelectMany(Addresses.All);
    }

    private static ImmutableArray<MailField> Returned(ParsedMail mail) =>
        mail.Returned?.Headers ?? (mail.Parts.FirstOrDefault(part => part.Type == "text/rfc822-headers") is { } part
            ? MailFields.Blocks(part.Text).FirstOrDefault([]) : []);
}
