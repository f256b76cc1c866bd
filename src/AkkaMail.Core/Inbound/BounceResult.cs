using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound;

/// <summary>
/// What a mail says of one recipient. <paramref name="Recipient"/> is empty when it is not told;
/// <paramref name="Verdict"/> is null unless something was refused or put off, <paramref name="FeedbackType"/> unless
/// it is feedback; <paramref name="Format"/> names what recognised it.
/// </summary>
public sealed record BounceResult(
    string Recipient, BounceKind Kind, string Reply, EnhancedCode? Status, Verdict? Verdict, string? FeedbackType,
    string Format)
{
    /// <summary>Recipients told by one mail; more are left out. RFC 5321 §4.5.3.1.8: a transaction has 100.</summary>
    public const int Max = 100;
}
