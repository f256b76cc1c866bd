using System.Collections.Immutable;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>A fact in the journal of one lane. Past tense, never edited; <see cref="At"/> is UTC.</summary>
public interface IGovernorEvent { DateTimeOffset At { get; } }

/// <summary>What receivers answered in one minute.</summary>
public sealed record OutcomesCounted(DateTimeOffset At, DateTimeOffset Minute, OutcomeCounts Counts) : IGovernorEvent;

/// <summary>
/// The adaptive rate changed, in messages a second; null: it limits nothing beyond the configured one.
/// <paramref name="Ceiling"/>, <paramref name="Misses"/> and <paramref name="Probes"/> are those of <see cref="Pace"/>.
/// The cause of a step up is the reply that had brought the rate down.
/// </summary>
public sealed record RateChanged(
    DateTimeOffset At, double? From, double? To, double? Ceiling, int Misses, int Probes, string Rule,
    string Version, Cause? Cause) : IGovernorEvent
{
    public bool IsCut => To is { } to && (From is null || to < From);
}

/// <summary>The adaptive bound of connections; null: the configured one.</summary>
public sealed record ConnectionsChanged(
    DateTimeOffset At, int? From, int? To, string Rule, string Version, Cause? Cause) : IGovernorEvent;

public sealed record HoldBegan(DateTimeOffset At, Hold Hold) : IGovernorEvent;

/// <summary>Ended before its time, by an operator; one that ends by itself needs no event.</summary>
public sealed record HoldLifted(DateTimeOffset At, int Id, string Note) : IGovernorEvent;

/// <summary>Complaints and signs of engagement that came back for mail of this lane.</summary>
public sealed record FeedbackCounted(DateTimeOffset At, int Complaints, int Engaged) : IGovernorEvent;

/// <summary>
/// The lane's reputation got worse or better than a bound (<see cref="Standings"/>). <paramref name="Worst"/> is what
/// costs most of it, as a share of the decayed <paramref name="Messages"/>; null when nothing does.
/// </summary>
public sealed record StandingChanged(
    DateTimeOffset At, Standing From, Standing To, double Score, double Messages, string? Worst, double Share)
    : IGovernorEvent;

/// <summary>The stages are in the event: a plan that is edited later does not change a warm-up under way.</summary>
public sealed record WarmUpBegan(DateTimeOffset At, WarmUpPlan Plan) : IGovernorEvent;

/// <summary>So many messages may be begun before <paramref name="Ends"/>; stored before a node hears of it.</summary>
public sealed record WarmUpGranted(DateTimeOffset At, DateTimeOffset Ends, long Count) : IGovernorEvent;

/// <summary>
/// A day of the plan is over; <paramref name="NextStage"/> (from 0) is the same one when it has to be repeated.
/// </summary>
public sealed record WarmUpDayEnded(
    DateTimeOffset At, DateOnly Day, int Stage, long Granted, long Delivered, long Answered, int NextStage)
    : IGovernorEvent;

public sealed record WarmUpPaused(DateTimeOffset At, string Note) : IGovernorEvent;

public sealed record WarmUpResumed(DateTimeOffset At, string Note) : IGovernorEvent;

public sealed record WarmUpCompleted(DateTimeOffset At, string Note) : IGovernorEvent;
