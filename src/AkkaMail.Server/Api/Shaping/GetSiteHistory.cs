using System.Collections.Immutable;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Http;
using AkkaMail.Storage.Sites;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>The sites a domain has belonged to.</summary>
/// <param name="Domain">The domain, in A-labels.</param>
/// <param name="Changes">The newest first.</param>
public sealed record SiteHistoryResponse(string Domain, IReadOnlyList<SiteChangeResponse> Changes);

/// <summary>From then on the domain was counted as the site.</summary>
/// <param name="At">When its mail met it first.</param>
/// <param name="Site">The site.</param>
/// <param name="Before">The site before. Absent: none is known.</param>
/// <param name="Provider">Whose it is. Absent: nobody's that the rules know.</param>
/// <param name="Reason">Why it is that one.</param>
/// <param name="MxHosts">The MX hosts behind it.</param>
/// <param name="Version">The version of the shaping rules.</param>
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
