using Akka.Actor;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Alerts;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Alerts;

/// <summary>What is over its bound is remembered, also by the actor's next life.</summary>
public sealed class AlertsActorTests() : Kit(movesTime: true)
{
    private static readonly LimitKey Lane = new LimitKey.Lane(new("ip1", "google"));

    private static ReadFigures Score(double score) =>
        new([new(AlertRule.Reputation, new(AlertKind.Lane, null, Lane.ToString()), score, 400, "blocked 9 %")]);

    /// <summary>Ten thousand may be open, and that is more than one message carries.</summary>
    [Fact]
    public async Task The_open_alerts_are_told_in_pages()
    {
        var alerts = Sys.ActorOf(AlertsActor.Props(CreateTestProbe()));
        alerts.Tell(new ReadFigures([.. Enumerable.Range(0, OpenAlerts.PageMax + 7).Select(n => new AlertReading(
            AlertRule.Reputation, new(AlertKind.Tenant, $"t{n}", $"t{n}"), 5, 400, null))]));

        await AwaitAssertAsync(async () => Assert.Equal(OpenAlerts.PageMax,
            (await alerts.Ask<OpenAlerts>(ListAlerts.Instance)).Alerts.Length));
        var first = await alerts.Ask<OpenAlerts>(ListAlerts.Instance);
        var rest = await alerts.Ask<OpenAlerts>(new ListAlerts(OpenAlerts.PageMax));

        Assert.Equal((true, false, first.Newest), (first.HasMore, rest.HasMore, rest.Newest));
        Assert.Equal(OpenAlerts.PageMax + 7, first.Alerts.Concat(rest.Alerts).Distinct().Count());
    }

    [Fact]
    public async Task A_bad_score_opens_an_alert_that_outlasts_a_restart_and_a_good_one_ends_it()
    {
        var governors = CreateTestProbe();
        var alerts = Sys.ActorOf(AlertsActor.Props(governors));
        alerts.Tell(Score(50), TestActor);
        alerts.Tell(Score(50), TestActor);   // Told twice, opened once.
        var open = await Open(alerts, 1);
        Assert.Equal((AlertLevel.Warning, 50, 60, 1L), (open.Alerts[0].To, open.Alerts[0].Value, open.Alerts[0].Bound, open.Newest));

        await WatchAsync(alerts);
        alerts.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(alerts);
        var next = Sys.ActorOf(AlertsActor.Props(governors));
        Assert.Equal(open.Alerts.AsEnumerable(), (await Open(next, 1)).Alerts.AsEnumerable());

        next.Tell(Score(90), TestActor);
        Assert.Equal(2, (await Open(next, 0)).Newest);
    }

    [Fact]
    public async Task A_lane_that_nobody_sends_to_is_asked_how_it_stands_and_its_answer_ends_the_alert()
    {
        var governors = CreateTestProbe();
        var alerts = Sys.ActorOf(AlertsActor.Props(governors));
        alerts.Tell(Score(20), TestActor);
        await Open(alerts, 1);

        Clock.Advance(TimeSpan.FromMinutes(1));
        var asked = await governors.ExpectMsgAsync<ToGovernor>();
        governors.Reply(Score(85));

        Assert.Equal((Lane, TellStanding.Instance), (asked.Limit, asked.Message));
        await Open(alerts, 0);
    }

    [Fact]
    public async Task A_governor_tells_when_its_lane_falls_into_disrepute_and_its_journal_says_why()
    {
        var told = CreateTestProbe();
        var terms = new LaneTerms(Lane, new(100, TimeSpan.FromSeconds(1)), 10, [], null, "v1");
        var governor = Sys.ActorOf(GovernorActor.Props(
            Lane, new(_ => terms, () => 1, _ => false, Alerts: () => told)));

        governor.Tell(new RenewLease("a", new(1_000, 10), 0, 0, new(
            OutcomeCounts.Of((ReplyClass.Accepted, 800), (ReplyClass.UnknownUser, 200)), [], 1_000)), TestActor);
        await ExpectMsgAsync<Lease>();
        Clock.Advance(TimeSpan.FromMinutes(2));   // The minute ends, and is counted.

        var reading = (await told.ExpectMsgAsync<ReadFigures>()).Readings
            .Single(r => r.Rule == AlertRule.Reputation);
        Assert.Equal((new AlertSubject(AlertKind.Lane, null, "ip1@google"), "unknown_user 20 %"),
            (reading.Subject, reading.Detail));
        Assert.InRange(reading.Value, 0, 10);
        governor.Tell(new DescribeLane(), TestActor);
        Assert.Equal(Standing.Poor, (await FishForMessageAsync<LaneState>(_ => true)).Standing);
    }

    [Fact]
    public async Task A_governor_tells_complaints_about_its_lane_as_a_share_of_what_was_delivered()
    {
        var told = CreateTestProbe();
        var terms = new LaneTerms(Lane, new(1_000, TimeSpan.FromSeconds(1)), 10, [], null, "v1");
        var governor = Sys.ActorOf(GovernorActor.Props(
            Lane, new(_ => terms, () => 1, _ => false, Alerts: () => told)));
        governor.Tell(new RenewLease("a", new(1_000, 10), 0, 0, new(
            OutcomeCounts.Of((ReplyClass.Accepted, 2_000)), [], 2_000)), TestActor);
        await ExpectMsgAsync<Lease>();
        Clock.Advance(TimeSpan.FromMinutes(2));   // The minute ends, and is counted.

        governor.Tell(new CountFeedback(6, 0), TestActor);

        var reading = (await told.ExpectMsgAsync<ReadFigures>()).Readings
            .Single(r => r.Rule == AlertRule.Complaints);
        Assert.Equal(0.003, reading.Value, 5);
        var book = new AlertBook();
        Assert.Equal(AlertLevel.Critical, book.Decide(reading, Sys.Scheduler.Now)!.To);
        governor.Tell(new DescribeLane(), TestActor);
        Assert.Equal(0.003, (await FishForMessageAsync<LaneState>(_ => true)).ComplaintRate!.Value, 5);
    }

    private async Task<OpenAlerts> Open(IActorRef alerts, int count)
    {
        OpenAlerts? open = null;
        await AwaitAssertAsync(async () =>
        {
            open = await alerts.Ask<OpenAlerts>(ListAlerts.Instance);
            Assert.Equal(count, open.Alerts.Length);
        });
        return open!;
    }
}
