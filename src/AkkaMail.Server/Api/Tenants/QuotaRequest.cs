using System.ComponentModel.DataAnnotations;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>Recipients in windows of UTC's calendar, at least one of the four.</summary>
/// <param name="Minute">Recipients a minute. Left out: no limit.</param>
/// <param name="Hour">Recipients an hour. Left out: no limit.</param>
/// <param name="Day">Recipients a day. Left out: no limit.</param>
/// <param name="Month">Recipients a month. Left out: no limit.</param>
/// <param name="Mode">
/// What becomes of mail beyond it: <c>reject</c> (left out) refuses it with 429, <c>schedule</c> accepts it for when
/// there is room.
/// </param>
public sealed record QuotaRequest(
    [Range(1, Quota.LimitMax)] int? Minute, [Range(1, Quota.LimitMax)] int? Hour, [Range(1, Quota.LimitMax)] int? Day,
    [Range(1, Quota.LimitMax)] int? Month, [WordsOf<QuotaMode>] string? Mode)
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

/// <summary>How many recipients a tenant may send to, in windows of UTC's calendar.</summary>
/// <param name="Minute">Recipients a minute. Absent: no limit.</param>
/// <param name="Hour">Recipients an hour. Absent: no limit.</param>
/// <param name="Day">Recipients a day. Absent: no limit.</param>
/// <param name="Month">Recipients a month. Absent: no limit.</param>
/// <param name="Mode">
/// What becomes of mail beyond it: it is refused with 429, or accepted for when there is room.
/// </param>
public sealed record QuotaResponse(
    long? Minute, long? Hour, long? Day, long? Month, [WordsOf<QuotaMode>] string Mode)
{
    internal static QuotaResponse? Of(Quota? q) =>
        q is null ? null : new(q.Minute, q.Hour, q.Day, q.Month, q.Mode.ToWord());
}
