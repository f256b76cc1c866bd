using System.Globalization;
using Akka.Actor;
using Akka.Streams;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Alerts;
using AkkaMail.Engine.Projecting;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Reputation;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>
/// <c>GET /v1/alerts</c>: figures over their bounds now; <c>GET /v1/alerts/history</c>: each change. A tenant's key
/// sees its own, and no lane: lanes are everybody's.
/// </summary>
internal static class GetAlerts
{
    public static void MapAlerts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/alerts", List).Needs(Scopes.Read).Observed(Observing.AsItIs).WithName("ListAlerts")
            .WithSummary("What is over its bound now: reputations, complaint rates, clocks, silent ledgers; the newest first")
            .Produces<AlertListResponse>().Refuses(422);
        app.MapGet("/v1/alerts/history", History).Needs(Scopes.Read).Observed(Observing.AsItIs)
            .WithName("GetAlertHistory")
            .WithSummary("Alerts that opened, changed and ended, newest first")
            .WithDescription($"A page looks at up to {JournalPages.ScanMax} events: it may be empty and yet have a "
                + "`next_cursor`.")
            .Produces<AlertHistoryResponse>().Refuses(422);
    }

    private static async Task<IResult> List(
        Caller caller, AlertsAsk alerts, CancellationToken cancel, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var open = await alerts.Open(cancel);
        var (page, next) = ListQuery.Page(
            open.Alerts.Where(a => IsSeenBy(caller, a)), NewestFirst, count, before);
        return Answers.Json(new AlertListResponse([.. page.Select(AlertResponse.Of)], next),
            AlertAnswers.Default.AlertListResponse);
    }

    /// <summary>Names that stand in the order of time turned round; no two of a subject are open by one rule.</summary>
    private static string NewestFirst(AlertChanged a) => string.Create(CultureInfo.InvariantCulture,
        $"{long.MaxValue - a.At.UtcTicks:D19} {a.Rule} {a.Subject.Kind.ToWord()} {a.Subject.Tenant} {a.Subject.Name}");

    private static async Task<IResult> History(
        Caller caller, AlertsAsk alerts, ActorSystem system, CancellationToken cancel,
        string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (after, before) = (ListQuery.Time("from", from, errors), ListQuery.Time("to", to, errors));
        var (count, upTo) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var newest = await alerts.Newest(cancel);
        var page = await JournalPages.Newest<AlertChanged>(
            Persistence.ReadJournal(system), system.Materializer(), AlertsActor.Id, Math.Min(upTo ?? newest, newest),
            count, after, a => a.At, a => !(a.At >= before) && IsSeenBy(caller, a), cancel);
        return Answers.Json(new AlertHistoryResponse(
            [.. page.Events.Select(a => AlertResponse.Of(a.Event))], ListQuery.Cursor(page.Next)),
            AlertAnswers.Default.AlertHistoryResponse);
    }

    private static bool IsSeenBy(Caller caller, AlertChanged alert) =>
        alert.Subject.Tenant is { } tenant ? caller.Sees(tenant) : caller.Tenant is null;
}
