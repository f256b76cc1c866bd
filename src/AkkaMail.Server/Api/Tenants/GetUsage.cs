using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>How much of its quota a tenant has used.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Mode">What becomes of mail beyond it. Absent: there is no quota, and nothing is counted.</param>
/// <param name="Windows">The windows with a limit.</param>
public sealed record UsageResponse(
    string Tenant, [WordsOf<QuotaMode>] string? Mode, IReadOnlyList<UsageWindow> Windows);

/// <summary>A window of UTC's calendar.</summary>
/// <param name="Window">Which one.</param>
/// <param name="Used">Recipients in it so far.</param>
/// <param name="Limit">Recipients it may have.</param>
/// <param name="ResetsAt">When it ends, and the next begins with 0.</param>
public sealed record UsageWindow(
    [WordsOf<QuotaWindow>] string Window, long Used, long Limit, DateTimeOffset ResetsAt);

/// <summary><c>GET /v1/tenants/{name}/usage</c>: how much of its quota a tenant has used.</summary>
internal static class GetUsage
{
    public static void MapUsage(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/tenants/{name}/usage", Usage).Needs(Scopes.Read).WithName("GetUsage")
            .WithSummary("How much of its quota a tenant has used")
            .WithDescription("Windows are of the calendar in UTC. On several nodes it includes what the others have in "
                + "hand, up to 1,000 each.")
            .Produces<UsageResponse>().Refuses(404);

    /// <param name="name">The name of a tenant.</param>
    private static async Task<IResult> Usage(
        string name, Caller caller, [AsParameters] AccountParts parts, QuotaAsk quotas, QuotaBlocks blocks,
        CancellationToken cancel)
    {
        if (!caller.Sees(name) || parts.Accounts.Tenants.GetValueOrDefault(name) is not { } tenant)
            return AccountProblems.Of(AccountRefusal.UnknownTenant);
        if (tenant.Quota is not { } quota)
            return Answers.Json(new UsageResponse(name, null, []), TenantAnswers.Default.UsageResponse);
        var used = await quotas.Used(name, cancel);
        var windows = Quota.Windows.Where(w => quota.LimitOf(w) is not null).Select(w => new UsageWindow(
            w.ToWord(), Math.Max(0, used.Of(w) - blocks.InHand(name, w, used.At)), quota.LimitOf(w)!.Value,
            w.End(used.At)));
        return Answers.Json(
            new UsageResponse(name, quota.Mode.ToWord(), [.. windows]), TenantAnswers.Default.UsageResponse);
    }
}
