using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Reputation;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Bounces;

/// <summary><c>GET /v1/complaints</c> and <c>/v1/feedback-loops</c>: who is complained about, and who tells.</summary>
internal static class GetComplaints
{
    /// <summary>As long as the mails are kept at least, so it is what they show.</summary>
    private static readonly TimeSpan LoopsSince = TimeSpan.FromDays(30);

    public static void MapComplaints(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/complaints", Rates).Needs(Scopes.Read).WithName("GetComplaints")
            .WithSummary("Complaint rates of tenants, streams and sending domains over the last 7 days")
            .WithDescription("Alerts begin at 0.1 % and 0.3 % of at least 1,000 delivered.")
            .Produces<ComplaintListResponse>().Refuses(422);
        app.MapGet("/v1/feedback-loops", Loops).Needs(Scopes.Read).WithName("GetFeedbackLoops")
            .WithSummary("What each feedback loop has told in the last 30 days").Produces<FeedbackLoopListResponse>()
            .Refuses();
    }

    private static async Task<IResult> Rates(
        Caller caller, MessageGenerations read, TimeProvider time, CancellationToken cancel, string? limit = null,
        string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var all = await Reputations.ReadComplaints(read.Current, caller.Tenant, time.GetUtcNow(), cancel);
        var (page, next) = ListQuery.Page(all.Select(ComplaintRateResponse.From), r => r.Key, count, before);
        return Answers.Json(new ComplaintListResponse(page, next), BounceAnswers.Default.ComplaintListResponse);
    }

    private static async Task<IResult> Loops(
        Caller caller, InboundStore store, TimeProvider time, CancellationToken cancel, string? limit = null,
        string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var loops = await store.Loops(time.GetUtcNow() - LoopsSince, caller.Tenant, cancel);
        var (page, next) = ListQuery.Page(loops.Select(FeedbackLoopResponse.Of), l => l.Reporter, count, before);
        return Answers.Json(new FeedbackLoopListResponse(page, next),
            BounceAnswers.Default.FeedbackLoopListResponse);
    }
}
