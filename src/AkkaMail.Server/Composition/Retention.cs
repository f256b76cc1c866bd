using AkkaMail.Core.Content;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Bounces;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Domains;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Composition;

/// <summary>
/// Once an hour: bodies, envelopes, idempotency keys, and old sites and counts whose time is over go, in small steps.
/// </summary>
internal sealed class Retention(
    ContentStore content, ReadModel read, SiteLog sites, SuppressionStore suppressions, ReturnedStore returned,
    ReportStore reports, EngagementStore engagement, IOptions<RetentionOptions> options, TimeProvider time, ILogger<Retention> log) : BackgroundService
{
    /// <summary>A year and a month: last December can be compared with this one.</summary>
    public const int FiguresKeptDays = 400;

    private static readonly TimeSpan FiguresKept = TimeSpan.FromDays(FiguresKeptDays);

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var pruned = await content.Prune(time.GetUtcNow(), stoppingToken);
                var keys = await read.PruneKeys(time.GetUtcNow(), stoppingToken);
                var firstDay = DateOnly.FromDateTime((time.GetUtcNow() - FiguresKept).UtcDateTime);
                await read.PruneOutcomes(firstDay, stoppingToken);
                await reports.Prune(firstDay, stoppingToken);
                await suppressions.Prune(time.GetUtcNow(), stoppingToken);
                await returned.Prune(time.GetUtcNow() - options.Value.Returned, stoppingToken);
                await engagement.Prune(time.GetUtcNow() - FiguresKept, stoppingToken);
                await sites.Prune(time.GetUtcNow() - FiguresKept, stoppingToken);
                if (pruned + keys > 0) log.LogInformation("Retention: {Rows} rows and {Keys} keys went", pruned, keys);
            }
            catch (Exception e) when (e is ContentStoreException or ReadModelException or SiteLogException
                or SuppressionException or ReturnedException or ReportStoreException or EngagementException)
            {
                log.LogWarning(e, "Retention waits an hour");
            }
        }
    }
}
