namespace AkkaMail.Server.Composition;

/// <summary>
/// Looks every 2 s whether the shaping file changed. A file watcher would miss mounts that tell nothing (NFS, a
/// container's config map).
/// </summary>
internal sealed class ShapingWatch(ShapingFile file, TimeProvider time, ILogger<ShapingWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { file.Look(); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.LogWarning("{File} cannot be read now: {Reason}", file.Path, e.Message);
            }
        }
    }
}
