namespace AkkaMail.Core.Replies;

/// <summary>
/// What the end of an attempt means: to the lane always (<paramref name="Class"/>), to the message where a code refused
/// it (<paramref name="Verdict"/>), with the wait that its receiver asked for in words. Made once, where the attempt
/// ends; everybody else reads it.
/// </summary>
public readonly record struct Judgement(ReplyClass Class, Verdict? Verdict, TimeSpan? RetryAfter = null)
{
    /// <summary>Nothing was asked of the receiver.</summary>
    public static readonly Judgement Own = new(ReplyClass.Own, null);
}
