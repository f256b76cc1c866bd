using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>A wall stops the lane, and no recipient is to blame.</summary>
public class BreakerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly LaneTerms Terms = new(
        new LimitKey.Lane(new("ip1", "site")), new(100, TimeSpan.FromSeconds(1)), 10, [], null, "v1");
    private readonly Governor _governor = new(Terms.Limit);

    private readonly List<IGovernorEvent> _events = [];

    [Theory]
    [InlineData(ReplyClass.Unreachable, 9, 0, null)]
    [InlineData(ReplyClass.Unreachable, 10, 0, 15)]
    [InlineData(ReplyClass.Unreachable, 10, 1, null)]     // One that got through: it is there.
    [InlineData(ReplyClass.Blocked, 9, 0, null)]
    [InlineData(ReplyClass.Blocked, 10, 10, 900)]         // Half is enough: the address is listed at some of its hosts.
    [InlineData(ReplyClass.Blocked, 10, 11, null)]
    [InlineData(ReplyClass.UnknownUser, 100, 0, null)]    // Bad addresses are no wall,
    [InlineData(ReplyClass.Own, 100, 0, null)]            // and what we made up ourselves never counts.
    public void It_trips_at_ten_in_a_minute(ReplyClass @class, int count, int accepted, int? seconds)
    {
        Observe(@class, count, Noon, accepted);

        var until = _governor.HoldsAt(Noon).SingleOrDefault()?.Until;

        Assert.Equal(seconds is { } s ? Noon.AddSeconds(s) : null, until);
        Assert.Equal(seconds is not null, _governor.At(Terms, Noon).IsSuspended);
    }

    [Theory]
    [InlineData(ReplyClass.Unreachable, "15 19 23 29 37 46 57 72 89 112 140 175 218 273 300 300")]
    [InlineData(ReplyClass.Blocked, "900 1800 3600 7200 14400 14400")]
    public void Each_trip_is_longer_until_something_is_accepted(ReplyClass @class, string seconds)
    {
        var (now, times) = (Noon, new List<double>());
        for (var trip = 0; trip < seconds.Split(' ').Length; trip++)
        {
            Observe(@class, trip == 0 ? 10 : 3, now);   // Who was sent to find out needs not be many.
            var hold = _governor.HoldsAt(now).Single();
            Recomputed.Are(_events);
            times.Add((hold.Until - now).TotalSeconds);
            now = hold.Until.AddSeconds(1);
        }

        Observe(ReplyClass.Accepted, 1, now);
        now = now.AddMinutes(2);
        _governor.PassTime(Terms, now);
        Observe(@class, 10, now);

        Assert.Equal(seconds, string.Join(' ', times.Select(t => Math.Round(t))));
        Assert.Equal(times[0], (_governor.HoldsAt(now).Single().Until - now).TotalSeconds);
    }

    [Fact]
    public void Who_is_back_gets_his_mail_as_before_he_fell_silent()
    {
        Observe(ReplyClass.RateLimited, 30, Noon, accepted: 30);
        var before = _governor.Pace.Rate;
        Observe(ReplyClass.Unreachable, 10, Noon.AddMinutes(2));
        var again = _governor.HoldsAt(Noon.AddMinutes(2)).Single().Until;

        Observe(ReplyClass.Accepted, 2, again.AddSeconds(2));
        Assert.Equal(1, _governor.Pace.Rate);
        Observe(ReplyClass.Accepted, 1, again.AddSeconds(3));

        Assert.Equal((Breaker.BackRule, before), (_governor.Pace.Rule, _governor.Pace.Rate));
        Recomputed.Are(_events);
    }

    [Fact]
    public void Who_is_back_and_refuses_us_is_another_wall_and_is_not_sent_as_before()
    {
        Observe(ReplyClass.Unreachable, 10, Noon);
        var again = _governor.HoldsAt(Noon).Single().Until;

        Observe(ReplyClass.Blocked, 3, again.AddSeconds(2));
        Assert.Empty(_governor.HoldsAt(again.AddSeconds(2)));   // Three are enough of those that were sent to find out.
        Observe(ReplyClass.Blocked, 7, again.AddSeconds(3));
        var block = _governor.HoldsAt(again.AddSeconds(3)).Single();
        Observe(ReplyClass.Accepted, 5, block.Until.AddSeconds(2));

        Assert.Equal(TimeSpan.FromMinutes(15), block.Until - block.From);
        Assert.InRange(_governor.Pace.Rate!.Value, 0.1, 1);
    }

    [Fact]
    public void Who_objects_before_he_is_known_to_be_back_is_not_sent_as_before()
    {
        Observe(ReplyClass.Unreachable, 10, Noon);
        var again = _governor.HoldsAt(Noon).Single().Until;

        Observe(ReplyClass.RateLimited, 1, again.AddSeconds(2));
        Observe(ReplyClass.Accepted, 5, again.AddSeconds(3));

        Assert.InRange(_governor.Pace.Rate!.Value, 0.1, 1);
    }

    [Fact]
    public void Mail_that_was_under_way_when_it_tripped_does_not_trip_it_again()
    {
        Observe(ReplyClass.Unreachable, 10, Noon);

        Observe(ReplyClass.Unreachable, 90, Noon.AddSeconds(16), begunAt: Noon.AddSeconds(-1));

        Assert.False(_governor.At(Terms, Noon.AddSeconds(16)).IsSuspended);
        Assert.Equal(1, _governor.At(Terms, Noon.AddSeconds(16)).Rate);   // Half open: a few find out.
    }

    private void Observe(ReplyClass c, int count, DateTimeOffset now, int accepted = 0, DateTimeOffset? begunAt = null)
    {
        var cause = new Cause(now, begunAt ?? now, c, SmtpReply.None("reset"),
            new(new(SubmissionId.Create(0, now, 1), 0), 1), "shop", "news");
        var said = c == ReplyClass.Accepted ? [] : new[] { new Said(cause, count) };
        var counts = OutcomeCounts.Of((c, count), (ReplyClass.Accepted, accepted));
        _events.AddRange(_governor.Observe(new(counts, [.. said], count), Terms, now));
    }
}
