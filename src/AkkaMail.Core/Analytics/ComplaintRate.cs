using AkkaMail.Core.Alerts;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Analytics;

/// <summary>
/// Complaints as a share of what was delivered in the last <see cref="Days"/> days. They come days after the mail, so
/// both are counted over the same days and not mail by mail, as Gmail and Yahoo do.
/// </summary>
public sealed record ComplaintRate(AlertSubject Subject, long Complaints, long Delivered)
{
    public const int Days = 7;

    /// <summary>0 to 1; 0 where nothing was delivered.</summary>
    public double Share => Delivered == 0 ? 0 : (double)Complaints / Delivered;

    /// <summary>
    /// Of each tenant, of each of its streams, and of each of its sending domains, also of those with earlier days
    /// only: their alerts have to end.
    /// </summary>
    public static IEnumerable<ComplaintRate> Of(IReadOnlyCollection<DailyOutcomes> days, DateOnly today)
    {
        var from = today.AddDays(1 - Days);
        foreach (var tenant in days.GroupBy(d => d.Tenant))
        {
            yield return Of(new(AlertKind.Tenant, tenant.Key, tenant.Key), tenant, from);
            foreach (var stream in tenant.GroupBy(d => d.Stream))
                yield return Of(new(AlertKind.Stream, tenant.Key, stream.Key), stream, from);
            foreach (var domain in tenant.Where(d => d.Sender.Length > 0).GroupBy(d => d.Sender))
                yield return Of(new(AlertKind.Domain, tenant.Key, domain.Key), domain, from);
        }
    }

    public AlertReading ToReading() => new(AlertRule.Complaints, Subject, Share, Delivered,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Complaints} complaints in {Days} days"));

    private static ComplaintRate Of(AlertSubject subject, IEnumerable<DailyOutcomes> days, DateOnly from)
    {
        var (complaints, delivered) = (0L, 0L);
        foreach (var day in days.Where(d => d.Day >= from))
            (complaints, delivered) = (complaints + day.Complaints, delivered + day.Counts[ReplyClass.Accepted]);
        return new(subject, complaints, delivered);
    }
}
