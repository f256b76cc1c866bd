using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AkkaMail.Core.Mail;

/// <summary>What all messages of a submission share; stored once, found by its hash.</summary>
public sealed record MailContent(string Subject, string? Text, string? Html, ImmutableArray<Attachment> Attachments)
{
    /// <summary>
    /// A mail that is sent as it came, octet for octet, CRLF lines: no part of it is ours to compose.
    /// <see cref="Subject"/> is then only for people. Null: the mail is made of what stands above.
    /// </summary>
    [JsonIgnore] public byte[]? Raw { get; init; }

    /// <summary>
    /// <see cref="Raw"/> is the sender's own mail, handed in by SMTP, and gets our trace, labels and signatures.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool IsSubmitted { get; init; }
}

/// <summary>
/// A file of a mail. With a <paramref name="ContentId"/> it is shown inline (<c>cid:</c> in the HTML).
/// </summary>
public sealed record Attachment(string Filename, string ContentType, string? ContentId, byte[] Bytes);
