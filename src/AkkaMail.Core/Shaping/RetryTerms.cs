namespace AkkaMail.Core.Shaping;

/// <summary>What a rule says of retries; what it leaves out (null) is as the operator's settings have it.</summary>
public sealed record RetryTerms(TimeSpan? FirstDelay, TimeSpan? MaxDelay, double? Jitter)
{
    /// <summary>A first wait that is longer than <paramref name="usual"/>'s longest is the longest.</summary>
    public RetrySchedule Over(RetrySchedule usual)
    {
        var first = FirstDelay ?? usual.FirstDelay;
        var max = MaxDelay ?? usual.MaxDelay;
        return MaxDelay is null ? new(first, first > max ? first : max, Jitter ?? usual.Jitter)
            : new(first < max ? first : max, max, Jitter ?? usual.Jitter);
    }
}
