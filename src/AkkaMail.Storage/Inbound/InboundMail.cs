using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;

namespace AkkaMail.Storage.Inbound;

/// <summary>What was said when a mail came; <paramref name="Remote"/> is the address of who brought it.</summary>
public sealed record InboundEnvelope(string Recipient, string MailFrom, string Helo, string Remote);

/// <summary>
/// A mail as it came. <paramref name="Message"/> is the one its return path names, <paramref name="Loop"/> the feedback
/// loop its address names.
/// </summary>
public sealed record NewInboundMail(
    DateTimeOffset At, ReturnDoor Door, InboundEnvelope Envelope, MessageId? Message, string? Loop,
    ReadOnlyMemory<byte> Bytes);

/// <summary>What a mail says of its message, as the rules <paramref name="Version"/> read it.</summary>
public sealed record InboundMeaning(
    BounceKind? Kind, string? FeedbackType, BounceReason? Reason, string? Rule, string? Version);

/// <summary>
/// What was found out about a mail, and what was done. <paramref name="IsVerified"/>: that <paramref name="Reporter"/>
/// sent it is more than its own word.
/// </summary>
public sealed record InboundReading(
    InboundOutcome Outcome, MessageId? Message, string? Tenant, InboundMeaning Meaning, string? Reporter,
    bool IsVerified, string? Authentication, string? Detail);

/// <summary>
/// A mail as it stands; <paramref name="Loop"/> is the feedback loop its address names, <paramref name="Size"/> are the
/// octets it came with.
/// </summary>
public sealed record InboundMail(
    long Id, DateTimeOffset At, ReturnDoor Door, InboundEnvelope Envelope, string? Loop, long Size, int Tries,
    InboundReading Reading);

/// <summary>Which mails; what is null does not narrow.</summary>
public sealed record InboundQuery
{
    public string? Tenant { get; init; }
    public InboundOutcome? Outcome { get; init; }
    public ReturnDoor? Door { get; init; }
    public BounceKind? Kind { get; init; }
    public MessageId? Message { get; init; }
    public string? Reporter { get; init; }

    /// <summary>Came at or after it, and before <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
}

/// <summary>What a feedback loop has told since a day.</summary>
public sealed record LoopFigures(
    string Reporter, long Reports, long Complaints, long OptOuts, long Unattributed, DateTimeOffset LastAt);
