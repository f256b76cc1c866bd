using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// Once an hour, on the node that has the <see cref="Duty"/>: bodies, envelopes, messages and their stories, idempotency keys,
/// and old sites and counts whose time is over go, in small steps.
/// </summary>
internal sealed class Retention(
    ContentStore content, MessageGenerations read, Rebuilds rebuilds, IdempotencyStore keys, SiteLog sites, SuppressionStore suppressions,
    InboundStore returned, ReportStore reports, EngagementStore engagement, LedgerAsk ledgers, Duty duty,
    IOptions<RetentionOptions> options, TimeProvider time, ILogger<Retention> log) : BackgroundService
{
    private static readonly TimeSpan FiguresKept = TimeSpan.FromDays(RetentionOptions.FiguresKeptDays);

    /// <summary>Events that the read model may be behind in ordinary work.</summary>
    private const int LagMax = 10_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!duty.IsHere) continue;
            var (now, figures) = (time.GetUtcNow(), time.GetUtcNow() - FiguresKept);
            var firstDay = DateOnly.FromDateTime(figures.UtcDateTime);
            await Try("content", () => content.Prune(now, stoppingToken));
            await Try("idempotency keys", () => keys.Prune(now, stoppingToken));
            foreach (var (generation, model) in read.All) await Prune(generation, model, now, firstDay, stoppingToken);
            await Try("old generations", () => rebuilds.EndOld(now, stoppingToken));
            await Try("dropped generations", () => Task.Run(read.EraseLeft, stoppingToken));
            await Try("reports", () => reports.Prune(firstDay, stoppingToken));
            await Try("suppressions", () => suppressions.Prune(now, stoppingToken));
            await Try("returned mail", () => returned.Prune(now - options.Value.Returned, stoppingToken));
            await Try("engagement", () => engagement.Prune(figures, stoppingToken));
            await Try("sites", () => sites.Prune(figures, stoppingToken));
        }
    }

    private async Task Prune(
        int generation, ReadModel model, DateTimeOffset now, DateOnly firstDay, CancellationToken cancel)
    {
        // Far behind, it does not know yet what has ended, and takes reports of long ago once more.
        if (await ledgers.LagOf(generation, cancel) < LagMax)
        {
            await Try("lines of stories", () => model.PruneLines(now, cancel));
            await Try("messages", () => model.PruneMessages(now, cancel));
            await Try("reports on messages", () => model.PruneTold(now, cancel));
        }
        await Try("outcomes", () => model.PruneOutcomes(firstDay, cancel));
    }

    /// <summary>One store that does not answer keeps none of the others from forgetting.</summary>
    private async Task Try<T>(string what, Func<Task<T>> prune) where T : struct, IComparable<T>
    {
        try
        {
            var gone = await prune();
            if (gone.CompareTo(default) > 0) log.LogInformation("Retention: {Gone} of {What} went", gone, what);
        }
        catch (StoreException e)
        {
            log.LogWarning(e, "Retention of {What} waits an hour", what);
        }
    }
}
