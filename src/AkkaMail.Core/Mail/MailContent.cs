using System.Collections.Immutable;

namespace AkkaMail.Core.Mail;

/// <summary>What all messages of a submission share; stored once, found by its hash.</summary>
public sealed record MailContent(string Subject, string? Text, string? Html, ImmutableArray<Attachment> Attachments)
{
    /// <summary>
    /// A mail that is sent as it came, octet for octet, CRLF lines: no part of it is ours to compose.
    /// <see cref="Subject"/> is then only for people. Null: the mail is made of what stands above.
    /// </summary>
    public Octets? Raw { get; init; }

    /// <summary>
    /// <see cref="Raw"/> is the sender's own mail, handed in by SMTP, and gets our trace, labels and signatures.
    /// </summary>
    public bool IsSubmitted { get; init; }
}

/// <summary>
/// A file of a mail. With a <paramref name="ContentId"/> it is shown inline (<c>cid:</c> in the HTML).
/// </summary>
public sealed record Attachment(string Filename, string ContentType, string? ContentId, Octets Octets)
{
    public Attachment(string filename, string contentType, string? contentId, byte[] octets)
        : this(filename, contentType, contentId, Octets.Of(octets)) { }
}
