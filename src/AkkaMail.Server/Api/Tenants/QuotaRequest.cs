using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>
/// Recipients a window of UTC's calendar, 1 to 1,000,000,000, at least one of the four; <c>mode</c> is <c>reject</c>
/// (unless it is given) or <c>schedule</c>.
/// </summary>
public sealed record QuotaRequest(int? Minute, int? Hour, int? Day, int? Month, string? Mode)
{
    internal Quota? ToQuota(FieldErrors errors)
    {
        var before = errors.All.Count;
        var quota = new Quota(Minute, Hour, Day, Month, QuotaMode.Reject);
        foreach (var window in Quota.Windows)
            if (quota.LimitOf(window) is < 1 or > Quota.LimitMax)
                errors.Add($"quota.{window.ToWord()}", $"is not a number from 1 to {Quota.LimitMax}");
        if (quota.IsEmpty) errors.Add("quota", "has no limit: minute, hour, day or month is needed");
        var mode = Mode is null ? QuotaMode.Reject : Words.Parse<QuotaMode>(Mode);
        if (mode is null) errors.Add("quota.mode", $"must be one of {string.Join(", ", Words.Of<QuotaMode>())}");
        return errors.All.Count > before ? null : quota with { Mode = mode!.Value };
    }
}

public sealed record QuotaResponse(long? Minute, long? Hour, long? Day, long? Month, string Mode)
{
    internal static QuotaResponse? Of(Quota? q) =>
        q is null ? null : new(q.Minute, q.Hour, q.Day, q.Month, q.Mode.ToWord());
}
