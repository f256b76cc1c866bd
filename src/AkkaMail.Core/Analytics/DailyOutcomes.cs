using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Analytics;

/// <summary>What came of a sender's attempts on one day (UTC), by what the replies told.</summary>
public sealed record DailyOutcomes(string Tenant, string Stream, string Sender, DateOnly Day, OutcomeCounts Counts)
{
    /// <summary>Of mail of this or an earlier day, told on this one.</summary>
    public int Complaints { get; init; }
}

/// <summary>
/// How a tenant or one of its sending domains stands with all receivers together, by the same formula as a lane.
/// </summary>
public sealed record SenderReputation(
    string Tenant, string? Domain, double Score, double Messages, string? Worst, double Share)
{
    /// <summary>Days that count: in four half-lives a day has lost 94 % of its weight.</summary>
    public const int Days = 28;

    /// <summary>Each tenant, and each of its domains; <paramref name="days"/> in any order.</summary>
    public static IEnumerable<SenderReputation> Of(IReadOnlyCollection<DailyOutcomes> days, DateTimeOffset now)
    {
        foreach (var tenant in days.GroupBy(d => d.Tenant))
        {
            yield return Of(tenant.Key, null, tenant, now);
            foreach (var domain in tenant.Where(d => d.Sender.Length > 0).GroupBy(d => d.Sender))
                yield return Of(tenant.Key, domain.Key, domain, now);
        }
    }

    /// <summary>What is behind a score: <c>unknown_user 12 %</c>.</summary>
    public static string? Words((string Name, double Share)? worst) => worst is var (name, share)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} {share * 100:0.##} %") : null;

    private static SenderReputation Of(
        string tenant, string? domain, IEnumerable<DailyOutcomes> days, DateTimeOffset now)
    {
        var reputation = new Reputation();
        foreach (var day in days.OrderBy(d => d.Day))
        {
            var end = new DateTimeOffset(day.Day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            reputation.Add(day.Counts, end < now ? end : now);
            reputation.AddFeedback(day.Complaints, 0, end < now ? end : now);
        }
        var worst = reputation.Worst(now);
        return new(tenant, domain, reputation.Score(now), reputation.Messages(now), worst?.Name, worst?.Share ?? 0);
    }
}
