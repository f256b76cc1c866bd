using System.Collections.Immutable;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>What people order, and what comes back later.</summary>
public sealed partial class Governor
{
    private static readonly TimeSpan LiftedNever = TimeSpan.FromDays(36_500);

    public ImmutableArray<IGovernorEvent> Suspend(
        HoldTarget target, TimeSpan? time, string note, string version, DateTimeOffset now)
    {
        Hold(new Reaction.Suspend(), target, now, time ?? LiftedNever, Lanes.Hold.Operator, version, null, note);
        return Drain();
    }

    /// <summary>An operator's bounds; a null of both lifts the ones there are.</summary>
    public ImmutableArray<IGovernorEvent> Limit(
        Rate? rate, int? connections, TimeSpan? time, string note, string version, DateTimeOffset now)
    {
        Lift(h => h.Rule == Lanes.Hold.Operator && h.Reaction is not Reaction.Suspend, note, now);
        if (rate is not null)
            Hold(new Reaction.LimitRate(rate), HoldTarget.Lane, now, time ?? LiftedNever, Lanes.Hold.Operator, version,
                null, note);
        if (connections is { } c)
            Hold(new Reaction.LimitConnections(c), HoldTarget.Lane, now, time ?? LiftedNever, Lanes.Hold.Operator,
                version, null, note);
        return Drain();
    }

    /// <summary>Lifts what stops the lane, whoever ordered it. What it has learnt stays: it goes on there.</summary>
    public ImmutableArray<IGovernorEvent> Resume(string note, DateTimeOffset now)
    {
        Lift(h => h.Reaction is Reaction.Suspend, note, now);
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> Feedback(int complaints, int engaged, DateTimeOffset now)
    {
        Record(new FeedbackCounted(now, complaints, engaged));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> StartWarmUp(WarmUpPlan plan, DateTimeOffset now)
    {
        if (WarmUp?.Plan.Name != plan.Name) Record(new WarmUpBegan(now, plan));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> PauseWarmUp(string note, DateTimeOffset now)
    {
        if (WarmUp is { IsPaused: false }) Record(new WarmUpPaused(now, note));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> ResumeWarmUp(string note, DateTimeOffset now)
    {
        if (WarmUp is { IsPaused: true }) Record(new WarmUpResumed(now, note));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> CompleteWarmUp(string note, DateTimeOffset now)
    {
        if (WarmUp is not null) Record(new WarmUpCompleted(now, note));
        return Drain();
    }
}
