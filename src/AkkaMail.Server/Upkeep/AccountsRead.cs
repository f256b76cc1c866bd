using AkkaMail.Engine.Tenants;

namespace AkkaMail.Server.Upkeep;

/// <summary>
/// The doors open when the accounts have been read, or after <see cref="Most"/>: a port that answers 503 looks broken to
/// who has just started it.
/// </summary>
internal sealed class AccountsRead(AccountsView accounts, TimeProvider time, ILogger<AccountsRead> log) : IHostedService
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try { await accounts.Reached(0, cancellationToken).WaitAsync(Most, time, cancellationToken); }
        catch (TimeoutException e) { log.LogDebug(e, "The accounts are not read yet; readiness says so"); }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
