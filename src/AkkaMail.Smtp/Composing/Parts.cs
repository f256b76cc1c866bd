using System.Text;
using AkkaMail.Core.Mail;
using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// The leaves of a mail: each safe for a 7-bit path, so nothing on the way has a reason to touch signed bytes.
/// </summary>
internal static class Parts
{
    /// <summary>RFC 5321 §4.5.3.1.6: a text line is at most 1,000 octets with its CRLF.</summary>
    private const int LineMax = 998;

    public static MimePart Text(string subtype, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(WithCrLf(text));
        var type = new ContentType("text", subtype) { Charset = "utf-8" };
        return new MimePart(type)
        {
            ContentTransferEncoding = EncodingFor(bytes),
            Content = new MimeContent(new MemoryStream(bytes, writable: false)),
        };
    }

    public static MimePart File(Attachment attachment)
    {
        var inline = attachment.ContentId is { Length: > 0 };
        var part = Encoded(TypeOf(attachment.ContentType), attachment.Octets);
        part.ContentDisposition = new(inline ? ContentDisposition.Inline : ContentDisposition.Attachment);
        var name = string.Concat(attachment.Filename.Where(c => !char.IsControl(c)));
        if (name.Length > 0) FileNames.Give(part, name);
        if (inline) part.Headers.Add(HeaderId.ContentId, $"<{attachment.ContentId}>");
        return part;
    }

    /// <summary>
    /// An invitation (RFC 6047 §2.4): programs answer it from beside the text, and not from among the files.
    /// </summary>
    public static bool IsInvitation(Attachment attachment) =>
        attachment.ContentType.StartsWith("text/calendar", StringComparison.OrdinalIgnoreCase)
            && TypeOf(attachment.ContentType) is var type && type.IsMimeType("text", "calendar")
            && type.Parameters.Contains("method");

    /// <summary><see cref="IsInvitation"/>; iCalendar is UTF-8 unless it says otherwise (RFC 5545 §3.1.4).</summary>
    public static MimePart Invitation(Attachment attachment)
    {
        var type = TypeOf(attachment.ContentType);
        if (type.Charset is null) type.Charset = "utf-8";
        return Encoded(type, attachment.Octets);
    }

    /// <summary>
    /// Text that is ASCII can be read as it goes, which filters like better than base64; its octets arrive as they are,
    /// also line ends that are none in mail. What is too large for memory is nothing to be read as it goes.
    /// </summary>
    private static MimePart Encoded(ContentType type, Octets octets)
    {
        if (octets.InMemory is not { } memory)
            return new MimePart(type)
            {
                ContentTransferEncoding = ContentEncoding.Base64,
                Content = new MimeContent(octets.Open()),
            };
        var bytes = memory.Span;
        var isText = type.IsMimeType("text", "*") && !bytes.ContainsAnyExceptInRange((byte)1, (byte)127);
        var encoding = !isText ? ContentEncoding.Base64
            : QuotedText.IsPlain(bytes) ? ContentEncoding.SevenBit : ContentEncoding.QuotedPrintable;
        // MimeKit would take a bare LF for a line end.
        var content = encoding == ContentEncoding.QuotedPrintable
            ? new MimeContent(new MemoryStream(QuotedText.Of(bytes), writable: false), encoding)
            : new MimeContent(octets.Open());
        return new MimePart(type) { ContentTransferEncoding = encoding, Content = content };
    }

    /// <summary>
    /// What <c>&lt;…&gt;</c> can hold without ending early; looser than RFC 2392, as what people write is.
    /// </summary>
    public static bool IsContentId(string id) =>
        id.Length <= 200 && id.All(c => c is > ' ' and <= '~' and not ('<' or '>' or '(' or ')' or '"' or '\\'));

    // RFC 2046 §5.2.1: message/* and multipart/* must not be base64. As bytes they arrive whole.
    private static ContentType TypeOf(string text) =>
        ContentType.TryParse(text, out var type) && type.MediaType.ToLowerInvariant() is not ("message" or "multipart")
            ? type : new ContentType("application", "octet-stream");

    /// <summary>
    /// A bare CR or LF is no line end on the wire (RFC 5321 §2.3.8) and would be refused as smuggling.
    /// </summary>
    private static string WithCrLf(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal))
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return text.Replace("\n", "\r\n", StringComparison.Ordinal);
    }

    private static ContentEncoding EncodingFor(ReadOnlySpan<byte> bytes)
    {
        int special = 0, line = 0, longest = 0;
        foreach (var b in bytes)
        {
            line = b == '\n' ? 0 : line + 1;
            if (line > longest) longest = line;
            if (b is > 126 or < 32 and not ((byte)'\r' or (byte)'\n' or (byte)'\t')) special++;
        }
        if (special == 0 && longest <= LineMax) return ContentEncoding.SevenBit;
        // An octet costs 3 in quoted-printable and 4/3 in base64.
        return special > bytes.Length / 6 ? ContentEncoding.Base64 : ContentEncoding.QuotedPrintable;
    }
}
