using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.WebUtilities;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// <c>GET /v1/lanes?source=&amp;site=&amp;limit=&amp;cursor=</c>: the live lanes of all nodes, by source and site;
/// <c>GET /v1/lanes/{source}/{site}</c>: one, also while nothing waits for it.
/// </summary>
internal static class GetLanes
{
    public static void MapLanes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/lanes", List).WithName("ListLanes")
            .WithSummary("The live lanes: rate, connections, what waits, and why")
            .WithDescription("A lane is live while there is mail for it, and a few minutes longer. Figures are those of "
                + "all nodes together; one that does not answer within a second is named, and what it has is missing.")
            .Produces<LaneListResponse>().Refuses(422);
        app.MapGet("/v1/lanes/{source}/{site}", Get).WithName("GetLane")
            .WithSummary("A lane as its governor knows it, beside what nodes have of it")
            .Produces<LaneResponse>().Refuses(404);
    }

    /// <param name="source">Those of this source.</param>
    /// <param name="site">Those to this site.</param>
    private static async Task<IResult> List(
        [AsParameters] LaneParts lanes, CancellationToken cancel, string? source = null, string? site = null,
        string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, after) = (ListQuery.Limit(limit, errors), ReadCursor(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);

        var (live, now) = (await lanes.Live(cancel), lanes.Time.GetUtcNow());
        var all = live.Lanes
            .Where(l => (source is null || l.Lane.Source == source) && (site is null || l.Lane.Site == site))
            .Select(l => (Lane: l, Place: Place(l.Lane.Source, l.Lane.Site)))
            .OrderBy(l => l.Place, StringComparer.Ordinal)
            .SkipWhile(l => after is not null && string.CompareOrdinal(l.Place, after) <= 0)
            .Take(count + 1).ToList();
        // One for each source that warms up as a whole, not for each of its lanes.
        var ofSources = new Dictionary<string, LaneState>();
        foreach (var lane in all.Select(l => l.Lane.Lane))
            if (!ofSources.ContainsKey(lane.Source) && await lanes.OfSource(lane, cancel) is { } whole)
                ofSources[lane.Source] = whole;
        return Answers.Json(new LaneListResponse(
            [.. all.Take(count)
                .Select(l => LaneFacts.Of(l.Lane, lanes.Shaping.Terms(new LimitKey.Lane(l.Lane.Lane)), now,
                    lanes.IsOfSource(l.Lane.Lane) ? ofSources.GetValueOrDefault(l.Lane.Lane.Source) : null))
                .Select(lane => lane.ToResponse().InList())],
            all.Count > count ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(all[count - 1].Place)) : null,
            live.SilentNodes),
            LaneAnswers.Default.LaneListResponse);
    }

    private static async Task<IResult> Get(
        string source, string site, [AsParameters] LaneParts lanes, CancellationToken cancel)
    {
        if (lanes.Find(source, site) is not { } limit) return lanes.NotFound(source, site);
        var state = await lanes.State(limit, cancel);
        return Answers.Json(await lanes.Describe(limit, state, cancel), LaneAnswers.Default.LaneResponse);
    }

    /// <summary>A space comes before all that a source or a site can have in its name.</summary>
    private static string Place(string source, string site) => $"{source} {site}";

    private static string? ReadCursor(string? text, List<FieldError> errors)
    {
        if (text is null) return null;
        try
        {
            var place = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text));
            if (place.Contains(' ', StringComparison.Ordinal)) return place;
        }
        catch (FormatException) { /* Said below. */ }
        errors.Add(new("cursor", "is not a cursor of this list"));
        return null;
    }
}
