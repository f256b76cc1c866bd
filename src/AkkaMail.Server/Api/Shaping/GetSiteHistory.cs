using System.Collections.Immutable;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Http;
using AkkaMail.Storage.Sites;

namespace AkkaMail.Server.Api.Shaping;

public sealed record SiteHistoryResponse(string Domain, IReadOnlyList<SiteChangeResponse> Changes);

/// <summary>From <paramref name="At"/> on the domain was counted as <paramref name="Site"/>.</summary>
public sealed record SiteChangeResponse(
    DateTimeOffset At, string Site, string? Before, string? Provider, string Reason, ImmutableArray<string> MxHosts,
    string Version);

/// <summary>
/// <c>GET /v1/sites/{domain}/history</c>: the sites a domain has belonged to, as its mail met them, newest first.
/// </summary>
internal static class GetSiteHistory
{
    public static void MapSiteHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/sites/{domain}/history", History).WithName("GetSiteHistory")
            .WithSummary("Which sites a domain has belonged to, newest first")
            .WithDescription("Taken down when mail for the domain met another site than the last time, with the MX "
                + $"hosts and rules behind it. The newest {SiteLog.ChangesOfDomainMax} of the last 400 days are kept, and "
                + "the site it had then.")
            .Produces<SiteHistoryResponse>().Refuses(422);

    private static async Task<IResult> History(string domain, SiteLog sites, CancellationToken cancel)
    {
        if (Sites.DomainOf(domain) is not { } ascii) return Problem.Field("domain", $"'{domain}' is not a domain");
        var changes = await sites.Of(ascii, cancel);
        return Answers.Json(new SiteHistoryResponse(ascii,
            [.. changes.Select((c, i) => new SiteChangeResponse(c.At, c.Site,
                i + 1 < changes.Length ? changes[i + 1].Site : null, c.Provider, c.Reason, c.MxHosts, c.Version))]),
            ShapingAnswers.Default.SiteHistoryResponse);
    }
}
