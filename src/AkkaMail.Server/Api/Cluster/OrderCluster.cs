using System.Globalization;
using AkkaMail.Server.Access;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Cluster;

/// <summary>
/// <c>POST /v1/cluster/nodes/{node}/leave|down</c> and <c>/v1/cluster/ledgers/{ledger}/move</c>: an operator's word with its
/// reason, kept before it is given. The answer is the cluster.
/// </summary>
internal static class OrderCluster
{
    private const int BodyBytesMax = 4096;

    public static void MapClusterOrders(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/cluster/nodes/{node}/leave", Leave).WithName("LeaveCluster")
            .WithSummary("Let a node end as at SIGTERM: attempts end, its ledgers move, nothing is in doubt")
            .WithDescription("The answer comes when it has begun. A node that does not answer: 409.")
            .Accepts<ClusterOrderRequest>("application/json").Produces<ClusterResponse>(202).Refuses(400, 404, 409, 413, 415, 422);
        app.MapPost("/v1/cluster/nodes/{node}/down", Down).WithName("DownNode")
            .WithSummary("Take a node for dead: its ledgers begin elsewhere at once")
            .WithDescription("For one that does not answer and will not come back. One that does live ends itself; what it had "
                + "under way may go twice. The last node cannot be downed: 409.")
            .Accepts<ClusterOrderRequest>("application/json").Produces<ClusterResponse>(202).Refuses(400, 404, 409, 413, 415, 422);
        app.MapPost("/v1/cluster/ledgers/{ledger}/move", Move).WithName("MoveLedger")
            .WithSummary("Let a ledger live on another node")
            .WithDescription("It moves within seconds, at a commit; attempts that run end where they run. It stays there until nodes "
                + "come or go.")
            .Accepts<MoveRequest>("application/json").Produces<ClusterResponse>(202).Refuses(400, 404, 409, 413, 415, 422);
    }

    /// <param name="node">Its address, its host and port, or its name in the shaping file.</param>
    private static async Task<IResult> Leave(
        string node, HttpRequest http, Caller caller, [AsParameters] ClusterParts parts, CancellationToken cancel)
    {
        if (parts.Cluster.Find(node) is not { } found) return NoNode(node);
        var (reason, problem) = await Reason(http, cancel);
        if (problem is not null) return problem;
        if (!await parts.Cluster.Leave(found, caller.By, reason!, cancel))
            return Problem.Of(RefusalCode.Conflict, "The node does not answer", "If it is dead, it can be downed.");
        return await Show(parts, cancel);
    }

    /// <param name="node">Its address, its host and port, or its name in the shaping file.</param>
    private static async Task<IResult> Down(
        string node, HttpRequest http, Caller caller, [AsParameters] ClusterParts parts, CancellationToken cancel)
    {
        if (parts.Cluster.Find(node) is not { } found) return NoNode(node);
        var (reason, problem) = await Reason(http, cancel);
        if (problem is not null) return problem;
        if (found.IsThis)
            return Problem.Of(RefusalCode.Conflict, "A node does not take itself for dead", "Ask another node, or let it leave.");
        await parts.Cluster.Down(found, caller.By, reason!, cancel);
        return await Show(parts, cancel);
    }

    /// <param name="ledger">Its number, from 0.</param>
    private static async Task<IResult> Move(
        string ledger, HttpRequest http, Caller caller, [AsParameters] ClusterParts parts, CancellationToken cancel)
    {
        if (!int.TryParse(ledger, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= parts.Ledgers.Count)
            return Problem.Of(RefusalCode.NotFound, "There is no such ledger", string.Create(CultureInfo.InvariantCulture,
                $"There are 0 to {parts.Ledgers.Count - 1}."));
        var (request, problem) = await JsonBody.Read(http, ClusterAnswers.Default.MoveRequest, BodyBytesMax, cancel);
        if (problem is not null) return problem;
        var errors = new FieldErrors();
        var to = request!.To is { } name ? parts.Cluster.Find(name) : null;
        errors.Check("to", request.To is null ? "is needed: the address or the name of a node"
            : to is null ? "is no node of this cluster" : to.Standing != NodeStanding.Up ? "is a node that is not up" : null);
        errors.Check("reason", FaultOf(request.Reason));
        if (errors.All.Count > 0) return Problem.Invalid(errors.All);
        var silent = await parts.Cluster.Move(number, to!, caller.By, request.Reason!, cancel);
        return silent.Count > 0
            ? Problem.Of(RefusalCode.Conflict, "Not every node has heard of it", $"{string.Join(", ", silent)} did not answer: order it again.")
            : await Show(parts, cancel);
    }

    private static async Task<(string? Reason, Problem? Problem)> Reason(HttpRequest http, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(http, ClusterAnswers.Default.ClusterOrderRequest, BodyBytesMax, cancel);
        if (problem is not null) return (null, problem);
        return FaultOf(request!.Reason) is { } fault ? (null, Problem.Field("reason", fault)) : (request.Reason, null);
    }

    private static string? FaultOf(string? reason) => string.IsNullOrWhiteSpace(reason) ? "is needed: why it is done"
        : reason.Length > ClusterAdmin.ReasonMax ? $"may have {ClusterAdmin.ReasonMax} characters" : null;

    private static Problem NoNode(string node) => Problem.Of(RefusalCode.NotFound, "There is no such node",
        $"{node} is no address, host and port, or name of a node of this cluster.");

    private static async Task<IResult> Show(ClusterParts parts, CancellationToken cancel) => Answers.Json(
        await GetCluster.Of(parts.Cluster, parts.Ledgers, parts.Read, parts.History, cancel),
        ClusterAnswers.Default.ClusterResponse, statusCode: 202);

    /// <summary>What an order needs to be given and told.</summary>
    internal sealed record ClusterParts(ClusterAdmin Cluster, LedgerAsk Ledgers, MessageGenerations Read, HistoryStore History);
}
