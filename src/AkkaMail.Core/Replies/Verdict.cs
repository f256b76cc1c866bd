namespace AkkaMail.Core.Replies;

/// <summary>
/// What a reply means, and who said so: <paramref name="Rule"/> of the rule set <paramref name="Version"/>. The reply
/// itself, and what is done about it, are kept elsewhere: neither changes when rules do.
/// </summary>
public sealed record Verdict(BounceReason Reason, bool IsTemporary, EnhancedCode? Status, string Rule, string Version)
{
    /// <summary>Whether words decided, not the code alone: worth more than any other text of the same report.</summary>
    internal bool IsByWords { get; init; }

    public BounceFault Fault => Reasons.Fault(Reason);
    public Permanence Permanence => Reasons.Permanence(Reason, IsTemporary);
    public ReplyClass Class => Reasons.Class(Reason, IsTemporary);
    public BounceCategory Category => Reasons.Category(Reason, IsTemporary);
}

/// <summary>
/// What is known beside the text: the MX host or MTA that said it, the step it was said at, the status a report has in
/// a field of its own, and whether it is a report at all.
/// </summary>
public readonly record struct ReplyContext(
    string? Host = null, SmtpStep Step = SmtpStep.None, EnhancedCode? Status = null, bool IsReported = false);
