using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Access;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Cluster;

/// <summary><c>GET /v1/cluster</c>: who is there, and what lives where.</summary>
internal static class GetCluster
{
    private const int OrdersMax = 20;

    /// <summary>Further apart than this, somebody should look at the clocks; far less than what keeps a node from its work.</summary>
    private static readonly TimeSpan SkewWarned = TimeSpan.FromMilliseconds(500);

    public static void MapCluster(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/cluster", Show).Observed(Observing.AsItIs).WithName("GetCluster")
            .WithSummary("The nodes, and the ledgers that live on them")
            .WithDescription("Any node answers for all. A ledger that does not answer within two seconds has no node.")
            .Produces<ClusterResponse>().Refuses();

    private static async Task<IResult> Show(
        ClusterAdmin cluster, LedgerAsk ledgers, MessageGenerations read, HistoryStore history, CancellationToken cancel) =>
        Answers.Json(await Of(cluster, ledgers, read, history, cancel), ClusterAnswers.Default.ClusterResponse);

    public static async Task<ClusterResponse> Of(
        ClusterAdmin cluster, LedgerAsk ledgers, MessageGenerations read, HistoryStore history, CancellationToken cancel)
    {
        var (nodes, current) = (cluster.Nodes(), read.Row.Current);
        var stands = (await ledgers.Stands(cancel)).ToDictionary(s => s.Partition);
        var orders = await history.Orders(OrdersMax, cancel);
        return new(
            [.. nodes.Select(n => NodeOf(n, stands.Values.Count(s => AddressOf(s.Node) == n.Address)))],
            [.. Enumerable.Range(0, ledgers.Count).Select(l => LedgerOf(l, stands.GetValueOrDefault(l), current))],
            [.. orders.Select(ClusterOrderResponse.Of)],
            [.. Warnings(nodes, ledgers.Count - stands.Count)]);
    }

    private static ClusterNodeResponse NodeOf(NodeNow node, int ledgers) => new()
    {
        Node = node.Address,
        Name = node.Row?.Node.Name,
        State = node.Standing.ToWord(),
        IsThis = node.IsThis,
        Version = node.Row?.Node.Version,
        Roles = node.Roles,
        Rules = node.Row?.Node.Rules is { Length: > 0 } rules ? rules : null,
        SkewSeconds = node.Row?.Node.Skew is { } skew ? Math.Round(skew.TotalSeconds, 3) : null,
        StartedAt = node.Row?.Node.StartedAt,
        SeenAt = node.Row?.SeenAt,
        Ledgers = ledgers,
    };

    private static LedgerResponse LedgerOf(int number, LedgerStand? stand, int current) => stand is null
        ? new(number, null, null, null, null)
        : new(number, AddressOf(stand.Node), stand.Unfinished, stand.LagOf(current),
            stand.CommitP99 > TimeSpan.Zero ? Math.Round(stand.CommitP99.TotalSeconds, 4) : null);

    /// <summary>Of an incarnation.</summary>
    private static string AddressOf(string node) => node.Split('#')[0];

    private static IEnumerable<string> Warnings(IReadOnlyList<NodeNow> nodes, int silentLedgers)
    {
        var up = nodes.Where(n => n.Standing == NodeStanding.Up).ToList();
        if (up.Count == 2)
            yield return "Two nodes are less available than one: when the one with the lower address dies, the other ends itself. "
                + "Start a third.";
        foreach (var node in nodes.Where(n => n.Standing == NodeStanding.Unreachable))
            yield return $"{node.Address} does not answer.";
        foreach (var node in up)
            if (node.Row?.Node.Skew is { } skew && skew.Duration() > SkewWarned)
                yield return string.Create(CultureInfo.InvariantCulture, $"The clock of {node.Address} is "
                    + $"{skew.Duration().TotalSeconds:0.0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the database's.");
        if (up.Select(n => n.Row?.Node.Rules).Where(r => r is { Length: > 0 }).Distinct().Count() > 1)
            yield return "Nodes go by different rules: give them the same shaping and bounces files.";
        if (up.Select(n => n.Row?.Node.Version).OfType<string>().Distinct().Count() > 1)
            yield return "Nodes run different versions of the program.";
        if (silentLedgers > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{silentLedgers} ledgers do not answer.");
    }
}
