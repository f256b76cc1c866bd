using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Messages;

/// <summary>What came back about a message; the numbers are stored.</summary>
public enum AmendmentKind : byte
{
    /// <summary>It failed behind the host that took it (RFC 3464).</summary>
    [Word("bounced_late")] LateBounce = 1,

    /// <summary>Its recipient calls it abuse (RFC 5965).</summary>
    [Word("complained")] Complaint = 2,

    /// <summary>Its recipient's provider asks to send no more of the kind (RFC 5965 §3.5: <c>opt-out</c>).</summary>
    [Word("opted_out")] OptOut = 3,
}

/// <summary>
/// What a report says of a message whose attempt has long ended: the status stays, the story goes on.
/// <paramref name="Report"/> is a hash of what it says, so that a report that comes twice is told once;
/// <paramref name="Reporter"/> is who sent it, <paramref name="Mail"/> the number of the mail it came in.
/// <paramref name="Source"/> and <paramref name="Site"/> are those of the attempt it is about.
/// <paramref name="Verdict"/> is null of what is no bounce.
/// </summary>
public sealed record Amendment(
    MessageId Message, AmendmentKind Kind, Hash128 Report, string Reporter, string? FeedbackType, SmtpReply Reply,
    Verdict? Verdict, string? Source, string? Site, long Mail)
{
    /// <summary>Whose the message is. Its ledger has forgotten it: who tells the report looks it up.</summary>
    public required SentBy SentBy { get; init; }

    /// <summary>The provider whose site <see cref="Site"/> was then; null: none.</summary>
    public string? Provider { get; init => field = WellFormed.OrNull(value); }

    public string Reporter { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Reporter);
    public string? FeedbackType { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(FeedbackType);

    /// <summary>
    /// The report names another recipient than the message's: where it was forwarded to, one of those a list leads to.
    /// </summary>
    public bool IsOfAnother { get; init; }
}
