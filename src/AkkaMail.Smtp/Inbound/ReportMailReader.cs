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
/// <param name="Problem">Why none is taken, in words for who sent it; null when there are some.</param>
public sealed record AttachedReports(ImmutableArray<AttachedReport> Reports, bool SignsPart, string? Problem);

/// <summary>
/// Finds the reports in a mail (RFC 7489 §7.2.1.1, RFC 8460 §5.3). Types are often wrong, so a fitting name does too;
/// what is inside is told later, by its bytes. Whatever the mail is, there is an answer.
/// </summary>
public static class ReportMailReader
{
    /// <summary>The largest report in base64, with its lines and headers.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>A mail brings one; some reporters gather a few.</summary>
    public const int ReportsMax = 5;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = 20 };

    private static readonly string[] Packed =
    [
        "application/gzip", "application/x-gzip", "application/zip", "application/x-zip", "application/xml", "text/xml",
        "application/x-zip-compressed", "application/json",
    ];

    private static readonly string[] Extensions = [".xml", ".xml.gz", ".zip", ".gz", ".json", ".json.gz"];

    public static AttachedReports Read(ReadOnlyMemory<byte> mail)
    {
        if (mail.Length > BytesMax) return Refused($"The mail has over {BytesMax / (1024 * 1024)} MB.");
        var kept = MailBudget.Spend(mail.Span);
        using var stream = new MemoryStream(kept.Array!, 0, kept.Count, writable: false);
        try
        {
            var message = new MimeParser(Options, stream, MimeFormat.Entity, persistent: true).ParseMessage();
            var found = new List<AttachedReport>();
            Walk(message.Body, false, found);
            return found.Count switch
            {
                0 => Refused("The mail has no report: no file of type gzip, zip, XML or JSON."),
                > ReportsMax => Refused($"The mail has over {ReportsMax} reports."),
                _ => new([.. found], message.Headers.Any(SignsPart), null),
            };
        }
        catch (FormatException) { return Refused("The mail has no report: it cannot be read as MIME."); }
    }

    private static AttachedReports Refused(string problem) => new([], false, problem);

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
        else if (entity is MimePart { Content: { } content } part && KindOf(part, isTls) is { } kind)
        {
            using var file = new MemoryStream();
            content.DecodeTo(file);   // Never more than stands in the mail, which is bounded.
            found.Add(new(kind, part.FileName ?? "", file.GetBuffer().AsMemory(0, (int)file.Length)));
        }
    }

    /// <summary>Null: it is no report.</summary>
    private static ReportKind? KindOf(MimePart part, bool isTls)
    {
        var type = part.ContentType.MimeType.ToLowerInvariant();
        if (type is "application/tlsrpt+gzip" or "application/tlsrpt+json") return ReportKind.Tls;
        var name = part.FileName ?? "";
        var isNamed = Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        if (!Packed.Contains(type) && !(type == "application/octet-stream" && isNamed)) return null;
        return isTls || type == "application/json" || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".json.gz", StringComparison.OrdinalIgnoreCase) ? ReportKind.Tls : ReportKind.Dmarc;
    }

    private static bool SignsPart(Header header) => header.Id == HeaderId.DkimSignature
        && TagList.Parse(TagList.WithoutSpace(header.Value)) is { } tags && tags["l"] is not null;
}
