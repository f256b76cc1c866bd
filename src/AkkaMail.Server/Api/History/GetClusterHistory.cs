using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.History;

public sealed record ClusterHistoryResponse(IReadOnlyList<NodeLifeResponse> Nodes, string? NextCursor);

/// <summary>
/// One life of a node, from a start to its end. <see cref="Node"/> is as events name it. <see cref="End"/> is
/// <c>stopped</c>, <c>lost</c> when it said nothing (then it ended after <see cref="SeenAt"/>), absent while it runs.
/// </summary>
public sealed record NodeLifeResponse
{
    public required string Node { get; init; }

    /// <summary>The version of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Equal where two lives had the same settings.</summary>
    public required string Settings { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The last sign of life: one a minute, and at the end.</summary>
    public required DateTimeOffset SeenAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    public required string? End { get; init; }
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

/// <summary>From <paramref name="At"/> on, until the next of its kind, the node went by these rules.</summary>
public sealed record RulesInForceResponse(DateTimeOffset At, string Kind, string Version);

/// <summary><c>GET /v1/cluster/history</c>: which program ran when, and by which rules.</summary>
internal static class GetClusterHistory
{
    public static void MapClusterHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/cluster/history", History).Observed(Observing.AsItIs).WithName("GetClusterHistory")
            .WithSummary("Starts and ends of nodes, the newest start first")
            .WithDescription("limit is 1 to 500.")
            .Produces<ClusterHistoryResponse>().Refuses(422);

    private static async Task<IResult> History(
        HistoryStore history, CancellationToken cancel, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var found = await history.Nodes(before, count + 1, cancel);
        return Answers.Json(new ClusterHistoryResponse([.. found.Take(count).Select(NodeLifeResponse.Of)],
            found.Count > count ? found[count - 1].Number.ToString(CultureInfo.InvariantCulture) : null),
            HistoryAnswers.Default.ClusterHistoryResponse);
    }
}
