using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Analytics;

public class ComplaintRateTests
{
    private static readonly DateOnly Today = new(2026, 11, 27);

    private static DailyOutcomes Day(int ago, string stream, string sender, int delivered, int complaints) =>
        new("acme", stream, sender, Today.AddDays(-ago), OutcomeCounts.Of((ReplyClass.Accepted, delivered)))
        { Complaints = complaints };

    [Fact]
    public void A_week_counts_for_the_tenant_each_stream_and_each_domain()
    {
        DailyOutcomes[] days =
        [
            Day(0, "broadcast", "a.test", 1_000, 3), Day(6, "broadcast", "b.test", 3_000, 1),
            Day(6, "receipts", "a.test", 4_000, 0), Day(7, "broadcast", "a.test", 50_000, 500),
        ];

        var rates = ComplaintRate.Of(days, Today).ToDictionary(r => (r.Subject.Kind, r.Subject.Name));

        Assert.Equal((4, 8_000), (rates[(AlertKind.Tenant, "acme")].Complaints, rates[(AlertKind.Tenant, "acme")].Delivered));
        Assert.Equal(0.001, rates[(AlertKind.Stream, "broadcast")].Share, 6);
        Assert.Equal(0, rates[(AlertKind.Stream, "receipts")].Share);
        Assert.Equal(0.0006, rates[(AlertKind.Domain, "a.test")].Share, 6);
    }

    [Fact]
    public void An_alert_opens_at_a_tenth_of_a_per_cent_and_ends_when_nothing_is_sent_any_more()
    {
        var book = new AlertBook();
        AlertChanged? Read(int delivered, int complaints)
        {
            var reading = ComplaintRate.Of([Day(3, "broadcast", "", delivered, complaints)], Today)
                .First(r => r.Subject.Kind == AlertKind.Stream).ToReading();
            var change = book.Decide(reading, DateTimeOffset.UnixEpoch);
            if (change is not null) book.Apply(change);
            return change;
        }

        Assert.Null(Read(999, 100));   // One complaint more would be a level of its own.
        Assert.Null(Read(10_000, 9));
        Assert.Equal(AlertLevel.Warning, Read(10_000, 10)!.To);
        Assert.Equal(AlertLevel.Critical, Read(10_000, 30)!.To);
        Assert.Equal(AlertLevel.None, Read(0, 0)!.To);
    }
}
