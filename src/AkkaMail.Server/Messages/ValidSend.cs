using System.Collections.Immutable;
using AkkaMail.Core.Mail;

namespace AkkaMail.Server.Messages;

/// <summary>A request that can be kept: every message it makes can be composed and sent or explained.</summary>
public sealed record ValidSend(
    MailContent Content, SubmissionEnvelope Envelope, string Stream, ImmutableArray<string> Tags,
    DateTimeOffset? SendAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Octets of it as they were handed in.</summary>
    public int Bytes { get; init; }
}
