using AkkaMail.Core.Analytics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Reputation;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>A page of a list.</summary>
/// <param name="Reputations">A page of scores, by tenant and domain.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record ReputationListResponse(IReadOnlyList<ReputationResponse> Reputations, string? NextCursor);

/// <summary>How a tenant, or one of its sending domains, stands with all receivers together.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Domain">Its sending domain. Absent: it is of all its mail.</param>
/// <param name="Score">From 0 to 100. From 60 up it costs nothing.</param>
/// <param name="Standing">The score in a word.</param>
/// <param name="Messages">How many messages it rests on; they count half after 7 days.</param>
/// <param name="Worst">What costs most. Absent: nothing does.</param>
/// <param name="Share">How large a part of the messages that is, from 0 to 1.</param>
public sealed record ReputationResponse(
    string Tenant, string? Domain, double Score, [WordsOf<Standing>] string Standing, double Messages, string? Worst,
    double Share)
{
    public static ReputationResponse Of(SenderReputation r) => new(
        r.Tenant, r.Domain, Math.Round(r.Score, 1), Standings.After(Core.Lanes.Standing.Good, r.Score).ToWord(),
        Math.Round(r.Messages), r.Worst, Math.Round(r.Share, 4));
}

/// <summary><c>GET /v1/reputation</c>: the scores of tenants and their sending domains.</summary>
internal static class GetReputation
{
    public static void MapReputation(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/reputation", Get).Needs(Scopes.Read).WithName("GetReputation")
            .WithSummary("How tenants and their sending domains stand with receivers, 0 to 100")
            .WithDescription("By the formula of a lane's score, over the last 28 days.")
            .Produces<ReputationListResponse>().Refuses(422);

    private static async Task<IResult> Get(
        Caller caller, MessageGenerations read, TimeProvider time, CancellationToken cancel, string? limit = null,
        string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var all = await Reputations.Read(read.Current, caller.Tenant, time.GetUtcNow(), cancel);
        // No tenant and no domain has a space in its name.
        var (page, next) = ListQuery.Page(all, r => r.Domain is null ? r.Tenant : $"{r.Tenant} {r.Domain}", count, before);
        return Answers.Json(new ReputationListResponse([.. page.Select(ReputationResponse.Of)], next),
            AlertAnswers.Default.ReputationListResponse);
    }
}
