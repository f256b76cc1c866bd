using AkkaMail.Core.Mail;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Domains;

namespace AkkaMail.Server.Upkeep;

/// <summary>At the start and then again: secrets that nothing needs any more are deleted.</summary>
internal sealed class SecretsUpkeep(
    AccountsView accounts, DomainSecrets secrets, TimeProvider time, ILogger<SecretsUpkeep> log) : BackgroundService
{
    /// <summary>An order is answered within seconds; and this node's copy follows within one.</summary>
    public static readonly TimeSpan OlderThan = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await accounts.Reached(0, stoppingToken);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                var deleted = secrets.DeleteUnused(accounts.Current!.Domains, OlderThan);
                if (deleted > 0) log.LogInformation("{Deleted} secrets of retired keys were deleted", deleted);
            }
            catch (StoreException e) { log.LogWarning(e, "Secrets that are not needed could not be deleted"); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
