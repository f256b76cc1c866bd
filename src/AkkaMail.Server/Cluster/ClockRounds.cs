using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Reputation;

namespace AkkaMail.Server.Cluster;

/// <summary>
/// Tells the alerts how far the clock of each node is off the database's, from the one node that has the <see cref="Duty"/>:
/// by the table of nodes it knows of all, and of those that are there no more.
/// </summary>
internal sealed class ClockRounds(
    ClusterStanding standing, AlertsAsk alerts, Duty duty, TimeProvider time, ILogger<ClockRounds> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!duty.IsHere || standing.Now.Rows.IsEmpty) continue;
            try { await alerts.Tell(Readings((await alerts.Open(stoppingToken)).Alerts), stoppingToken); }
            catch (Akka.Actor.AskTimeoutException) { log.LogDebug("The alerts do not answer: at the next round"); }
        }
    }

    private IEnumerable<AlertReading> Readings(IEnumerable<AlertChanged> open)
    {
        var rows = standing.Now.Rows.Where(r => r.IsFresh && r.Node.Skew is not null).ToDictionary(r => r.Node.Address, r => r.Node.Skew!.Value);
        return rows.Select(r => new AlertReading(AlertRule.Clock, new(AlertKind.Node, null, r.Key),
                r.Value.Duration().TotalSeconds, 0, r.Value > TimeSpan.Zero ? "ahead of the database's clock" : "behind the database's clock"))
            .Concat(open.Where(a => a.Subject.Kind == AlertKind.Node && !rows.ContainsKey(a.Subject.Name))
                .Select(a => new AlertReading(a.Rule, a.Subject, 0, 0, "the node is gone")));
    }
}
