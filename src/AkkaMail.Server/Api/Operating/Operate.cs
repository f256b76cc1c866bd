using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Api.Operating;

/// <summary>Whether all that was accepted is accounted for.</summary>
/// <param name="Accepted">Messages that were ever accepted.</param>
/// <param name="Statuses">How many are in each status.</param>
/// <param name="Alive">How many have not ended, as the read model counts.</param>
/// <param name="Complete">Whether the statuses add up to what was accepted, and to what the ledgers hold. Not as long as one
/// of them does not answer.</param>
/// <param name="Unfinished">How many have not ended, as the ledgers count.</param>
/// <param name="ProjectorLag">Stored events that are not in the lists yet.</param>
/// <param name="Reported">Messages that something came back about, beside their status.</param>
public sealed record StatusResponse(
    long Accepted, IReadOnlyDictionary<string, long> Statuses, long Alive, bool Complete, long Unfinished,
    long ProjectorLag, IReadOnlyDictionary<string, long> Reported);

internal static class Operate
{
    public static void MapOperating(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/status", Status).WithName("GetStatus")
            .WithSummary("Counts by status, and whether they add up to what was accepted")
            .Produces<StatusResponse>().Refuses();
    }

    private static async Task<IResult> Status(MessageGenerations read, LedgerAsk ledgers, CancellationToken cancel)
    {
        // The ledgers say it, wherever they live; before the counts, which are then no older.
        var (stands, current) = (await ledgers.Stands(cancel), read.Row.Current);
        var (unfinished, lag) = (stands.Sum(s => s.Unfinished), stands.Sum(s => s.LagOf(current)));
        var streams = await read.Current.Counters(cancel);
        var alive = streams.Sum(s => s.Alive);
        var byStatus = streams.SelectMany(s => s.ByStatus).GroupBy(s => s.Key)
            .ToDictionary(g => g.Key, g => g.Sum(s => s.Value));
        return Answers.Json(new StatusResponse(
            streams.Sum(s => s.Accepted),
            Enum.GetValues<MessageStatus>().ToDictionary(s => s.ToWord(), s => byStatus.GetValueOrDefault(s)),
            alive, stands.Count == ledgers.Count && streams.All(s => s.IsComplete) && (lag > 0 || alive == unfinished), unfinished, lag,
            Enum.GetValues<AmendmentKind>().ToDictionary(k => k.ToWord(), k => streams.Sum(s => s.Amended.GetValueOrDefault(k)))),
            OperatingAnswers.Default.StatusResponse);
    }
}
