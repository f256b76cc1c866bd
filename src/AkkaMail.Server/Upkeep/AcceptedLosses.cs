using Akka.Actor;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Upkeep;

/// <summary>What this start was told to do without (<c>--accept-loss</c>) goes into the audit log.</summary>
internal sealed class AcceptedLosses(DataDirectory data, AccountAsk accounts, TimeProvider time, ILogger<AcceptedLosses> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var file in data.Lost)
            while (!await Record(file, stoppingToken)) await Task.Delay(Pause, time, stoppingToken);
    }

    /// <summary>The accounts may still recover; installation.json has it already.</summary>
    private async Task<bool> Record(string file, CancellationToken cancel)
    {
        try
        {
            await accounts.Order(new AccountOrder.AcceptLoss(Caller.Installation, file), cancel);
            return true;
        }
        catch (AskTimeoutException e)
        {
            log.LogDebug(e, "The accounts do not answer yet");
            return false;
        }
    }
}
