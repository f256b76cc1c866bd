using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>When a submission starts and when it is given up.</summary>
internal static class Times
{
    /// <summary>A <c>send_at</c> that is not ahead (a clock a little slow) is null: at once.</summary>
    public static (DateTimeOffset? SendAt, DateTimeOffset ExpiresAt) Read(
        SendRequest request, DateTimeOffset now, SendLimits limits, FieldErrors errors)
    {
        if (request.SendAt < now - limits.SkewMax) errors.Add("send_at", "is in the past");
        if (request.SendAt > now + limits.SendAheadMax)
            errors.Add("send_at", $"is more than {limits.SendAheadMax.TotalDays:0} days ahead");
        var sendAt = request.SendAt > now ? request.SendAt : null;
        // A start that is refused must not also make the end look wrong, or overflow it.
        var start = sendAt is { } at && at <= now + limits.SendAheadMax ? at : now;
        if (request.ExpiresAt < start + limits.LifeMin)
            errors.Add("expires_at", $"must be {limits.LifeMin.TotalMinutes:0} min or more after send_at (or now)");
        if (request.ExpiresAt > start + limits.LifeMax && start == (sendAt ?? now))
            errors.Add("expires_at", $"must be {limits.LifeMax.TotalDays:0} days or less after send_at (or now)");
        return (sendAt, request.ExpiresAt ?? start + limits.Life);
    }
}
