using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Suppression;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary><c>/v1/suppressions</c>: whom nothing is sent to, and why.</summary>
internal static class SuppressionEndpoints
{
    public const int BodyBytesMax = 1024 * 1024;

    public static void MapSuppressions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/suppressions", List).Needs(Scopes.Read).WithName("ListSuppressions")
            .WithSummary("Whom nothing is sent to, newest first")
            .WithDescription("`from` and `to` are of the time an entry was made.")
            .Produces<SuppressionListResponse>().Refuses(422);
        app.MapPost("/v1/suppressions", Add).Needs(Scopes.Manage).WithName("AddSuppressions")
            .WithSummary("Send nothing to these addresses or domains any more")
            .WithDescription($"Up to {SuppressionStore.BatchMax} entries, all or none. One in force stays as it is.")
            .Accepts<AddSuppressionsRequest>("application/json").Produces<AddedResponse>(201)
            .Refuses(400, 413, 415, 422).WithMetadata(
                AddSuppressionsRequest.Bounds,
                new AnswersHeader(201, "Location", "Of one entry: its path. Absent: there are more."));
        app.MapGet("/v1/suppressions/{id}", Get).Needs(Scopes.Read).WithName("GetSuppression")
            .WithSummary("An entry, with what happened to it").Produces<SuppressionResponse>().Refuses(404);
        app.MapDelete("/v1/suppressions/{id}", Lift).Needs(Scopes.Manage).WithName("LiftSuppression")
            .WithSummary("Send to it again").Produces(204).Refuses(404, 422);
    }

    /// <param name="address">The entries of this address.</param>
    /// <param name="domain">The entry of this domain.</param>
    /// <param name="scope">Those that hold for this.</param>
    /// <param name="stream">Those for this stream.</param>
    /// <param name="origin">Those that came about so.</param>
    /// <param name="rule">Those of this bounce rule.</param>
    /// <param name="reason">Those with this reason.</param>
    /// <param name="source">Those whose mail went by this source.</param>
    /// <param name="site">Those whose mail went to this site.</param>
    private static async Task<IResult> List(
        Caller caller, SuppressionStore store, Suppressions suppressions, TimeProvider time, CancellationToken cancel,
        string? address = null, string? domain = null, [WordsOf<SuppressionScope>] string? scope = null,
        string? stream = null, [WordsOf<SuppressionOrigin>] string? origin = null, string? rule = null,
        string? reason = null, string? source = null, string? site = null, string? from = null, string? to = null,
        string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var query = new SuppressionQuery
        {
            Tenant = caller.Tenant,
            Target = ReadTarget(address, domain, suppressions, errors),
            Scope = ListQuery.Word<SuppressionScope>("scope", scope, errors),
            Origin = ListQuery.Word<SuppressionOrigin>("origin", origin, errors),
            Stream = stream,
            Rule = rule,
            Reason = reason,
            Source = source,
            Site = site,
            From = ListQuery.Time("from", from, errors),
            To = ListQuery.Time("to", to, errors),
            InForceAt = time.GetUtcNow(),
        };
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var page = await store.List(query, before, count + 1, cancel);
        return Answers.Json(new SuppressionListResponse(
            [.. page.Take(count).Select(SuppressionResponse.Of)],
            page.Length > count ? ListQuery.Cursor(page[count - 1].Id) : null),
            SuppressionAnswers.Default.SuppressionListResponse);
    }

    private static async Task<IResult> Add(
        HttpRequest http, Caller caller, SuppressionStore store, Suppressions suppressions, TimeProvider time,
        CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, SuppressionJson.Default.AddSuppressionsRequest, BodyBytesMax, cancel, AddSuppressionsRequest.Bounds);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        if (request!.Read(caller, suppressions, time.GetUtcNow(), errors) is not { } entries)
            return Problem.Invalid(errors.All);
        var (ids, added) = await store.Add(entries, cancel);
        var (answer, type) = (
            new AddedResponse(added, ids.Length - added, [.. ids.Select(SuppressionResponse.IdOf)]),
            SuppressionAnswers.Default.AddedResponse);
        return ids is [var one]
            ? Answers.Created($"/v1/suppressions/{SuppressionResponse.IdOf(one)}", answer, type)
            : Answers.Json(answer, type, statusCode: 201);
    }

    /// <param name="id">The id of an entry.</param>
    private static async Task<IResult> Get(
        string id, Caller caller, SuppressionStore store, TimeProvider time, CancellationToken cancel)
    {
        if (await Find(id, caller, store, cancel) is not { } entry || entry.IsOver(time.GetUtcNow())) return NotFound;
        return Answers.Json(SuppressionResponse.Of(entry) with
        {
            Events = [.. (await store.History(entry.Id, cancel)).Select(SuppressionEventResponse.Of)],
        }, SuppressionAnswers.Default.SuppressionResponse);
    }

    /// <param name="id">The id of an entry.</param>
    /// <param name="note">Why, for people. The entry's history keeps it.</param>
    private static async Task<IResult> Lift(
        string id, Caller caller, SuppressionStore store, TimeProvider time, CancellationToken cancel,
        string? note = null)
    {
        var errors = new List<FieldError>();
        var why = OrderNotes.Read(note, errors);
        if (errors.Count > 0) return Problem.Invalid(errors);
        if (await Find(id, caller, store, cancel) is not { } entry) return NotFound;
        return await store.Lift([entry.Id], caller.By, null, why, time.GetUtcNow(), cancel) == 0
            ? NotFound : TypedResults.NoContent();
    }

    private static Problem NotFound => Problem.Of(RefusalCode.NotFound, "There is no such entry", "It may have been lifted or have expired.");

    private static async Task<SuppressionEntry?> Find(
        string id, Caller caller, SuppressionStore store, CancellationToken cancel) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await store.Find(number, cancel) is { } entry
        // A global one is everybody's, and nobody's to see but the installation's.
        && (caller.Tenant is null || entry.What.Key.Tenant == caller.Tenant) ? entry : null;

    private static Hash128? ReadTarget(
        string? address, string? domain, Suppressions suppressions, List<FieldError> errors)
    {
        if (address is not null)
        {
            if (Mailbox.TryParse(address, out var mailbox, out var problem)) return suppressions.OfAddress(mailbox);
            errors.Add(new("address", problem));
            return null;
        }
        if (domain is null) return null;
        if (Sites.DomainOf(domain) is { } ascii) return suppressions.OfDomain(ascii);
        errors.Add(new("domain", "is not a domain"));
        return null;
    }
}
