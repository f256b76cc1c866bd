using Akka.Actor;
using Akka.Streams;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Projecting;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// <c>GET /v1/lanes/{source}/{site}/history?type=&amp;from=&amp;to=&amp;limit=&amp;cursor=</c>: what changed the lane
/// and why, newest first, out of its governor's journal.
/// </summary>
internal static class GetLaneHistory
{
    public static void MapLaneHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/lanes/{source}/{site}/history", History).WithName("GetLaneHistory")
            .WithSummary("What changed a lane and why, newest first")
            .WithDescription($"A page looks at up to {JournalPages.ScanMax} events: it may be empty and yet have a "
                + "`next_cursor`.")
            .Produces<LaneHistoryResponse>().Refuses(404, 422);

    /// <param name="type">One or more types, with commas between them.</param>
    private static async Task<IResult> History(
        string source, string site, [AsParameters] LaneParts lanes, ActorSystem system, CancellationToken cancel,
        string? type = null, string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        if (lanes.Find(source, site) is not { } lane) return lanes.NotFound(source, site);
        var errors = new List<FieldError>();
        var types = ReadTypes(type, errors);
        var (after, before) = (ListQuery.Time("from", from, errors), ListQuery.Time("to", to, errors));
        var (count, upTo) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);

        var newest = (await lanes.State(lane, cancel)).Newest;
        var page = await JournalPages.Newest<IGovernorEvent>(
            Persistence.ReadJournal(system), system.Materializer(), GovernorActor.IdOf(lane),
            Math.Min(upTo ?? newest, newest), count, after, e => e.At, e => !(e.At >= before) && (types is null || types.Contains(LaneEventResponse.TypeOf(e))), cancel);
        return Answers.Json(new LaneHistoryResponse(
            [.. page.Events.Select(LaneEventResponse.Of)], ListQuery.Cursor(page.Next)),
            LaneAnswers.Default.LaneHistoryResponse);
    }

    private static string[]? ReadTypes(string? text, List<FieldError> errors)
    {
        if (text is null) return null;
        var types = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (types.Except(LaneEventResponse.Types).FirstOrDefault() is { } wrong)
            errors.Add(new("type", $"'{wrong}' is not one of {string.Join(", ", LaneEventResponse.Types)}"));
        return types;
    }
}
