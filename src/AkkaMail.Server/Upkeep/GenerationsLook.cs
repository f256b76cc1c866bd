using AkkaMail.Core.Mail;
using AkkaMail.Server.Data;
using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Upkeep;

/// <summary>Looks each second which generation lists are read from: where several nodes can be, any may have changed it.</summary>
internal sealed class GenerationsLook(
    DataDirectory data, Rebuilds rebuilds, TimeProvider time, ILogger<GenerationsLook> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (data.Stores is not PostgresStores) return;
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try { await rebuilds.Look(stoppingToken); }
            catch (StoreException e) { log.LogDebug(e, "Which generation is read is not known now"); }
    }
}
