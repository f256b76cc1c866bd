using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Messages;

/// <summary>When a submission starts and when it is given up.</summary>
internal static class Times
{
    /// <summary>A start that is not ahead (a clock a little slow) is null: at once.</summary>
    /// <param name="sendAt">What it is called there, and what it is.</param>
    /// <param name="expiresAt">As <paramref name="sendAt"/>.</param>
    public static (DateTimeOffset? SendAt, DateTimeOffset ExpiresAt) Read(
        (string Field, DateTimeOffset? At) sendAt, (string Field, DateTimeOffset? At) expiresAt, DateTimeOffset now,
        SendLimits limits, FieldErrors errors)
    {
        if (sendAt.At < now - limits.SkewMax) errors.Add(sendAt.Field, "is in the past");
        if (sendAt.At > now + limits.SendAheadMax)
            errors.Add(sendAt.Field, $"is more than {limits.SendAheadMax.TotalDays:0} days ahead");
        var ahead = sendAt.At > now ? sendAt.At : null;
        // A start that is refused must not also make the end look wrong, or overflow it.
        var start = ahead is { } at && at <= now + limits.SendAheadMax ? at : now;
        if (expiresAt.At < start + limits.LifeMin)
            errors.Add(expiresAt.Field,
                $"must be {limits.LifeMin.TotalMinutes:0} min or more after {sendAt.Field} (or now)");
        if (expiresAt.At > start + limits.LifeMax && start == (ahead ?? now))
            errors.Add(expiresAt.Field,
                $"must be {limits.LifeMax.TotalDays:0} days or less after {sendAt.Field} (or now)");
        return (ahead, expiresAt.At ?? start + limits.Life);
    }
}
