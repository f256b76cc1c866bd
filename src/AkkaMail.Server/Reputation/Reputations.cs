using System.Collections.Frozen;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Reputation;

/// <summary>
/// The scores of tenants and sending domains on this node, counted anew from the read model each minute: they steer how
/// many turns a tenant has beside others. The node that has the <see cref="Duty"/> tells them to the alerts, which it opens
/// and ends.
/// </summary>
internal sealed class Reputations(
    MessageGenerations read, AlertsAsk alerts, Duty duty, TimeProvider time, ILogger<Reputations> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private volatile FrozenDictionary<string, double> _tenants = FrozenDictionary<string, double>.Empty;

    /// <summary>0 to 100; of one that has sent nothing lately 100: it slows nobody down.</summary>
    public double ScoreOf(string tenant) => _tenants.GetValueOrDefault(tenant, 100);

    /// <summary>Of one tenant, or null: of all.</summary>
    public static async Task<IReadOnlyList<SenderReputation>> Read(
        ReadModel read, string? tenant, DateTimeOffset now, CancellationToken cancel)
    {
        return [.. SenderReputation.Of(await Days(read, tenant, now, cancel), now)];
    }

    /// <summary>Complaint rates of one tenant, or null: of all.</summary>
    public static async Task<IReadOnlyList<ComplaintRate>> ReadComplaints(
        ReadModel read, string? tenant, DateTimeOffset now, CancellationToken cancel) =>
        [.. ComplaintRate.Of(await Days(read, tenant, now, cancel), DateOnly.FromDateTime(now.UtcDateTime))];

    private static Task<IReadOnlyCollection<DailyOutcomes>> Days(
        ReadModel read, string? tenant, DateTimeOffset now, CancellationToken cancel) =>
        read.Outcomes(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-SenderReputation.Days), tenant, cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                var now = time.GetUtcNow();
                var days = await Days(read.Current, null, now, stoppingToken);
                var all = SenderReputation.Of(days, now).ToList();
                var complaints = ComplaintRate.Of(days, DateOnly.FromDateTime(now.UtcDateTime));
                _tenants = all.Where(r => r.Domain is null).ToFrozenDictionary(r => r.Tenant, r => r.Score);
                if (!duty.IsHere) continue;
                await alerts.Tell(
                    [.. all.Select(ToReading), .. complaints.Select(c => c.ToReading())], stoppingToken);
            }
            catch (StoreException e) { log.LogWarning(e, "Reputations stay as they are for a minute"); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static AlertReading ToReading(SenderReputation r) => new(
        AlertRule.Reputation,
        r.Domain is null ? new(AlertKind.Tenant, r.Tenant, r.Tenant) : new(AlertKind.Domain, r.Tenant, r.Domain),
        r.Score, r.Messages,
        SenderReputation.Words(r.Worst is { } worst ? (worst, r.Share) : null));
}
