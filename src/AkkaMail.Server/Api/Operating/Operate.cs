using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Metrics;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Operating;

/// <summary>
/// The completeness equation: accepted = sum of all statuses as the read model counts them, and, when it is not behind,
/// what it holds for alive is what the ledgers hold. <paramref name="Reported"/> counts messages that something came
/// back about, beside their status.
/// </summary>
public sealed record StatusResponse(
    long Accepted, IReadOnlyDictionary<string, long> Statuses, long Alive, bool Complete, long Unfinished,
    long ProjectorLag, IReadOnlyDictionary<string, long> Reported);

public sealed record RebuildResponse(int Ledgers, string Progress);

internal static class Operate
{
    public static void MapOperating(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/status", Status).WithName("GetStatus")
            .WithSummary("Counts by status, and whether they add up to what was accepted")
            .Produces<StatusResponse>().Refuses();
        app.MapPost("/v1/read-model/rebuild", Rebuild).WithName("RebuildReadModel")
            .WithSummary("Empty the read model and fill it again from the journal")
            .WithDescription("Sending goes on meanwhile. Progress: projector_lag of GET /v1/status goes to 0.")
            .Produces<RebuildResponse>(202).Refuses();
    }

    private static async Task<IResult> Status(ReadModel read, EngineMetrics metrics, CancellationToken cancel)
    {
        var (unfinished, lag) = (metrics.UnfinishedNow, metrics.LagOf(ReadModel.Messages));
        var streams = await read.Counters(cancel);
        var alive = streams.Sum(s => s.Alive);
        var byStatus = streams.SelectMany(s => s.ByStatus).GroupBy(s => s.Key)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Value));
        return Answers.Json(new StatusResponse(
            streams.Sum(s => s.Accepted),
            Enum.GetValues<MessageStatus>().ToDictionary(s => s.ToWord(), s => byStatus.GetValueOrDefault(s)),
            alive, streams.All(s => s.IsComplete) && (lag > 0 || alive == unfinished), unfinished, lag,
            Enum.GetValues<AmendmentKind>().ToDictionary(k => k.ToWord(), k => streams.Sum(s => s.Amended.GetValueOrDefault(k)))),
            OperatingAnswers.Default.StatusResponse);
    }

    private static async Task<IResult> Rebuild(
        ReadModel read, LedgerAsk ledgers, DataDirectory data, CancellationToken cancel)
    {
        await read.Empty(cancel);
        for (var i = 0; i < data.Installation.Ledgers; i++) ledgers.Replay(i, ReadModel.Messages);
        return Answers.Json(
            new RebuildResponse(data.Installation.Ledgers, "/v1/status"), OperatingAnswers.Default.RebuildResponse,
            statusCode: 202);
    }
}
