using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Trips when a lane meets a wall: a host that does not answer, an address that is refused as such. Mail waits then
/// instead of being tried and lost one by one; no recipient is to blame. Each trip is twice as long as the one before,
/// until something is accepted.
/// </summary>
internal static class Breaker
{
    public const string Unreachable = "breaker/unreachable";
    public const string Blocked = "breaker/blocked";

    /// <summary>So many within a minute; fewer may be one message's bad luck.</summary>
    private const int Min = 10;

    public static (string Rule, TimeSpan For, Cause Cause, HoldInputs Inputs)? Trip(
        Recent recent, LaneReport report, int trips, DateTimeOffset since, DateTimeOffset now)
    {
        var from = since > now.AddMinutes(-1) ? since : now.AddMinutes(-1);
        var last = recent.Since(from, now);
        if (last[ReplyClass.Unreachable] >= Min && last[ReplyClass.Unreachable] == last.Total)
            return Of(Unreachable, ReplyClass.Unreachable, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));
        if (last[ReplyClass.Blocked] >= Min && last[ReplyClass.Blocked] * 2 >= last.Total)
            return Of(Blocked, ReplyClass.Blocked, TimeSpan.FromMinutes(15), TimeSpan.FromHours(4));
        return null;

        (string, TimeSpan, Cause, HoldInputs)? Of(string rule, ReplyClass @class, TimeSpan first, TimeSpan max)
        {
            var cause = report.Said.Select(s => s.First).FirstOrDefault(c => c.Class == @class && c.BegunAt >= since);
            if (cause is null) return null;
            var time = first * Math.Pow(2, Math.Min(trips, 10));
            return (rule, time < max ? time : max, cause,
                new(last[@class], (now - from).TotalSeconds, Min, last.Total, trips));
        }
    }
}
