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
    [InlineData(ReplyClass.Unreachable, 10, 0, 60)]
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

    [Fact]
    public void Each_trip_is_twice_as_long_until_something_is_accepted()
    {
        var (now, times) = (Noon, new List<double>());
        for (var trip = 0; trip < 7; trip++)
        {
            Observe(ReplyClass.Unreachable, 10, now);
            var hold = _governor.HoldsAt(now).Single();
            Recomputed.Are(_events);
            times.Add((hold.Until - now).TotalMinutes);
            now = hold.Until.AddSeconds(1);
        }

        Observe(ReplyClass.Accepted, 1, now);
        now = now.AddMinutes(2);
        _governor.PassTime(Terms, now);
        Observe(ReplyClass.Unreachable, 10, now);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], times);
        Assert.Equal(now.AddMinutes(1), _governor.HoldsAt(now).Single().Until);
    }

    [Fact]
    public void Mail_that_was_under_way_when_it_tripped_does_not_trip_it_again()
    {
        Observe(ReplyClass.Unreachable, 10, Noon);

        Observe(ReplyClass.Unreachable, 90, Noon.AddSeconds(61), begunAt: Noon.AddSeconds(-1));

        Assert.False(_governor.At(Terms, Noon.AddSeconds(61)).IsSuspended);
        Assert.Equal(1, _governor.At(Terms, Noon.AddSeconds(61)).Rate);   // Half open: a few find out.
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
