using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Suppression;

/// <summary>What the end of a message means for later mail to the same address.</summary>
public enum SuppressionStep { None, Suppress, Count }

/// <summary>
/// Who is suppressed by what receivers answer: only a recipient's own fault ever counts. A hard one does at once;
/// others after <see cref="SoftMax"/> messages that failed over at least <see cref="SoftSpan"/>, with none delivered
/// between: a mailbox may be full for a weekend. That a domain is not there, or has no mail host, counts like that too:
/// DNS may be wrong for an hour.
/// </summary>
public static class SuppressionPolicy
{
    public const int SoftMax = 3;
    public static readonly TimeSpan SoftSpan = TimeSpan.FromHours(72);

    /// <summary>A failure before this says nothing of today.</summary>
    public static readonly TimeSpan SoftKept = TimeSpan.FromDays(400);

    public static SuppressionStep Of(MessageStatus status, Verdict? verdict) =>
        status is not (MessageStatus.Bounced or MessageStatus.Expired)
            || verdict is not { Fault: BounceFault.Recipient } ? SuppressionStep.None
        // A time-out after a hard verdict was still a refusal of this address.
        : verdict.Permanence == Permanence.Hard && !IsOfDns(verdict.Reason) ? SuppressionStep.Suppress
        : SuppressionStep.Count;

    /// <summary>Whoever says it: a receiver that passes mail on looks it up as we do.</summary>
    private static bool IsOfDns(BounceReason reason) => reason is BounceReason.UnknownHost or BounceReason.NoMailHost;

    /// <summary>
    /// A late bounce is judged as an early one, but a dead member of a list does not end the list: what is said of
    /// another address counts as a soft failure. Who calls it abuse, or asks to hear no more, is heard at once.
    /// </summary>
    public static SuppressionStep Of(Amendment a) => a.Kind switch
    {
        AmendmentKind.LateBounce => Of(MessageStatus.Bounced, a.Verdict) is SuppressionStep.Suppress && a.IsOfAnother
            ? SuppressionStep.Count : Of(MessageStatus.Bounced, a.Verdict),
        AmendmentKind.Complaint or AmendmentKind.OptOut => SuppressionStep.Suppress,
        _ => throw new ArgumentOutOfRangeException(nameof(a), a.Kind, null),
    };

    public static bool IsEnough(int messages, DateTimeOffset first, DateTimeOffset last) =>
        messages >= SoftMax && last - first >= SoftSpan;
}
