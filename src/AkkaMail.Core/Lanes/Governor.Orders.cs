using System.Collections.Immutable;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Who orders something of a lane and why. <paramref name="By"/> is the id of an API key, <c>admin</c>; null: nobody
/// who has one.
/// </summary>
public sealed record OrderedBy(string? By, string Note);

/// <summary>What people order, and what comes back later.</summary>
public sealed partial class Governor
{
    private static readonly TimeSpan LiftedNever = TimeSpan.FromDays(36_500);

    public ImmutableArray<IGovernorEvent> Suspend(
        HoldTarget target, TimeSpan? time, OrderedBy by, string version, DateTimeOffset now)
    {
        Order(new Reaction.Suspend(), target, time, by, version, now);
        return Drain();
    }

    /// <summary>An operator's bounds; a null of both lifts the ones there are.</summary>
    public ImmutableArray<IGovernorEvent> Limit(
        Rate? rate, int? connections, TimeSpan? time, OrderedBy by, string version, DateTimeOffset now)
    {
        Lift(h => h.Rule == Lanes.Hold.Operator && h.Reaction is not Reaction.Suspend, by.Note, by.By, now);
        if (rate is not null) Order(new Reaction.LimitRate(rate), HoldTarget.Lane, time, by, version, now);
        if (connections is { } c)
            Order(new Reaction.LimitConnections(c), HoldTarget.Lane, time, by, version, now);
        return Drain();
    }

    private void Order(
        Reaction reaction, HoldTarget target, TimeSpan? time, OrderedBy by, string version, DateTimeOffset now) =>
        Hold(new(0, reaction, target, now, now + (time ?? LiftedNever), Lanes.Hold.Operator, version, null, by.Note)
        {
            By = by.By,
        }, inputs: null);

    /// <summary>Lifts what stops the lane, whoever ordered it. What it has learnt stays: it goes on there.</summary>
    public ImmutableArray<IGovernorEvent> Resume(OrderedBy by, DateTimeOffset now)
    {
        Lift(h => h.Reaction is Reaction.Suspend, by.Note, by.By, now);
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> Feedback(int complaints, int engaged, DateTimeOffset now)
    {
        Record(new FeedbackCounted(now, complaints, engaged));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> StartWarmUp(WarmUpPlan plan, string? by, DateTimeOffset now)
    {
        if (WarmUp?.Plan.Name != plan.Name) Record(new WarmUpBegan(now, plan, by));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> PauseWarmUp(OrderedBy by, DateTimeOffset now)
    {
        if (WarmUp is { IsPaused: false }) Record(new WarmUpPaused(now, by.Note, by.By));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> ResumeWarmUp(OrderedBy by, DateTimeOffset now)
    {
        if (WarmUp is { IsPaused: true }) Record(new WarmUpResumed(now, by.Note, by.By));
        return Drain();
    }

    public ImmutableArray<IGovernorEvent> CompleteWarmUp(OrderedBy by, DateTimeOffset now)
    {
        if (WarmUp is not null) Record(new WarmUpCompleted(now, by.Note, by.By));
        return Drain();
    }
}
