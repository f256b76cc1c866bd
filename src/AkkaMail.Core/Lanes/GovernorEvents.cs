using System.Collections.Immutable;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>A fact in the journal of one lane. Past tense, never edited; <see cref="At"/> is UTC.</summary>
public interface IGovernorEvent { DateTimeOffset At { get; } }

/// <summary>What receivers answered in one minute, and what the lane did meanwhile.</summary>
public sealed record OutcomesCounted(DateTimeOffset At, DateTimeOffset Minute, OutcomeCounts Counts) : IGovernorEvent
{
    /// <summary>Attempts begun.</summary>
    public int Began { get; init; }

    /// <summary>Connections in use at most, the most of each node together.</summary>
    public int MostInUse { get; init; }

    /// <summary>Messages a second as the minute ended, all things considered; null: no bound.</summary>
    public double? Allowed { get; init; }

    /// <summary>How many waited for it as the minute ended.</summary>
    public int Waiting { get; init; }

    /// <summary>Of the shaping rules then.</summary>
    public string Version { get; init; } = "";
}

/// <summary>
/// The adaptive rate changed, in messages a second; null: it limits nothing beyond the configured one.
/// <paramref name="Ceiling"/>, <paramref name="Misses"/> and <paramref name="Probes"/> are those of <see cref="Pace"/>.
/// The cause of a step up is the reply that had brought the rate down.
/// </summary>
public sealed record RateChanged(
    DateTimeOffset At, double? From, double? To, double? Ceiling, int Misses, int Probes, string Rule,
    string Version, Cause? Cause) : IGovernorEvent
{
    public required RateInputs Inputs { get; init; }

    /// <summary>What the receiver counts by, as far as is known afterwards; null: by no window.</summary>
    public CountWindow? Window { get; init; }

    /// <summary>For how long it had taken nothing, when it opens again.</summary>
    public TimeSpan Cost { get; init; }

    public bool IsCut => To is { } to && (From is null || to < From);
}

/// <summary>The adaptive bound of connections; null: the configured one.</summary>
public sealed record ConnectionsChanged(
    DateTimeOffset At, int? From, int? To, string Rule, string Version, Cause? Cause) : IGovernorEvent
{
    public required ConnectionInputs Inputs { get; init; }

    /// <summary>The fewest that were too many, as far as is known since; null: none were.</summary>
    public int? Refused { get; init; }

    /// <summary>How often in a row a look for more was refused.</summary>
    public int Misses { get; init; }
}

/// <summary><paramref name="Inputs"/> is null of what a person ordered.</summary>
public sealed record HoldBegan(DateTimeOffset At, Hold Hold, HoldInputs? Inputs) : IGovernorEvent;

/// <summary>
/// Ended before its time, by an operator (<paramref name="By"/>: the id of an API key, <c>admin</c>); one that ends by
/// itself needs no event.
/// </summary>
public sealed record HoldLifted(DateTimeOffset At, int Id, string Note, string? By) : IGovernorEvent;

/// <summary>Complaints and signs of engagement that came back for mail of this lane.</summary>
public sealed record FeedbackCounted(DateTimeOffset At, int Complaints, int Engaged) : IGovernorEvent;

/// <summary>
/// The lane's reputation got worse or better than a bound (<see cref="Standings"/>). <paramref name="Worst"/> is what
/// costs most of it, as a share of the decayed <paramref name="Messages"/>; null when nothing does.
/// </summary>
public sealed record StandingChanged(
    DateTimeOffset At, Standing From, Standing To, double Score, double Messages, string? Worst, double Share)
    : IGovernorEvent;

/// <summary>
/// The stages are in the event: a plan that is edited later does not change a warm-up under way. <paramref name="By"/>
/// is who began it; null: the first mail did.
/// </summary>
public sealed record WarmUpBegan(DateTimeOffset At, WarmUpPlan Plan, string? By) : IGovernorEvent;

/// <summary>So many messages may be begun before <paramref name="Ends"/>; stored before a node hears of it.</summary>
public sealed record WarmUpGranted(DateTimeOffset At, DateTimeOffset Ends, long Count) : IGovernorEvent;

/// <summary>
/// A day of the plan is over; <paramref name="NextStage"/> (from 0) is the same one when it has to be repeated.
/// </summary>
public sealed record WarmUpDayEnded(
    DateTimeOffset At, DateOnly Day, int Stage, long Granted, long Delivered, long Answered, int NextStage)
    : IGovernorEvent;

public sealed record WarmUpPaused(DateTimeOffset At, string Note, string? By) : IGovernorEvent;

public sealed record WarmUpResumed(DateTimeOffset At, string Note, string? By) : IGovernorEvent;

public sealed record WarmUpCompleted(DateTimeOffset At, string Note, string? By) : IGovernorEvent;

/// <summary>
/// What a change of a lane's rate was decided by: the change follows from this and nothing else. Rates are messages a
/// second. A window is so many <see cref="Seconds"/> before the change, to within a quarter of one.
/// </summary>
public sealed record RateInputs
{
    /// <summary>What the lane was allowed; null: no bound.</summary>
    public double? Allowed { get; init; }

    /// <summary>How fast it was taken to go; null of a step up, which looks only at what was accepted.</summary>
    public double? Used { get; init; }

    /// <summary>Answers a second in the window; null: it was too short to say.</summary>
    public double? Seen { get; init; }

    /// <summary>What was answered in the window; of that accepted, and of that taken as an objection.</summary>
    public int Answers { get; init; }
    public int Accepted { get; init; }
    public int Objections { get; init; }
    public double Seconds { get; init; }

    /// <summary>Those of the pace before; null: hardly anything had got through, or nothing was learnt.</summary>
    public double? Ceiling { get; init; }
    public int Misses { get; init; }
    public int Probes { get; init; }

    /// <summary>Seconds since the cut before; null: there was none.</summary>
    public double? SinceCut { get; init; }

    /// <summary>The part of what was used that a rule leaves; null: no rule decided so.</summary>
    public double? Factor { get; init; }

    /// <summary>The rate a rule sets, of a step up the configured one; null: none.</summary>
    public double? Bound { get; init; }
}

/// <summary>
/// What a change of a lane's connections was decided by: how many were <paramref name="Allowed"/> and
/// <paramref name="Configured"/>, the <paramref name="Objections"/> to their number among the
/// <paramref name="Answers"/> of the last minute, and how many a rule sets (<paramref name="Bound"/>, null: none did).
/// </summary>
public sealed record ConnectionInputs(int Allowed, int Configured, int Objections, int Answers, int? Bound)
{
    /// <summary>Those of before: the fewest that were too many (null: none), and refused looks in a row.</summary>
    public int? Refused { get; init; }
    public int Misses { get; init; }
}

/// <summary>
/// What a hold was begun by: <paramref name="Counted"/> replies within <paramref name="Seconds"/> (null: each reply
/// counts for itself), where <paramref name="Threshold"/> are enough. Of the breaker they are of all
/// <paramref name="Answers"/> of the last minute, after so many <paramref name="Trips"/> in a row.
/// </summary>
public sealed record HoldInputs(int Counted, double? Seconds, int Threshold, int? Answers = null, int? Trips = null);
