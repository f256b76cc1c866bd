using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Projecting;
using AkkaMail.Server.Description;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Operating;

/// <summary>What is read from the journal so that it can be looked at.</summary>
/// <param name="Projections">All there are.</param>
public sealed record ProjectionListResponse(IReadOnlyList<ProjectionResponse> Projections);

/// <summary>A projection, with the makings of it that there are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Generations">The one that is read, then the one beside it.</param>
public sealed record ProjectionResponse(string Name, IReadOnlyList<GenerationResponse> Generations);

/// <summary>One making of a projection.</summary>
/// <param name="Generation">Counted from 1; no number comes twice.</param>
/// <param name="State">What it is: read, being built, built, or read before.</param>
/// <param name="Events">Events of all ledgers that it has taken in.</param>
/// <param name="Newest">Events that there are.</param>
/// <param name="Since">When it was begun, or was read last.</param>
/// <param name="KeptUntil">When an old one is dropped by itself.</param>
/// <param name="Throttle">The share of one core that a build may take.</param>
/// <param name="HeldBy">What a build waits for now.</param>
/// <param name="FactsPerSecond">Changes of messages that a build takes in a second, over the last half minute.</param>
/// <param name="Eta">When a build will have caught up if it goes on like this.</param>
public sealed record GenerationResponse(
    int Generation, [property: WordsOf<GenerationState>] string State, long Events, long Newest, DateTimeOffset? Since,
    DateTimeOffset? KeptUntil, double? Throttle, [property: WordsOf<BuildHold>] string? HeldBy, double? FactsPerSecond,
    DateTimeOffset? Eta)
{
    internal static GenerationResponse Of(GenerationStand s) => new(
        s.Generation, s.State.ToWord(), s.Events, s.Newest, s.Since, s.KeptUntil, s.Throttle, s.HeldBy?.ToWord(),
        s.FactsPerSecond is { } rate ? Math.Round(rate) : null, s.Eta);
}

/// <summary>A generation to be built.</summary>
/// <param name="Throttle">The share of one core that reading the journal may take on a node; default 1.</param>
public sealed record RebuildRequest([Range(Throttle.Min, Throttle.Max)] double? Throttle);

internal static class Projections
{
    private const int BodyBytesMax = 1024;

    public static void MapProjections(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/projections", async (Rebuilds rebuilds, CancellationToken cancel) => Answers.Json(
                new ProjectionListResponse([await Show(rebuilds, cancel)]), OperatingAnswers.Default.ProjectionListResponse))
            .WithName("ListProjections").WithSummary("What is read from the journal, and how far each making of it is")
            .Produces<ProjectionListResponse>().Refuses();
        app.MapPost("/v1/projections/{name}/rebuild", Rebuild).WithName("RebuildProjection")
            .WithSummary("Build another generation beside the one that is read")
            .WithDescription("Sending and lists go on meanwhile. The build waits while lists are behind or commits take long. "
                + "When it is ready, swap it in. One there can be beside the one that is read: else 409.")
            .Accepts<RebuildRequest>(isOptional: true, "application/json")
            .Produces<ProjectionResponse>(202).Refuses(400, 404, 409, 413, 415, 422);
        app.MapPost("/v1/projections/{name}/swap", Swap).WithName("SwapProjection")
            .WithSummary("Read from the generation beside, and keep the other for a day")
            .WithDescription("At once, for all answers. A second swap is the way back. One that is not ready: 409.")
            .Produces<ProjectionResponse>().Refuses(404, 409);
        app.MapPost("/v1/projections/{name}/drop", Drop).WithName("DropProjection")
            .WithSummary("Drop the generation beside: end a build, or give up the way back")
            .Produces<ProjectionResponse>().Refuses(404, 409);
    }

    /// <param name="name">What is built: <c>messages</c>, which lists and counts are read from.</param>
    private static async Task<IResult> Rebuild(
        string name, HttpRequest http, Rebuilds rebuilds, CancellationToken cancel)
    {
        if (name != ReadModel.Messages) return NotFound();
        var (request, problem) = await JsonBody.Read(http, OperatingAnswers.Default.RebuildRequest, BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var share = request!.Throttle ?? Throttle.Max;
        if (share is not (>= Throttle.Min and <= Throttle.Max))
            return Problem.Field("throttle", string.Create(CultureInfo.InvariantCulture,
                $"must be between {Throttle.Min} and {Throttle.Max}: the share of one core"));
        if (!await rebuilds.Begin(share, cancel))
            return Problem.Of(RefusalCode.Conflict, "There is a generation beside already", "Swap or drop it first.");
        return Answers.Json(await Show(rebuilds, cancel), OperatingAnswers.Default.ProjectionResponse, statusCode: 202);
    }

    /// <param name="name">What is read from the other generation: <c>messages</c>.</param>
    private static async Task<IResult> Swap(string name, Rebuilds rebuilds, CancellationToken cancel)
    {
        if (name != ReadModel.Messages) return NotFound();
        if (await rebuilds.Stands(cancel) is not [_, var beside]) return NoneBeside();
        if (!await rebuilds.IsReady(cancel))
            return Problem.Of(RefusalCode.Conflict, "It has not caught up", string.Create(CultureInfo.InvariantCulture,
                $"Generation {beside.Generation} has {beside.Events} of {beside.Newest} events."));
        if (!await rebuilds.Swap(beside.Generation, cancel)) return NoneBeside();
        return Answers.Json(await Show(rebuilds, cancel), OperatingAnswers.Default.ProjectionResponse);
    }

    /// <param name="name">Of which the generation beside goes: <c>messages</c>.</param>
    private static async Task<IResult> Drop(string name, Rebuilds rebuilds, CancellationToken cancel)
    {
        if (name != ReadModel.Messages) return NotFound();
        if (await rebuilds.Stands(cancel) is not [_, var beside] || !await rebuilds.Drop(beside.Generation, cancel)) return NoneBeside();
        return Answers.Json(await Show(rebuilds, cancel), OperatingAnswers.Default.ProjectionResponse);
    }

    private static Problem NotFound() =>
        Problem.Of(RefusalCode.NotFound, "There is no such projection", $"There is {ReadModel.Messages}.");

    private static Problem NoneBeside() => Problem.Of(RefusalCode.Conflict, "There is no generation beside",
        "The one that is read is the only one: rebuild makes another.");

    private static async Task<ProjectionResponse> Show(Rebuilds rebuilds, CancellationToken cancel) =>
        new(ReadModel.Messages, [.. (await rebuilds.Stands(cancel)).Select(GenerationResponse.Of)]);
}
