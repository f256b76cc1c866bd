using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.History;

/// <summary>A page of a list.</summary>
/// <param name="Nodes">A page of lives, the newest start first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record ClusterHistoryResponse(IReadOnlyList<NodeLifeResponse> Nodes, string? NextCursor);

/// <summary>One life of a node, from a start to its end.</summary>
public sealed record NodeLifeResponse
{
    /// <summary>As events name it.</summary>
    public required string Node { get; init; }

    /// <summary>The version of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Equal where two lives had the same settings.</summary>
    public required string Settings { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its last sign of life: one a minute, and at the end.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>When it ended. Absent while it runs, and when it was lost.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended: <c>lost</c>, when it said nothing after <c>seen_at</c>. Absent while it runs.</summary>
    [WordsOf<NodeEnd>]
    public required string? End { get; init; }

    /// <summary>The rules it went by, the oldest first.</summary>
    public required IReadOnlyList<RulesInForceResponse> Rules { get; init; }

    public static NodeLifeResponse Of(NodeLife life) => new()
    {
        Node = life.Start.Node,
        Program = life.Start.Program,
        Settings = life.Start.Settings,
        StartedAt = life.Start.At,
        SeenAt = life.SeenAt,
        EndedAt = life.EndedAt,
        End = life.End?.ToWord(),
        Rules = [.. life.InForce.Select(r => new RulesInForceResponse(r.At, r.Kind.ToWord(), r.Version))],
    };
}

/// <summary>Rules that a node went by, until the next of their kind.</summary>
/// <param name="At">From when on.</param>
/// <param name="Kind">What they are about.</param>
/// <param name="Version">Their version.</param>
public sealed record RulesInForceResponse(
    DateTimeOffset At, [WordsOf<RulesKind>] string Kind, string Version);

/// <summary><c>GET /v1/cluster/history</c>: which program ran when, and by which rules.</summary>
internal static class GetClusterHistory
{
    public static void MapClusterHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/cluster/history", History).Observed(Observing.AsItIs).WithName("GetClusterHistory")
            .WithSummary("Starts and ends of nodes, the newest start first")
            .Produces<ClusterHistoryResponse>().Refuses(422);

    private static async Task<IResult> History(
        HistoryStore history, CancellationToken cancel, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var found = await history.Nodes(before, count + 1, cancel);
        return Answers.Json(new ClusterHistoryResponse([.. found.Take(count).Select(NodeLifeResponse.Of)],
            found.Count > count ? ListQuery.Cursor(found[count - 1].Number) : null),
            HistoryAnswers.Default.ClusterHistoryResponse);
    }
}
