using System.Collections.Immutable;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Mime;
using MimeKit;

namespace AkkaMail.Smtp.Inbound;

/// <summary>A file of a mail that can be a report, as it was attached: still packed.</summary>
public sealed record AttachedReport(ReportKind Kind, string Name, ReadOnlyMemory<byte> File);

/// <summary>The reports a mail brings.</summary>
/// <param name="SignsPart">
/// A signature covers only the beginning of the body (l=): whoever has the mail can add a report to it.
/// </param>
/// <param name="Domain">RFC 8460 §5.3: the TLS-Report-Domain of the mail; null without one.</param>
/// <param name="Problem">Why none is taken, in words for who sent it; null when there are some.</param>
public sealed record AttachedReports(
    ImmutableArray<AttachedReport> Reports, bool SignsPart, string? Domain, string? Problem);

/// <summary>
/// Finds the reports in a mail (RFC 7489 §7.2.1.1, RFC 8460 §5.3). Types and names of attachments are often wrong, so a
/// fitting type, name or first octets do, each by itself. Whatever the mail is, there is an answer.
/// </summary>
public static class ReportMailReader
{
    /// <summary>The largest report in base64, with its lines and headers.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>A mail brings one; some reporters gather a few.</summary>
    public const int ReportsMax = 5;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = 20 };

    private static readonly string[] Extensions = [".xml", ".zip", ".gz", ".gzip", ".json"];

    public static AttachedReports Read(ReadOnlyMemory<byte> mail)
    {
        if (mail.Length > BytesMax) return Refused($"The mail has more than {BytesMax / (1024 * 1024)} MB.");
        var kept = MailBudget.Spend(mail.Span);
        using var stream = new MemoryStream(kept.Array!, 0, kept.Count, writable: false);
        try
        {
            var message = new MimeParser(Options, stream, MimeFormat.Entity, persistent: true).ParseMessage();
            var found = new List<AttachedReport>();
            Walk(message.Body, false, found);
            return found.Count switch
            {
                0 when HasMail(message.Body) => Refused("The mail has no report of its own, and the mail within it is "
                    + "not looked into: nobody vouches for who wrote that. Send the report's file itself."),
                0 => Refused("The mail has no report: nothing in it is gzip, zip, XML or JSON."),
                > ReportsMax => Refused($"The mail has more than {ReportsMax} reports."),
                _ => new([.. found], message.Headers.Any(SignsPart), message.Headers["TLS-Report-Domain"]?.Trim(), null),
            };
        }
        catch (FormatException) { return Refused("The mail has no report: it cannot be read as MIME."); }
    }

    private static AttachedReports Refused(string problem) => new([], false, null, problem);

    private static bool HasMail(MimeEntity? entity) =>
        entity is MessagePart || (entity is Multipart parts && parts.Any(HasMail));

    /// <summary>A mail within the mail is left alone: its reports are somebody else's word.</summary>
    private static void Walk(MimeEntity? entity, bool isTls, List<AttachedReport> found)
    {
        if (entity is Multipart multipart)
        {
            // RFC 8460 §5.3
            var below = isTls || "tlsrpt".Equals(
                multipart.ContentType.Parameters["report-type"], StringComparison.OrdinalIgnoreCase);
            foreach (var child in multipart)
                if (found.Count <= ReportsMax) Walk(child, below, found);
        }
        else if (entity is MimePart { Content: { } content } part)
        {
            using var file = new MemoryStream();
            content.DecodeTo(file);   // Never more than stands in the mail, which is bounded.
            var bytes = file.GetBuffer().AsMemory(0, (int)file.Length);
            if (KindOf(part, bytes.Span, isTls) is { } kind) found.Add(new(kind, part.FileName ?? "", bytes));
        }
    }

    /// <summary>Null: it is no report.</summary>
    private static ReportKind? KindOf(MimePart part, ReadOnlySpan<byte> file, bool isTls)
    {
        var type = part.ContentType.MimeType.ToLowerInvariant();
        if (type is "application/tlsrpt+gzip" or "application/tlsrpt+json") return ReportKind.Tls;
        var name = part.FileName?.TrimEnd('.', ' ') ?? "";
        var form = ReportForms.Of(file);
        var isNamed = Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        var isTyped = type.StartsWith("application/", StringComparison.Ordinal)
            && (type.Contains("zip", StringComparison.Ordinal) || type.EndsWith("json", StringComparison.Ordinal))
            || type is "application/xml" or "text/xml" or "application/json";
        // Words for people are no report, nor is HTML, which may begin as an XML does.
        if (!isNamed && !isTyped && (form == ReportForm.Other || type == "text/html")) return null;
        return isTls || form == ReportForm.Json || type.EndsWith("json", StringComparison.Ordinal)
            || name.Contains(".json", StringComparison.OrdinalIgnoreCase) ? ReportKind.Tls : ReportKind.Dmarc;
    }

    private static bool SignsPart(Header header) => header.Id == HeaderId.DkimSignature
        && TagList.Parse(TagList.WithoutSpace(header.Value)) is { } tags && tags["l"] is not null;
}
