using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary><c>/v1/tenants</c>: who sends through this installation.</summary>
internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/tenants", Create).WithName("CreateTenant").WithSummary("Make a tenant")
            .Accepts<CreateTenantRequest>("application/json").Produces<TenantResponse>(201).Refuses(400, 409, 413, 415, 422)
            .WithMetadata(new AnswersHeader(201, "Location", "The tenant: its path."));
        app.MapGet("/v1/tenants", List).WithName("ListTenants").WithSummary("Tenants, by name")
            .Produces<TenantListResponse>().Refuses(422);
        app.MapGet("/v1/tenants/{name}", Get).WithName("GetTenant").WithSummary("A tenant")
            .Produces<TenantResponse>().Refuses(404);
        app.MapPatch("/v1/tenants/{name}", Change).WithName("ChangeTenant").WithSummary("Change or suspend a tenant")
            .WithDescription("Of a suspended tenant nothing new is accepted; what was accepted goes on. "
                + "A title or quota of null is taken away, what is left out stays.")
            .Accepts<ChangeTenantRequest>("application/json").Produces<TenantResponse>().Refuses(400, 404, 413, 415, 422);
        app.MapDelete("/v1/tenants/{name}", Close).WithName("CloseTenant").WithSummary("Close a tenant for good")
            .WithDescription("Its keys end at once, what it has sent goes on, and its name is not given again.")
            .Produces(204).Refuses(404, 409, 422);
    }

    private static async Task<IResult> Create(
        HttpRequest http, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(http, AccountJson.Default.CreateTenantRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller.By, errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        if (await parts.Order(order, cancel) is { } why) return AccountProblems.Of(why);
        return Answers.Created($"/v1/tenants/{request.Name}",
            TenantResponse.Of(parts.Accounts.Tenants[request.Name!]), TenantAnswers.Default.TenantResponse);
    }

    private static IResult List([AsParameters] AccountParts parts, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var (page, next) = ListQuery.Page(parts.Accounts.Tenants.Values, t => t.Name, count, before);
        return Answers.Json(
            new TenantListResponse([.. page.Select(TenantResponse.Of)], next), TenantAnswers.Default.TenantListResponse);
    }

    /// <param name="name">The name of a tenant.</param>
    private static IResult Get(string name, [AsParameters] AccountParts parts) => Answer(name, parts);

    /// <param name="name">The name of a tenant.</param>
    private static async Task<IResult> Change(
        string name, HttpRequest http, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(http, AccountJson.Default.ChangeTenantRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller.By, name, errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        return await parts.Order(order, cancel) is { } why ? AccountProblems.Of(why) : Answer(name, parts);
    }

    /// <param name="name">The name of a tenant.</param>
    private static async Task<IResult> Close(
        string name, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel, string? note = null) =>
        await parts.Remove(note, why => new AccountOrder.CloseTenant(caller.By, name) { Note = why }, cancel)
            is { } refusal ? Problem.Of(refusal) : TypedResults.NoContent();

    private static IResult Answer(string name, AccountParts parts) =>
        parts.Accounts.Tenants.GetValueOrDefault(name) is { } tenant
            ? Answers.Json(TenantResponse.Of(tenant), TenantAnswers.Default.TenantResponse)
            : AccountProblems.Of(AccountRefusal.UnknownTenant);
}
