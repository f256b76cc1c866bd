using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Where a lane stands in its plan; follows from the events. A day is one by UTC. Volume is counted when it is granted
/// to a node, which is before anything is sent: a crash can waste some of a day, never exceed it.
/// </summary>
public sealed record WarmUp(
    WarmUpPlan Plan, int Stage, DateOnly? Day, DateTimeOffset PeriodEnds, long GrantedInPeriod, long GrantedInDay,
    long Delivered, long Answered, bool IsPaused)
{
    /// <summary>More complaints than this share of what was delivered, and the stage is repeated.</summary>
    public const double ComplaintsMax = 0.001;

    public static WarmUp Begin(WarmUpPlan plan) => new(plan, 0, null, DateTimeOffset.MinValue, 0, 0, 0, 0, false);

    /// <summary>Messages in one hour or day of this stage.</summary>
    public long Volume => Plan.Stages[Stage];

    /// <summary>What may still be granted in the period that <paramref name="now"/> is in.</summary>
    public long Left(DateTimeOffset now) => IsPaused ? 0 : Volume - (now < PeriodEnds ? GrantedInPeriod : 0);

    public DateTimeOffset EndOfPeriod(DateTimeOffset now) =>
        new(now.UtcTicks - now.UtcTicks % Plan.Per.Ticks + Plan.Per.Ticks, TimeSpan.Zero);

    /// <summary>
    /// The next part of the allowance: a fiftieth of it, so that several nodes get theirs, and a crash wastes little.
    /// </summary>
    public WarmUpGranted? Grant(long wanted, DateTimeOffset now)
    {
        var count = Math.Min(Math.Min(wanted, Math.Max(1, Volume / 50)), Left(now));
        return count <= 0 ? null : new(now, EndOfPeriod(now), count);
    }

    /// <summary>The end of the day that was sent in, if it is over.</summary>
    public WarmUpDayEnded? EndDay(long complaints, DateTimeOffset now)
    {
        if (Day is not { } day || DateOnly.FromDateTime(now.UtcDateTime) <= day) return null;
        // A day with less than the stage allows shows nothing about the next: sending days count, not the calendar's.
        var isFull = GrantedInDay * 10 >= Volume * 9;
        // Of what was sent: each node may keep a little of its grant unused, of which no receiver has said a word.
        var isGood = Delivered * 10 > Answered * 9 && complaints <= Delivered * ComplaintsMax;
        return new(now, day, Stage, GrantedInDay, Delivered, Answered, isFull && isGood ? Stage + 1 : Stage);
    }

    public WarmUp After(WarmUpGranted e)
    {
        var day = DateOnly.FromDateTime(e.At.UtcDateTime);
        var same = day == Day ? this : this with { GrantedInDay = 0, Delivered = 0, Answered = 0 };
        return same with
        {
            Day = day,
            PeriodEnds = e.Ends,
            GrantedInPeriod = (e.Ends == PeriodEnds ? GrantedInPeriod : 0) + e.Count,
            GrantedInDay = same.GrantedInDay + e.Count,
        };
    }

    public WarmUp After(OutcomesCounted e) => Day is null ? this : this with
    {
        Delivered = Delivered + e.Counts[ReplyClass.Accepted],
        Answered = Answered + e.Counts.Total,
    };

    /// <summary>Null when that was the last stage: it is warm.</summary>
    public WarmUp? After(WarmUpDayEnded e) => e.NextStage >= Plan.Stages.Length ? null
        : this with { Stage = e.NextStage, Day = null, GrantedInDay = 0, Delivered = 0, Answered = 0 };
}
