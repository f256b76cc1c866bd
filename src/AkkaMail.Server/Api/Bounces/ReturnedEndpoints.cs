using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Api.Bounces;

/// <summary><c>/v1/bounces/mails</c>: what came in, what it was taken for, and the mail itself.</summary>
internal static class ReturnedEndpoints
{
    private const int RereadMax = 10_000;

    public static void MapReturned(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/bounces/mails", List).Needs(Scopes.Read).WithName("ListReturnedMails")
            .WithSummary("Mails that came to return paths, feedback loops and postmaster, newest first")
            .WithDescription("`from` and `to` are of the time it came. A tenant sees those about its messages.")
            .Produces<ReturnedListResponse>().Refuses(422);
        app.MapGet("/v1/bounces/mails/{id}", Get).Needs(Scopes.Read).WithName("GetReturnedMail")
            .WithSummary("A mail that came in").Produces<ReturnedResponse>().Refuses(404);
        app.MapGet("/v1/bounces/mails/{id}/raw", Raw).Needs(Scopes.Read).Observed(Observing.Nothing)
            .WithName("GetRawReturnedMail")
            .WithSummary("The mail itself (message/rfc822)").Produces<string>(200, "message/rfc822").Refuses(404);
        app.MapPost("/v1/bounces/mails/{id}/reread", Reread).Needs(Scopes.Manage).WithName("RereadReturnedMail")
            .WithSummary("Read a mail again by the rules of now").Produces<RereadResponse>().Refuses(404, 409);
        app.MapPost("/v1/bounces/mails/reread", RereadUnclear).WithName("RereadUnclearMails")
            .WithSummary("Read again what no rule has understood")
            .WithDescription("It happens by itself when the bounce rules change; up to 10,000 at a time.")
            .Produces<RereadResponse>().Refuses();
    }

    /// <param name="outcome">Those that came to this. <c>unclear</c>: no rule understands them.</param>
    /// <param name="door">Those that came to this kind of address.</param>
    /// <param name="kind">Those that were taken for this.</param>
    /// <param name="message">Those about the message of this id.</param>
    /// <param name="reporter">Those of this reporter.</param>
    private static async Task<IResult> List(
        Caller caller, InboundStore store, CancellationToken cancel, [WordsOf<InboundOutcome>] string? outcome = null,
        [WordsOf<ReturnDoor>] string? door = null, [WordsOf<BounceKind>] string? kind = null, string? message = null,
        string? reporter = null, string? from = null, string? to = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        MessageId? about = null;
        if (message is not null)
        {
            if (MessageId.TryParse(message, out var id)) about = id;
            else errors.Add(new("message", "is not a message id"));
        }
        var query = new InboundQuery
        {
            Tenant = caller.Tenant,
            Outcome = ListQuery.Word<InboundOutcome>("outcome", outcome, errors),
            Door = ListQuery.Word<ReturnDoor>("door", door, errors),
            Kind = ListQuery.Word<BounceKind>("kind", kind, errors),
            Message = about,
            Reporter = reporter,
            From = ListQuery.Time("from", from, errors),
            To = ListQuery.Time("to", to, errors),
        };
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var page = await store.List(query, before, count + 1, cancel);
        return Answers.Json(new ReturnedListResponse(
            [.. page.Take(count).Select(ReturnedResponse.Of)],
            page.Length > count ? ListQuery.Cursor(page[count - 1].Id) : null),
            BounceAnswers.Default.ReturnedListResponse);
    }

    /// <param name="id">The id of a returned mail.</param>
    private static async Task<IResult> Get(string id, Caller caller, InboundStore store, CancellationToken cancel) =>
        await Find(id, caller, store, cancel) is { } mail
            ? Answers.Json(ReturnedResponse.Of(mail), BounceAnswers.Default.ReturnedResponse) : NotFound;

    /// <param name="id">The id of a returned mail.</param>
    private static async Task<IResult> Raw(string id, Caller caller, InboundStore store, CancellationToken cancel) =>
        await Find(id, caller, store, cancel) is { } mail && await store.Body(mail.Id, cancel) is { } bytes
            ? TypedResults.Bytes(bytes, "message/rfc822") : NotFound;

    /// <param name="id">The id of a returned mail.</param>
    private static async Task<IResult> Reread(
        string id, Caller caller, InboundStore store, TimeProvider time, CancellationToken cancel)
    {
        if (await Find(id, caller, store, cancel) is not { } mail) return NotFound;
        return await store.Reread(mail, time.GetUtcNow(), cancel)
            ? Answers.Json(new RereadResponse(1), BounceAnswers.Default.RereadResponse)
            : Problem.Of(RefusalCode.Conflict, "There is nothing to read again", "It is waiting to be read, or is for people or a domain.");
    }

    private static async Task<IResult> RereadUnclear(InboundStore store, TimeProvider time, CancellationToken cancel) =>
        // No version has this name: all of them.
        Answers.Json(new RereadResponse(await store.RereadUnclear("", RereadMax, time.GetUtcNow(), cancel)),
            BounceAnswers.Default.RereadResponse);

    private static Problem NotFound => Problem.Of(RefusalCode.NotFound, "There is no such mail", "It may have existed and been deleted.");

    private static async Task<InboundMail?> Find(
        string id, Caller caller, InboundStore store, CancellationToken cancel) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await store.Find(number, cancel) is { } mail
        && (caller.Tenant is null || mail.Reading.Tenant == caller.Tenant) ? mail : null;
}
