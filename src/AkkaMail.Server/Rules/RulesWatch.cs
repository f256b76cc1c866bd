namespace AkkaMail.Server.Rules;

/// <summary>
/// Looks every 2 s whether a file of rules changed. A file watcher would miss mounts that tell nothing (NFS, a
/// container's config map).
/// </summary>
internal sealed class RulesWatch(IEnumerable<RulesFile> files, TimeProvider time, ILogger<RulesWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            foreach (var file in files)
                try { file.Look(); }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    log.LogWarning("{File} cannot be read now: {Reason}", file.Path, e.Message);
                }
    }
}
