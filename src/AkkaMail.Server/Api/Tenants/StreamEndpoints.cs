using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary><c>/v1/streams</c>: a tenant's message types.</summary>
internal static class StreamEndpoints
{
    public static void MapStreams(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/streams", Create).Needs(Scopes.Manage).WithName("CreateStream").WithSummary("Make a stream")
            .WithDescription("A tenant has up to 100, the two from the start included. The kind does not change.")
            .Accepts<CreateStreamRequest>("application/json").Produces<StreamResponse>(201)
            .Refuses(400, 404, 409, 413, 415, 422)
            .WithMetadata(new AnswersHeader(201, "Location", "The stream: its path."));
        app.MapGet("/v1/streams", List).Needs(Scopes.Read).WithName("ListStreams")
            .WithSummary("The streams of a tenant, by name")
            .Produces<StreamListResponse>().Refuses(422);
        app.MapGet("/v1/streams/{name}", Get).Needs(Scopes.Read).WithName("GetStream").WithSummary("A stream")
            .Produces<StreamResponse>().Refuses(404);
        app.MapPatch("/v1/streams/{name}", Change).Needs(Scopes.Manage).WithName("ChangeStream")
            .WithSummary("Change a stream: its title, or what is done with its mail")
            .Accepts<ChangeStreamRequest>("application/json").Produces<StreamResponse>()
            .Refuses(400, 404, 413, 415, 422);
        app.MapDelete("/v1/streams/{name}", Delete).Needs(Scopes.Manage).WithName("DeleteStream")
            .WithSummary("Delete a stream").WithDescription(
                "Nothing new is accepted in it; what was accepted goes on. The two from the start stay.")
            .Produces(204).Refuses(404, 409, 422);
    }

    private static async Task<IResult> Create(
        HttpRequest http, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, StreamJson.Default.CreateStreamRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller, errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        return await parts.Order(order, cancel) is { } why ? AccountProblems.Of(why)
            : Answer(order.Name, caller, parts, isNew: true);
    }

    private static IResult List(
        Caller caller, [AsParameters] AccountParts parts, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var streams = parts.Accounts.Tenants.GetValueOrDefault(caller.ActsFor)?.Streams.Values ?? [];
        var (page, next) = ListQuery.Page(streams, s => s.Name, count, before);
        return Answers.Json(new StreamListResponse(
            [.. page.Select(s => StreamResponse.Of(caller.ActsFor, s))], next), TenantAnswers.Default.StreamListResponse);
    }

    /// <param name="name">The name of a stream.</param>
    private static IResult Get(string name, Caller caller, [AsParameters] AccountParts parts) =>
        Answer(name, caller, parts);

    /// <param name="name">The name of a stream.</param>
    private static async Task<IResult> Change(
        string name, HttpRequest http, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, StreamJson.Default.ChangeStreamRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller, name, errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        return await parts.Order(order, cancel) is { } why ? AccountProblems.Of(why) : Answer(name, caller, parts);
    }

    /// <param name="name">The name of a stream.</param>
    private static async Task<IResult> Delete(
        string name, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel, string? note = null) =>
        await parts.Remove(note, why => new StreamOrder.Delete(caller.By, caller.ActsFor, name) { Note = why }, cancel)
            is { } refusal ? Problem.Of(refusal) : TypedResults.NoContent();

    private static IResult Answer(string name, Caller caller, AccountParts parts, bool isNew = false)
    {
        if (parts.Accounts.StreamOf(caller.ActsFor, name) is not { } stream)
            return AccountProblems.Of(AccountRefusal.UnknownStream);
        var (answer, type) = (StreamResponse.Of(caller.ActsFor, stream), TenantAnswers.Default.StreamResponse);
        return isNew ? Answers.Created($"/v1/streams/{name}", answer, type) : Answers.Json(answer, type);
    }
}
