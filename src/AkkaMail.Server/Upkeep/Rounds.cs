using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Data;
using AkkaMail.Server.History;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// Notes each minute that this node lives, and how new the files of the data directory are, so that one that is copied
/// back from before is told at the next start.
/// </summary>
internal sealed class Rounds(
    DataDirectory data, NodeHistory history, Duty duty, TimeProvider time, ILogger<Rounds> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Try(history.Seen);
            if (duty.IsHere) Try(history.LookForLost);
            Try(data.NoteRound);   // Whatever the other says: files that are gone are found here.
        }
    }

    private void Try(Action note)
    {
        try { note(); }
        // Readiness says what is wrong with the disk.
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            log.LogDebug(e, "No round now");
        }
    }
}
