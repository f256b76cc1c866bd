using AkkaMail.Core.Lanes;

namespace AkkaMail.Engine.Wire;

/// <summary>Each governor event to its own wire message and back.</summary>
internal static class GovernorWire
{
    public static OutcomesCountedWire To(OutcomesCounted e)
    {
        var wire = new OutcomesCountedWire
        {
            At = e.At.ToWire(),
            Minute = e.Minute.ToWire(),
            Counts = { e.Counts.Numbers },
            Began = e.Began,
            MostInUse = e.MostInUse,
            Waiting = e.Waiting,
            Version = e.Version,
        };
        if (e.Allowed is { } allowed) wire.Allowed = allowed;
        return wire;
    }

    public static OutcomesCounted From(OutcomesCountedWire e) => new(
        e.At.ToTime(), e.Minute.ToTime(), new([.. e.Counts]))
    {
        Began = e.Began,
        MostInUse = e.MostInUse,
        Allowed = e.HasAllowed ? e.Allowed : null,
        Waiting = e.Waiting,
        Version = e.Version,
    };

    public static RateChangedWire To(RateChanged e)
    {
        var wire = new RateChangedWire
        {
            At = e.At.ToWire(),
            Misses = e.Misses,
            Probes = e.Probes,
            Rule = e.Rule,
            Version = e.Version,
            Cause = e.Cause?.ToWire(),
            Inputs = e.Inputs.ToWire(),
            Window = e.Window?.ToWire(),
            Cost = e.Cost.Ticks,
        };
        if (e.From is { } from) wire.From = from;
        if (e.To is { } to) wire.To = to;
        if (e.Ceiling is { } ceiling) wire.Ceiling = ceiling;
        return wire;
    }

    public static RateChanged From(RateChangedWire e) => new(
        e.At.ToTime(), e.HasFrom ? e.From : null, e.HasTo ? e.To : null, e.HasCeiling ? e.Ceiling : null, e.Misses,
        e.Probes, e.Rule, e.Version, e.Cause?.ToCause())
    {
        Inputs = e.Inputs.ToInputs(),
        Window = e.Window?.ToWindow(),
        Cost = new(e.Cost),
    };

    public static ConnectionsChangedWire To(ConnectionsChanged e)
    {
        var wire = new ConnectionsChangedWire
        {
            At = e.At.ToWire(),
            Rule = e.Rule,
            Version = e.Version,
            Cause = e.Cause?.ToWire(),
            Inputs = e.Inputs.ToWire(),
            Misses = e.Misses,
        };
        if (e.From is { } from) wire.From = from;
        if (e.To is { } to) wire.To = to;
        if (e.Refused is { } refused) wire.Refused = refused;
        return wire;
    }

    public static ConnectionsChanged From(ConnectionsChangedWire e) => new(
        e.At.ToTime(), e.HasFrom ? e.From : null, e.HasTo ? e.To : null, e.Rule, e.Version, e.Cause?.ToCause())
    {
        Inputs = e.Inputs.ToInputs(),
        Refused = e.HasRefused ? e.Refused : null,
        Misses = e.Misses,
    };

    public static HoldBeganWire To(HoldBegan e) =>
        new() { At = e.At.ToWire(), Hold = e.Hold.ToWire(), Inputs = e.Inputs?.ToWire() };
    public static HoldBegan From(HoldBeganWire e) => new(e.At.ToTime(), e.Hold.ToHold(), e.Inputs?.ToInputs());

    public static HoldLiftedWire To(HoldLifted e)
    {
        var wire = new HoldLiftedWire { At = e.At.ToWire(), Id = e.Id, Note = e.Note };
        if (e.By is { } by) wire.By = by;
        return wire;
    }

    public static HoldLifted From(HoldLiftedWire e) => new(e.At.ToTime(), e.Id, e.Note, e.HasBy ? e.By : null);

    public static FeedbackCountedWire To(FeedbackCounted e) =>
        new() { At = e.At.ToWire(), Complaints = e.Complaints, Engaged = e.Engaged };
    public static FeedbackCounted From(FeedbackCountedWire e) => new(e.At.ToTime(), e.Complaints, e.Engaged);

    public static StandingChangedWire To(StandingChanged e)
    {
        var wire = new StandingChangedWire
        {
            At = e.At.ToWire(),
            From = (int)e.From,
            To = (int)e.To,
            Score = e.Score,
            Messages = e.Messages,
            Share = e.Share,
        };
        if (e.Worst is { } worst) wire.Worst = worst;
        return wire;
    }

    public static StandingChanged From(StandingChangedWire e) => new(
        e.At.ToTime(), (Standing)e.From, (Standing)e.To, e.Score, e.Messages, e.HasWorst ? e.Worst : null, e.Share);

