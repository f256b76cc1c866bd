using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// <c>POST /v1/lanes/{source}/{site}/suspend|resume|limit</c> and <c>/warm-up/start|pause|resume|complete</c>: an
/// operator's word, in force and stored when the answer comes. The answer is the lane.
/// </summary>
internal static class OrderLane
{
    private const string Lane = "/v1/lanes/{source}/{site}";

    public static void MapLaneOrders(this IEndpointRouteBuilder app)
    {
        Map(app, "suspend", "SuspendLane", "Stop a lane, or a tenant or stream on it", LaneJson.Default.SuspendRequest,
            (request, _, errors) => request.ToOrder(errors));
        Map(app, "limit", "LimitLane", "Limit a lane's rate or connections beside all other limits",
            LaneJson.Default.LimitRequest, (request, _, errors) => request.ToOrder(errors));
        MapNote(app, "resume", "ResumeLane", "Lift what stops a lane, whoever ordered it",
            n => new LaneOrder.Resume(n));
        Map(app, "warm-up/start", "StartWarmUp", "Begin a warm-up plan on a lane",
            LaneJson.Default.StartWarmUpRequest, (request, rules, errors) => request.ToOrder(rules, errors));
        MapNote(app, "warm-up/pause", "PauseWarmUp", "Stop a warm-up where it is; nothing is sent by it",
            n => new LaneOrder.PauseWarmUp(n));
        MapNote(app, "warm-up/resume", "ResumeWarmUp", "Go on with a paused warm-up",
            n => new LaneOrder.ResumeWarmUp(n));
        MapNote(app, "warm-up/complete", "CompleteWarmUp", "End a warm-up: the lane is warm",
            n => new LaneOrder.CompleteWarmUp(n));
    }

    private static void MapNote(
        IEndpointRouteBuilder app, string verb, string name, string summary, Func<string, LaneOrder> order) =>
        Map(app, verb, name, summary, LaneJson.Default.NoteRequest,
            (request, _, errors) => order(request.Read(errors)));

    private static void Map<T>(
        IEndpointRouteBuilder app, string verb, string name, string summary, JsonTypeInfo<T> type,
        Func<T, ShapingRules, FieldErrors, LaneOrder> read) where T : class =>
        app.MapPost($"{Lane}/{verb}", (
                string source, string site, HttpRequest http, Caller caller, [AsParameters] LaneParts lanes,
                CancellationToken cancel, string? @new = null) =>
                Take(source, site, @new, http, lanes, type, (request, rules, errors) =>
                    read(request, rules, errors) with { By = caller.By }, cancel))
            .WithName(name).WithSummary(summary)
            .WithDescription("A site that no mail has gone to is refused, and a domain with the name of the site that it "
                + "is counted as; ?new=true gives the order to a site that is not known yet.")
            .Accepts<T>(isOptional: true, "application/json")
            .Produces<LaneResponse>().Refuses(400, 404, 409, 413, 415, 422);

    private static async Task<IResult> Take<T>(
        string source, string site, string? isNew, HttpRequest http, LaneParts lanes, JsonTypeInfo<T> type,
        Func<T, ShapingRules, FieldErrors, LaneOrder> read, CancellationToken cancel) where T : class
    {
        if (lanes.Find(source, site) is not { } limit) return lanes.NotFound(source, site);
        var (request, problem) = await JsonBody.Read(http, type, LaneBounds.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = read(request!, lanes.Shaping.Rules(), errors);
        errors.Check("new", isNew is null or "true" or "false" ? null : "is neither true nor false");
        if (isNew != "true") errors.Check("site", await lanes.WhyUnknown(limit, cancel));
        return errors.All.Count > 0 ? Problem.Invalid(errors.All) : await Give(order, limit, lanes, cancel);
    }

    private static async Task<IResult> Give(
        LaneOrder order, LimitKey limit, LaneParts lanes, CancellationToken cancel) =>
        await lanes.Order(limit, order, cancel) switch
        {
            OrderRefused r => Problem.Of(RefusalCode.Conflict, "The lane cannot do that now", r.Reason),
            LaneState state when IsLost(order, state) => Problem.Of(RefusalCode.Conflict, "The lane cannot do that now",
                $"It has {Governor.HoldsMax} holds already: lift some."),
            LaneState state => Answers.Json(
                await lanes.Describe(limit, state, cancel), LaneAnswers.Default.LaneResponse),
            var other => throw new UnreachableException($"{other} is no answer to an order"),
        };

    /// <summary>Nobody must believe that a lane stands which goes on.</summary>
    private static bool IsLost(LaneOrder order, LaneState state)
    {
        bool Has(Func<Hold, bool> which) => state.Holds.Any(h => h.Rule == Hold.Operator && which(h));
        return order switch
        {
            LaneOrder.Suspend s => !Has(h => h.Reaction is Reaction.Suspend && h.Target == s.Target),
            LaneOrder.Limit l => l.Rate is not null && !Has(h => h.Reaction is Reaction.LimitRate)
                || l.Connections is not null && !Has(h => h.Reaction is Reaction.LimitConnections),
            _ => false,
        };
    }
}
