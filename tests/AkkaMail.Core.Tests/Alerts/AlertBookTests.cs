using AkkaMail.Core.Alerts;
using AkkaMail.Core.Analytics;
using AkkaMail.Core.Replies;
using CsCheck;

namespace AkkaMail.Core.Tests.Alerts;

/// <summary>When a figure opens an alert, and when it is over.</summary>
public class AlertBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertSubject Acme = new(AlertKind.Tenant, "acme", "acme");
    private readonly AlertBook _book = new();

    private AlertLevel? After(string rule, double value, double messages = 10_000)
    {
        var change = _book.Decide(new(rule, Acme, value, messages, null), Noon);
        if (change is not null) _book.Apply(change);
        return change?.To;
    }

    [Fact]
    public void A_score_opens_at_its_bounds_and_is_over_only_well_above_them()
    {
        double[] scores = [80, 60, 59.9, 65, 70, 59, 29, 39, 45, 69, 71];

        var levels = scores.Select(s => After(AlertRule.Reputation, s)).ToList();

        Assert.Equal(
            [null, null, AlertLevel.Warning, null, AlertLevel.None, AlertLevel.Warning, AlertLevel.Critical, null,
                AlertLevel.Warning, null, AlertLevel.None], levels);
        Assert.Empty(_book.Open);
    }

    [Fact]
    public void Complaints_open_at_a_tenth_of_a_percent_and_ring_louder_at_three_tenths()
    {
        double[] rates = [0.0009, 0.001, 0.0009, 0.003, 0.0025, 0.0023, 0.0007];

        var levels = rates.Select(r => After(AlertRule.Complaints, r)).ToList();

        Assert.Equal([null, AlertLevel.Warning, null, AlertLevel.Critical, null, AlertLevel.Warning, AlertLevel.None],
            levels);
    }

    [Theory]
    [InlineData(AlertRule.Clock, 0.5, 2)]
    [InlineData(AlertRule.Silence, 30, 120)]
    public void Seconds_of_a_node_or_a_ledger_open_without_any_message(string rule, double warning, double critical)
    {
        double[] seconds = [warning * 0.99, warning, critical * 0.99, critical, critical * 0.81, critical * 0.79, warning * 0.81, 0];

        var levels = seconds.Select(s => After(rule, s, messages: 0)).ToList();

        Assert.Equal([null, AlertLevel.Warning, null, AlertLevel.Critical, null, AlertLevel.Warning, null, AlertLevel.None], levels);
    }

    [Fact]
    public void Too_few_messages_open_nothing_and_end_nothing()
    {
        Assert.Null(After(AlertRule.Complaints, 0.5, messages: 999));
        Assert.Equal(AlertLevel.Critical, After(AlertRule.Complaints, 0.5, messages: 1_000));
        Assert.Null(After(AlertRule.Complaints, 0, messages: 999));
    }

    [Fact]
    public void A_change_names_the_bound_and_the_level_before()
    {
        _book.Apply(_book.Decide(new(AlertRule.Reputation, Acme, 20, 300, "unknown_user 16 %"), Noon)!);

        var open = Assert.Single(_book.Open);
        Assert.Equal(new AlertChanged(Noon, AlertRule.Reputation, Acme, AlertLevel.None, AlertLevel.Critical, 20, 30,
            300, "unknown_user 16 %"), open);
    }

    [Fact]
    public void Beyond_the_bound_none_is_opened_and_those_open_still_change()
    {
        for (var i = 0; i < AlertBook.OpenMax; i++)
            _book.Apply(_book.Decide(new(AlertRule.Reputation, new(AlertKind.Tenant, $"t{i}", $"t{i}"), 50, 1, null),
                Noon)!);

        Assert.Null(After(AlertRule.Reputation, 10));
        Assert.Equal(AlertLevel.Critical, _book.Decide(
            new(AlertRule.Reputation, new(AlertKind.Tenant, "t0", "t0"), 10, 1, null), Noon)?.To);
    }

    [Fact]
    public void A_figure_told_again_changes_nothing() =>
        Gen.Double[0, 100].Array[1, 30].Sample(scores =>
        {
            var book = new AlertBook();
            foreach (var score in scores)
            {
                var reading = new AlertReading(AlertRule.Reputation, Acme, score, 100, null);
                if (book.Decide(reading, Noon) is { } change) book.Apply(change);
                Assert.Null(book.Decide(reading, Noon));
            }
        });

    [Fact]
    public void A_tenant_stands_as_all_its_domains_do_and_old_days_weigh_less()
    {
        DailyOutcomes Day(string sender, int daysAgo, ReplyClass c, int count) => new(
            "acme", "broadcast", sender, DateOnly.FromDateTime(Noon.UtcDateTime).AddDays(-daysAgo), OutcomeCounts.Of((c, count)));

        var all = SenderReputation.Of(
        [
            Day("good.test", 0, ReplyClass.Accepted, 10_000), Day("bad.test", 0, ReplyClass.UnknownUser, 300),
            Day("bad.test", 1, ReplyClass.Accepted, 700), Day("old.test", 28, ReplyClass.UnknownUser, 300),
            Day("old.test", 0, ReplyClass.Accepted, 700),
        ], Noon).ToDictionary(r => r.Domain ?? "", r => r);

        Assert.Equal(["", "bad.test", "good.test", "old.test"], all.Keys.Order());
        Assert.Equal(100, all["good.test"].Score, 0.2);
        Assert.Equal(("unknown_user", true), (all["bad.test"].Worst, all["bad.test"].Score < 5));
        Assert.InRange(all["old.test"].Score, 80, 95);   // A sixteenth of 300 in 719.
        Assert.InRange(all[""].Score, all["bad.test"].Score, all["good.test"].Score);
    }
}