    public static WarmUpBeganWire To(WarmUpBegan e)
    {
        var wire = new WarmUpBeganWire { At = e.At.ToWire(), Plan = e.Plan.ToWire() };
        if (e.By is { } by) wire.By = by;
        return wire;
    }

    public static WarmUpBegan From(WarmUpBeganWire e) =>
        new(e.At.ToTime(), e.Plan.ToPlan(), e.HasBy ? e.By : null);

    public static WarmUpGrantedWire To(WarmUpGranted e) =>
        new() { At = e.At.ToWire(), Ends = e.Ends.ToWire(), Count = e.Count };
    public static WarmUpGranted From(WarmUpGrantedWire e) => new(e.At.ToTime(), e.Ends.ToTime(), e.Count);

    public static WarmUpDayEndedWire To(WarmUpDayEnded e) => new()
    {
        At = e.At.ToWire(),
        Day = e.Day.DayNumber,
        Stage = e.Stage,
        Granted = e.Granted,
        Delivered = e.Delivered,
        Answered = e.Answered,
        NextStage = e.NextStage,
    };
    public static WarmUpDayEnded From(WarmUpDayEndedWire e) => new(
        e.At.ToTime(), DateOnly.FromDayNumber(e.Day), e.Stage, e.Granted, e.Delivered, e.Answered, e.NextStage);

    public static WarmUpPausedWire To(WarmUpPaused e)
    {
        var wire = new WarmUpPausedWire { At = e.At.ToWire(), Note = e.Note };
        if (e.By is { } by) wire.By = by;
        return wire;
    }

    public static WarmUpPaused From(WarmUpPausedWire e) => new(e.At.ToTime(), e.Note, e.HasBy ? e.By : null);

    public static WarmUpResumedWire To(WarmUpResumed e)
    {
        var wire = new WarmUpResumedWire { At = e.At.ToWire(), Note = e.Note };
        if (e.By is { } by) wire.By = by;
        return wire;
    }

    public static WarmUpResumed From(WarmUpResumedWire e) => new(e.At.ToTime(), e.Note, e.HasBy ? e.By : null);

    public static WarmUpCompletedWire To(WarmUpCompleted e)
    {
        var wire = new WarmUpCompletedWire { At = e.At.ToWire(), Note = e.Note };
        if (e.By is { } by) wire.By = by;
        return wire;
    }

    public static WarmUpCompleted From(WarmUpCompletedWire e) => new(e.At.ToTime(), e.Note, e.HasBy ? e.By : null);

    public static GovernorSnapshotWire To(GovernorSnapshot s)
    {
        var wire = new GovernorSnapshotWire
        {
            Pace = s.Pace.ToWire(),
            ConnectionsAt = s.ConnectionsAt.ToWire(),
            ConnectionsCause = s.ConnectionsCause?.ToWire(),
            WarmUp = s.WarmUp?.ToWire(),
            LastHold = s.LastHold,
            Trips = s.Trips,
            TrippedUntil = s.TrippedUntil.ToWire(),
            ComplaintsToday = s.ComplaintsToday,
            Reputation = new()
            {
                At = s.Reputation.At.ToWire(),
                Counts = { s.Reputation.Counts },
                Complaints = s.Reputation.Complaints,
                Engaged = s.Reputation.Engaged,
            },
            Holds = { s.Holds.Select(h => h.ToWire()) },
            Standing = (int)s.Standing,
            ConnectionMisses = s.ConnectionMisses,
        };
        if (s.ConnectionsRefused is { } refused) wire.ConnectionsRefused = refused;
        if (s.Connections is { } connections) wire.Connections = connections;
        if (s.WarmedUpBy is { } plan) wire.WarmedUpBy = plan;
        return wire;
    }

    public static GovernorSnapshot From(GovernorSnapshotWire s) => new()
    {
        Pace = s.Pace.ToPace(),
        Connections = s.HasConnections ? s.Connections : null,
        ConnectionsAt = s.ConnectionsAt.ToTime(),
        ConnectionsCause = s.ConnectionsCause?.ToCause(),
        ConnectionsRefused = s.HasConnectionsRefused ? s.ConnectionsRefused : null,
        ConnectionMisses = s.ConnectionMisses,
        WarmUp = s.WarmUp?.ToWarmUp(),
        WarmedUpBy = s.HasWarmedUpBy ? s.WarmedUpBy : null,
        Holds = WireTypes.Array(s.Holds, h => h.ToHold()),
        LastHold = s.LastHold,
        Trips = s.Trips,
        TrippedUntil = s.TrippedUntil.ToTime(),
        ComplaintsToday = s.ComplaintsToday,
        Reputation = new(
            s.Reputation.At.ToTime(), [.. s.Reputation.Counts], s.Reputation.Complaints, s.Reputation.Engaged),
        Standing = (Standing)s.Standing,
    };
}
