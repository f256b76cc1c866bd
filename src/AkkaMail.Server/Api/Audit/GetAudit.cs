using Akka.Actor;
using Akka.Streams;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Audit;

/// <summary>A page of a list.</summary>
/// <param name="Events">A page of changes, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record AuditResponse(IReadOnlyList<AuditEntry> Events, string? NextCursor);

/// <summary>
/// <c>GET /v1/audit?from=&amp;to=&amp;limit=&amp;cursor=</c>: the journal of the accounts, newest first.
/// </summary>
internal static class GetAudit
{
    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/audit", Audit).WithName("GetAudit")
            .WithSummary("Who changed tenants, streams, keys and domains, and when, newest first")
            .Produces<AuditResponse>().Refuses(422);

    private static async Task<IResult> Audit(
        [AsParameters] AccountParts parts, ActorSystem system, CancellationToken cancel, string? from = null,
        string? to = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (after, before) = (ListQuery.Time("from", from, errors), ListQuery.Time("to", to, errors));
        var (count, upTo) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var newest = parts.View.SequenceNr;
        var page = await JournalPages.Newest<IAccountEvent>(
            Persistence.ReadJournal(system), system.Materializer(), AccountsActor.Id, Math.Min(upTo ?? newest, newest),
            count, after, e => e.At, e => !(e.At >= before), cancel);
        return Answers.Json(new AuditResponse([.. page.Events.Select(AuditEntry.Of)],
            ListQuery.Cursor(page.Next)), AuditAnswers.Default.AuditResponse);
    }
}
