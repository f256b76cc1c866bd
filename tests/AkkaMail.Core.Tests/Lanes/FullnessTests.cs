using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Simulator;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>What a lane must not learn from a receiver that takes nothing for a while.</summary>
public class FullnessTests
{
    private static readonly LaneTerms Terms = new(
        new LimitKey.Lane(new("ip1", "site")), new(200, TimeSpan.FromSeconds(1)), 10, [], null, "v1");

    private readonly Governor _governor = new(Terms.Limit);
    private readonly List<IGovernorEvent> _events = [];
    private DateTimeOffset _now = Run.Start;

    private void Tell(TimeSpan later, LaneTerms terms, params (ReplyClass Class, int Count)[] counts)
    {
        _now += later;
        var said = counts.Where(c => c.Class != ReplyClass.Accepted).Select(c => new Said(new(
            _now, _now, c.Class, SmtpReply.Parse(451, "4.7.1 Rate limit exceeded"), default, "tenant", "broadcast"), c.Count));
        _events.AddRange(_governor.Observe(
            new(OutcomeCounts.Of(counts), [.. said], counts.Sum(c => c.Count)), terms, _now));
        _events.AddRange(_governor.PassTime(terms, _now));
    }

    private void Taken(int count, LaneTerms? terms = null) =>
        Tell(TimeSpan.FromSeconds(1), terms ?? Terms, (ReplyClass.Accepted, count));

    /// <summary>What was under way is refused at once, then one message each ten seconds.</summary>
    private void Full(TimeSpan time, LaneTerms? terms = null)
    {
        Tell(TimeSpan.FromSeconds(1), terms ?? Terms, (ReplyClass.RateLimited, 9));
        for (var end = _now + time; _now < end;)
            Tell(TimeSpan.FromSeconds(10), terms ?? Terms, (ReplyClass.RateLimited, 1));
    }

    [Fact]
    public void A_clock_that_is_set_back_makes_no_window()
    {
        Taken(100);
        Full(TimeSpan.FromMinutes(1));
        Taken(100);
        Full(TimeSpan.FromMinutes(1));
        _now -= TimeSpan.FromMinutes(20);
        Taken(100);
        Full(TimeSpan.FromMinutes(1));
        Taken(100);

        Assert.All(_events.OfType<RateChanged>(), e => Assert.True(e.To is null or > 0, $"{e}"));
        Assert.All(_events.OfType<RateChanged>(), e => Assert.True(e.Window is null || e.Window.Period > TimeSpan.Zero));
    }

    [Fact]
    public void Too_few_messages_are_no_window()
    {
        for (var i = 0; i < 3; i++)
        {
            Taken(1);
            Full(TimeSpan.FromHours(1));
        }
        Taken(1);

        Assert.Null(_governor.Pace.Window);
        Assert.True(_governor.Pace.Rate >= Adaptation.Floor);
    }

    [Fact]
    public void However_little_a_window_holds_a_lane_is_not_slower_than_any_other()
    {
        for (var i = 0; i < 4; i++)
        {
            Taken(10);
            Full(TimeSpan.FromHours(1));
        }
        Taken(10);

        Assert.True(_governor.Pace.Rate >= Adaptation.Floor, $"{_governor.Pace}");
    }

    [Fact]
    public void What_an_operator_keeps_slow_is_not_slow_for_the_receivers_sake()
    {
        for (var i = 0; i < 60; i++) Taken(150);
        _events.AddRange(_governor.Limit(
            new(10, TimeSpan.FromMinutes(1)), null, TimeSpan.FromHours(1), new("admin", "careful"), "v1", _now));
        for (var i = 0; i < 5; i++) Tell(TimeSpan.FromSeconds(6), Terms, (ReplyClass.Accepted, 1));
        Full(TimeSpan.FromSeconds(40));
        Taken(1);

        Assert.True(_governor.Pace.Rate > 1, $"{_governor.Pace}");
    }

    [Fact]
    public void A_lane_without_a_bound_goes_on_at_half_of_what_it_brought()
    {
        var free = Terms with { Rate = null };
        for (var i = 0; i < 10; i++) Taken(400, free);
        Full(TimeSpan.FromSeconds(40), free);
        Taken(1, free);

        Assert.InRange(_governor.Pace.Rate!.Value, 100, 400);
    }

    [Fact]
    public void A_receiver_that_stays_shut_is_asked_ever_more_seldom_whatever_window_it_had()
    {
        for (var i = 0; i < 3; i++)
        {
            Taken(100 - i);
            Full(TimeSpan.FromSeconds(20));
        }
        Taken(100);
        Assert.NotNull(_governor.Pace.Window);
        var before = _events.Count;

        Full(TimeSpan.FromHours(2));

        Assert.InRange(_events.Skip(before).OfType<RateChanged>().Count(), 1, 30);
        Assert.True(_governor.Pace.Rate < 0.02, $"{_governor.Pace}");
    }

    [Fact]
    public void A_lane_that_hardly_sends_is_not_stopped_by_a_few_refusals()
    {
        for (var i = 0; i < 5; i++) Tell(TimeSpan.FromSeconds(30), Terms, (ReplyClass.RateLimited, 1));

        Assert.DoesNotContain(_events.OfType<RateChanged>(), e => e.Rule == WindowPace.FullRule);
    }

    [Fact]
    public void Who_says_that_there_is_no_such_user_is_open()
    {
        for (var i = 0; i < 10; i++) Taken(150);
        Full(TimeSpan.FromMinutes(2));
        Tell(TimeSpan.FromSeconds(1), Terms, (ReplyClass.UnknownUser, 1));

        Assert.Equal(WindowPace.OpenedRule, _governor.Pace.Rule);
        Assert.True(_governor.Pace.Rate > 10);
    }
}
