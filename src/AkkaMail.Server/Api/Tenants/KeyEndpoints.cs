using System.Security.Cryptography;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Data;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary><c>/v1/keys</c>: a tenant's keys; each is shown once, when it is made.</summary>
internal static class KeyEndpoints
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>5 bits each: 260.</summary>
    private const int SecretCharacters = 52;

    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/keys", Create).Needs(Scopes.Manage).WithName("CreateKey").WithSummary("Make a key")
            .WithDescription("The key itself is in this answer and nowhere else.")
            .Accepts<CreateKeyRequest>("application/json").Produces<KeyResponse>(201).Refuses(400, 404, 409, 413, 415, 422)
            .WithMetadata(new AnswersHeader(201, "Location", "The key, without its secret: its path."));
        app.MapGet("/v1/keys", List).Needs(Scopes.Manage).WithName("ListKeys").WithSummary("Keys, by id")
            .Produces<KeyListResponse>().Refuses(422);
        app.MapGet("/v1/keys/{id}", Get).Needs(Scopes.Manage).WithName("GetKey").WithSummary("A key, without its secret")
            .Produces<KeyResponse>().Refuses(404);
        app.MapPatch("/v1/keys/{id}", Change).Needs(Scopes.Manage).WithName("ChangeKey")
            .WithSummary("Change a key's name, networks or expiry").Accepts<ChangeKeyRequest>("application/json")
            .Produces<KeyResponse>().Refuses(400, 404, 413, 415, 422);
        app.MapDelete("/v1/keys/{id}", Revoke).Needs(Scopes.Manage).WithName("RevokeKey")
            .WithSummary("End a key at once").Produces(204).Refuses(404, 422);
    }

    private static async Task<IResult> Create(
        HttpRequest http, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(http, AccountJson.Default.CreateKeyRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var id = RandomNumberGenerator.GetString(Alphabet, ApiKey.IdCharacters);
        var text = ApiKey.Text(id, RandomNumberGenerator.GetString(Alphabet, SecretCharacters));
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller, id, [.. DataDirectory.HashKey(text)], parts.Time.GetUtcNow(), errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        if (await parts.Order(order, cancel) is { } why) return AccountProblems.Of(why);
        // Somebody may have revoked it meanwhile; then it is a key that does not work.
        return parts.Accounts.Keys.GetValueOrDefault(id) is { } key
            ? Answers.Created($"/v1/keys/{id}", KeyResponse.Of(key, null, text), TenantAnswers.Default.KeyResponse)
            : AccountProblems.Of(AccountRefusal.UnknownKey);
    }

    private static async Task<IResult> List(
        Caller caller, [AsParameters] AccountParts parts, KeyActivity activity, CancellationToken cancel,
        string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var (page, next) = ListQuery.Page(
            parts.Accounts.Keys.Values.Where(k => caller.Sees(k.Tenant)), k => k.Id, count, before);
        var uses = await activity.Of([.. page.Select(k => k.Id)], cancel);
        return Answers.Json(new KeyListResponse(
            [.. page.Select(k => KeyResponse.Of(k, uses.GetValueOrDefault(k.Id)))], next),
            TenantAnswers.Default.KeyListResponse);
    }

    /// <param name="id">The id of a key.</param>
    private static Task<IResult> Get(
        string id, Caller caller, [AsParameters] AccountParts parts, KeyActivity activity, CancellationToken cancel) =>
        Answer(id, caller, parts, activity, cancel);

    /// <param name="id">The id of a key.</param>
    private static async Task<IResult> Change(
        string id, HttpRequest http, Caller caller, [AsParameters] AccountParts parts, KeyActivity activity,
        CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(http, AccountJson.Default.ChangeKeyRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var order = request!.ToOrder(caller, id, parts.Time.GetUtcNow(), errors);
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        return await parts.Order(order, cancel) is { } why ? AccountProblems.Of(why)
            : await Answer(id, caller, parts, activity, cancel);
    }

    /// <param name="id">The id of a key.</param>
    private static async Task<IResult> Revoke(
        string id, Caller caller, [AsParameters] AccountParts parts, CancellationToken cancel, string? note = null) =>
        await parts.Remove(note, why => new AccountOrder.RevokeKey(caller.By, caller.Tenant, id) { Note = why }, cancel)
            is { } refusal ? Problem.Of(refusal) : TypedResults.NoContent();

    private static async Task<IResult> Answer(
        string id, Caller caller, AccountParts parts, KeyActivity activity, CancellationToken cancel)
    {
        if (parts.Accounts.Keys.GetValueOrDefault(id) is not { } key || !caller.Sees(key.Tenant))
            return AccountProblems.Of(AccountRefusal.UnknownKey);
        var uses = await activity.Of([id], cancel);
        return Answers.Json(KeyResponse.Of(key, uses.GetValueOrDefault(id)), TenantAnswers.Default.KeyResponse);
    }
}
