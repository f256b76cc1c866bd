using System.Collections.Immutable;

namespace AkkaMail.Core.Content;

/// <summary>What all messages of a submission share; stored once, found by its hash.</summary>
public sealed record MailContent(string Subject, string? Text, string? Html, ImmutableArray<Attachment> Attachments);

/// <summary>
/// A file of a mail. With a <paramref name="ContentId"/> it is shown inline (<c>cid:</c> in the HTML).
/// </summary>
public sealed record Attachment(string Filename, string ContentType, string? ContentId, byte[] Bytes);
