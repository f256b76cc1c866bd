using AkkaMail.Core.Content;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Composition;

/// <summary>Once an hour: bodies, envelopes and idempotency keys whose time is over go, in small steps.</summary>
internal sealed class Retention(ContentStore content, ReadModel read, TimeProvider time, ILogger<Retention> log)
    : BackgroundService
{
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
                if (pruned + keys > 0) log.LogInformation("Retention: {Rows} rows and {Keys} keys went", pruned, keys);
            }
            catch (Exception e) when (e is ContentStoreException or ReadModelException)
            {
                log.LogWarning(e, "Retention waits an hour");
            }
        }
    }
}
