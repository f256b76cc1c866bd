using System.Collections.Immutable;
using AkkaMail.Core.Inbound;
using AkkaMail.Smtp.Mime;
using MimeKit;

namespace AkkaMail.Smtp.Inbound;

/// <summary>
/// A mail's bytes as the neutral structure Core decides upon. Whatever the bytes are, there is an answer: what is no
/// MIME is a mail with no parts.
/// </summary>
public static class BounceMailReader
{
    /// <summary>Reports say what they have to say before the mail they return; the rest is not looked at.</summary>
    public const int BytesMax = 256 * 1024;

    private const int HeadersMax = 500;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = 20 };

    public static ParsedMail Read(ReadOnlyMemory<byte> bytes)
    {
        var cut = bytes[..Math.Min(bytes.Length, BytesMax)];
        var kept = MailBudget.Spend(cut.Span);
        using var stream = new MemoryStream(kept.Array!, 0, kept.Count, writable: false);
        try { return Of(new MimeParser(Options, stream, MimeFormat.Entity, persistent: true).ParseMessage(), 0); }
        catch (FormatException) { return new([], [], null); }
    }

    private static ParsedMail Of(MimeMessage message, int depth)
    {
        var parts = ImmutableArray.CreateBuilder<ReportPart>();
        ParsedMail? returned = null;
        Walk(message.Body, parts, ref returned, depth);
        return new(Fields(message.Headers), parts.ToImmutable(), returned);
    }

    private static void Walk(
        MimeEntity? entity, ImmutableArray<ReportPart>.Builder parts, ref ParsedMail? returned, int depth)
    {
        switch (entity)
        {
            case null: break;
            case Multipart multipart:
                if (multipart.Count == 0 && multipart.Preamble is { } preamble) Add("text/plain", Cut(preamble), parts);
                foreach (var child in multipart) Walk(child, parts, ref returned, depth);
                break;
            case MessagePart { Message: { } message } when returned is null && depth < ParsedMail.DepthMax:
                returned = Of(message, depth + 1);
                break;
            case MimePart part when IsRead(part.ContentType): Add(Type(part.ContentType), Text(part), parts); break;
            default: break;
        }
    }

    private static void Add(string type, string text, ImmutableArray<ReportPart>.Builder parts)
    {
        if (parts.Count < ParsedMail.PartsMax) parts.Add(new(type, text));
    }

    private static bool IsRead(ContentType type) => type.IsMimeType("text", "*")
        || type.IsMimeType("message", "delivery-status") || type.IsMimeType("message", "global-delivery-status")
        || type.IsMimeType("message", "feedback-report");

    private static string Type(ContentType type) => type.MimeType.ToLowerInvariant();

    private static string Text(MimePart part)
    {
        if (part.Content is null) return "";
        using var decoded = part.Content.Open();
        var buffer = new byte[ParsedMail.TextMax];
        var length = decoded.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Charsets.Decode(buffer.AsSpan(0, length), part.ContentType.Charset);
    }

    private static ImmutableArray<MailField> Fields(HeaderList headers) =>
        [.. headers.Take(HeadersMax).Select(header => new MailField(header.Field, Cut(header.Value ?? "")))];

    private static string Cut(string text) => text.Length <= ParsedMail.TextMax ? text : text[..ParsedMail.TextMax];
}
