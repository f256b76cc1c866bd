using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Domains;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// At the start and then again: secrets that nothing needs any more are deleted, on the node that has the
/// <see cref="Duty"/>. By the accounts as their journal has them: the key that another node made while this one stood still
/// is in no copy of it.
/// </summary>
internal sealed class SecretsUpkeep(
    AccountAsk accounts, DomainSecrets secrets, Duty duty, TimeProvider time, ILogger<SecretsUpkeep> log) : BackgroundService
{
    /// <summary>An order is answered within seconds.</summary>
    public static readonly TimeSpan OlderThan = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await duty.Begun(stoppingToken);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            if (!duty.IsHere) continue;
            // Before the journal is read: however long that takes, what is older than this is in it.
            var before = time.GetUtcNow() - OlderThan;
            try
            {
                if (await accounts.Now(stoppingToken) is not { } now) continue;
                var deleted = secrets.DeleteUnused(now.Domains, before);
                if (deleted > 0) log.LogInformation("{Deleted} secrets of retired keys were deleted", deleted);
            }
            catch (StoreException e) { log.LogWarning(e, "Secrets that are not needed could not be deleted"); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
