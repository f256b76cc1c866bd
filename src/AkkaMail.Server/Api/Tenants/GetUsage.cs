using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Tenants;

/// <summary><paramref name="Windows"/> are those with a limit; without a quota nothing is counted.</summary>
public sealed record UsageResponse(string Tenant, string? Mode, IReadOnlyList<UsageWindow> Windows);

/// <summary>
/// <paramref name="Used"/> recipients of <paramref name="Limit"/> in the <paramref name="Window"/> that ends at
/// <paramref name="ResetsAt"/>.
/// </summary>
public sealed record UsageWindow(string Window, long Used, long Limit, DateTimeOffset ResetsAt);

/// <summary><c>GET /v1/tenants/{name}/usage</c>: how much of its quota a tenant has used.</summary>
internal static class GetUsage
{
    public static void MapUsage(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/tenants/{name}/usage", Usage).Needs(Scopes.Read).WithName("GetUsage")
            .WithSummary("How much of its quota a tenant has used")
            .WithDescription("Windows are of the calendar in UTC. On several nodes it includes what the others have in "
                + "hand, up to 1,000 each.")
            .Produces<UsageResponse>().Refuses(404);

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
