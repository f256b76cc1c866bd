using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Trips when a lane meets a wall: a host that does not answer, an address that is refused as such. Mail waits then
/// instead of being tried and lost one by one; no recipient is to blame. Then a few find out whether it still stands, and
/// each trip is longer than the one before until something is accepted: twice as long where an address is refused, since
/// asking makes that worse, and a quarter longer where nobody answers, so that who is back is found after a quarter of the
/// time he was away, and gets his mail as before.
/// </summary>
internal static class Breaker
{
    public const string Unreachable = "breaker/unreachable";
    public const string Blocked = "breaker/blocked";
    public const string BackRule = "breaker/back";

    /// <summary>So many within a minute; fewer may be one message's bad luck, unless they were sent to find out.</summary>
    private const int Min = 10, MinAgain = 3;

    /// <summary>So many accepted, and none without an answer, say that a host is back.</summary>
    public const int Back = 3;

    public static (string Rule, TimeSpan For, Cause Cause, HoldInputs Inputs)? Trip(
        Recent recent, LaneReport report, Func<string, int> tripsOf, DateTimeOffset since, DateTimeOffset now)
    {
        var from = since > now.AddMinutes(-1) ? since : now.AddMinutes(-1);
        var last = recent.Since(from, now);
        if (last[ReplyClass.Unreachable] is > 0 and var silent && silent == last.Total)
            return Of(Unreachable, ReplyClass.Unreachable, TimeSpan.FromSeconds(15), 1.25, TimeSpan.FromMinutes(5));
        if (last[ReplyClass.Blocked] is > 0 and var blocked && blocked * 2 >= last.Total)
            return Of(Blocked, ReplyClass.Blocked, TimeSpan.FromMinutes(15), 2, TimeSpan.FromHours(4));
        return null;

        (string, TimeSpan, Cause, HoldInputs)? Of(
            string rule, ReplyClass @class, TimeSpan first, double growth, TimeSpan max)
        {
            var trips = tripsOf(rule);
            var min = trips > 0 ? MinAgain : Min;
            if (last[@class] < min) return null;
            var cause = report.Said.Select(s => s.First).FirstOrDefault(c => c.Class == @class && c.BegunAt >= since);
            if (cause is null) return null;
            var time = first * Math.Pow(growth, Math.Min(trips, 20));
            return (rule, time < max ? time : max, cause,
                new(last[@class], (now - from).TotalSeconds, min, last.Total, trips));
        }
    }
}
