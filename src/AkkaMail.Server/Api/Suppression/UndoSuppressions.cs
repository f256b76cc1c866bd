using System.Security.Cryptography;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>
/// <c>POST /v1/suppressions/undo</c>: lifts what a mistaken rule, a broken source or a mad site has put on the lists.
/// </summary>
internal static class UndoSuppressions
{
    private const int SampleMax = 20;

    public static void MapUndoSuppressions(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/suppressions/undo", Undo).Needs(Scopes.Manage).WithName("UndoSuppressions")
            .WithSummary("Lift the entries with a common cause; first only shows them")
            .WithDescription("By rule, reason, source, site and the time they were added. Without dry_run of false "
                + "nothing is changed. Entries are lifted by events of their own, which bear the name of the undo.")
            .Accepts<UndoRequest>("application/json").Produces<UndoResponse>().Refuses(400, 413, 415, 422);

    private static async Task<IResult> Undo(
        HttpRequest http, Caller caller, SuppressionStore store, TimeProvider time, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, SuppressionJson.Default.UndoRequest, SuppressionEndpoints.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        if (request!.Read(caller, errors) is not { } query) return Problem.Invalid(errors.All);

        var now = time.GetUtcNow();
        var count = await store.Count(query, cancel);
        var sample = await store.List(query, null, SampleMax, cancel);
        var isDry = request.DryRun ?? true;
        var name = isDry ? null : $"undo-{now:yyyyMMddHHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
        long lifted = 0;
        // Newest first and downwards: what is added meanwhile is not among them.
        for (long? before = null; !isDry;)
        {
            var some = await store.List(query, before, SuppressionStore.BatchMax, cancel);
            if (some.IsEmpty) break;
            lifted += await store.Lift([.. some.Select(e => e.Id)], caller.By, name, request.Note, now, cancel);
            before = some[^1].Id;
        }
        return Answers.Json(
            new UndoResponse(isDry, count, lifted, name, [.. sample.Select(SuppressionResponse.Of)]),
            SuppressionAnswers.Default.UndoResponse);
    }
}
