using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Wire;

/// <summary>The values that governor events share, to the wire and back.</summary>
internal static class ShapingWireTypes
{
    public static RateWire ToWire(this Rate rate)
    {
        var wire = new RateWire { Count = rate.Count, Per = rate.Per.Ticks };
        if (rate.Burst is { } burst) wire.Burst = burst;
        return wire;
    }

    public static Rate ToRate(this RateWire rate) =>
        new(rate.Count, new TimeSpan(rate.Per), rate.HasBurst ? rate.Burst : null);

    public static CauseWire ToWire(this Cause c) => new()
    {
        At = c.At.ToWire(),
        BegunAt = c.BegunAt.ToWire(),
        ReplyClass = (int)c.Class,
        Reply = c.Reply.ToWire(),
        Attempt = c.Attempt.ToWire(),
        Tenant = c.Tenant,
        Stream = c.Stream,
    };

    public static Cause ToCause(this CauseWire c) => new(
        c.At.ToTime(), c.BegunAt.ToTime(), (ReplyClass)c.ReplyClass, c.Reply.ToReply(), c.Attempt.ToId(), c.Tenant, c.Stream);

    public static ReactionWire ToWire(this Reaction reaction) => reaction switch
    {
        Reaction.Suspend => new() { Suspend = true },
        Reaction.LimitRate r => new() { Rate = r.Rate.ToWire() },
        Reaction.LimitConnections c => new() { Connections = c.Connections },
        Reaction.BackOff b => new() { BackOff = b.Factor },
        _ => throw new ArgumentException($"{reaction.GetType().Name} has no wire form"),
    };

    public static Reaction ToReaction(this ReactionWire wire) => wire.KindCase switch
    {
        ReactionWire.KindOneofCase.Suspend => new Reaction.Suspend(),
        ReactionWire.KindOneofCase.Rate => new Reaction.LimitRate(wire.Rate.ToRate()),
        ReactionWire.KindOneofCase.Connections => new Reaction.LimitConnections(wire.Connections),
        ReactionWire.KindOneofCase.BackOff => new Reaction.BackOff(wire.BackOff),
        _ => throw new InvalidDataException("a reaction of no known kind: written by a later version?"),
    };

    public static HoldWire ToWire(this Hold h)
    {
        var wire = new HoldWire
        {
            Id = h.Id,
            Reaction = h.Reaction.ToWire(),
            Scope = (int)h.Target.Scope,
            From = h.From.ToWire(),
            Until = h.Until.ToWire(),
            Rule = h.Rule,
            Version = h.Version,
            Cause = h.Cause?.ToWire(),
        };
        if (h.Target.Tenant is { } tenant) wire.Tenant = tenant;
        if (h.Target.Stream is { } stream) wire.Stream = stream;
        if (h.Note is { } note) wire.Note = note;
        if (h.By is { } by) wire.By = by;
        return wire;
    }

    public static Hold ToHold(this HoldWire h) => new(
        h.Id, h.Reaction.ToReaction(),
        new((ReactionScope)h.Scope, h.HasTenant ? h.Tenant : null, h.HasStream ? h.Stream : null), h.From.ToTime(),
        h.Until.ToTime(), h.Rule, h.Version, h.Cause?.ToCause(), h.HasNote ? h.Note : null)
    { By = h.HasBy ? h.By : null };

    public static RateInputsWire ToWire(this RateInputs i)
    {
        var wire = new RateInputsWire
        {
            Answers = i.Answers,
            Accepted = i.Accepted,
            Objections = i.Objections,
            Seconds = i.Seconds,
            Misses = i.Misses,
            Probes = i.Probes,
        };
        if (i.Allowed is { } allowed) wire.Allowed = allowed;
        if (i.Used is { } used) wire.Used = used;
        if (i.Seen is { } seen) wire.Seen = seen;
        if (i.Ceiling is { } ceiling) wire.Ceiling = ceiling;
        if (i.SinceCut is { } since) wire.SinceCut = since;
        if (i.Factor is { } factor) wire.Factor = factor;
        if (i.Bound is { } bound) wire.Bound = bound;
        return wire;
    }

    public static RateInputs ToInputs(this RateInputsWire i) => new()
    {
        Allowed = i.HasAllowed ? i.Allowed : null,
        Used = i.HasUsed ? i.Used : null,
        Seen = i.HasSeen ? i.Seen : null,
        Answers = i.Answers,
        Accepted = i.Accepted,
        Objections = i.Objections,
        Seconds = i.Seconds,
        Ceiling = i.HasCeiling ? i.Ceiling : null,
        Misses = i.Misses,
        Probes = i.Probes,
        SinceCut = i.HasSinceCut ? i.SinceCut : null,
        Factor = i.HasFactor ? i.Factor : null,
        Bound = i.HasBound ? i.Bound : null,
    };

    public static ConnectionInputsWire ToWire(this ConnectionInputs i)
    {
        var wire = new ConnectionInputsWire
        {
            Allowed = i.Allowed,
            Configured = i.Configured,
            Objections = i.Objections,
            Answers = i.Answers,
            Misses = i.Misses,
        };
        if (i.Bound is { } bound) wire.Bound = bound;
        if (i.Refused is { } refused) wire.Refused = refused;
        return wire;
    }

    public static ConnectionInputs ToInputs(this ConnectionInputsWire i) =>
        new(i.Allowed, i.Configured, i.Objections, i.Answers, i.HasBound ? i.Bound : null)
        {
            Refused = i.HasRefused ? i.Refused : null,
            Misses = i.Misses,
        };

    public static HoldInputsWire ToWire(this HoldInputs i)
    {
        var wire = new HoldInputsWire { Counted = i.Counted, Threshold = i.Threshold };
        if (i.Seconds is { } seconds) wire.Seconds = seconds;
        if (i.Answers is { } answers) wire.Answers = answers;
        if (i.Trips is { } trips) wire.Trips = trips;
        return wire;
    }

    public static HoldInputs ToInputs(this HoldInputsWire i) => new(i.Counted, i.HasSeconds ? i.Seconds : null,
        i.Threshold, i.HasAnswers ? i.Answers : null, i.HasTrips ? i.Trips : null);

    public static WarmUpPlanWire ToWire(this WarmUpPlan plan) =>
        new() { Name = plan.Name, Per = plan.Per.Ticks, Stages = { plan.Stages } };

    public static WarmUpPlan ToPlan(this WarmUpPlanWire plan) =>
        new(plan.Name, new TimeSpan(plan.Per), [.. plan.Stages]);

    public static WarmUpWire ToWire(this WarmUp w)
    {
        var wire = new WarmUpWire
        {
            Plan = w.Plan.ToWire(),
            Stage = w.Stage,
            PeriodEnds = w.PeriodEnds.ToWire(),
            GrantedInPeriod = w.GrantedInPeriod,
            GrantedInDay = w.GrantedInDay,
            Delivered = w.Delivered,
            Answered = w.Answered,
            IsPaused = w.IsPaused,
        };
        if (w.Day is { } day) wire.Day = day.DayNumber;
        return wire;
    }

    public static WarmUp ToWarmUp(this WarmUpWire w) => new(
        w.Plan.ToPlan(), w.Stage, w.HasDay ? DateOnly.FromDayNumber(w.Day) : null, w.PeriodEnds.ToTime(),
        w.GrantedInPeriod, w.GrantedInDay, w.Delivered, w.Answered, w.IsPaused);

    public static PaceWire ToWire(this Pace p)
    {
        var wire = new PaceWire
        {
            Misses = p.Misses,
            Probes = p.Probes,
            ChangedAt = p.ChangedAt.ToWire(),
            CutAt = p.CutAt.ToWire(),
            Cause = p.Cause?.ToWire(),
            Window = p.Window?.ToWire(),
            Cost = p.Cost.Ticks,
        };
        if (p.Rate is { } rate) wire.Rate = rate;
        if (p.Ceiling is { } ceiling) wire.Ceiling = ceiling;
        if (p.Rule is { } rule) wire.Rule = rule;
        if (p.Version is { } version) wire.Version = version;
        return wire;
    }

    public static Pace ToPace(this PaceWire p) => new(
        p.HasRate ? p.Rate : null, p.HasCeiling ? p.Ceiling : null, p.Misses, p.Probes, p.ChangedAt.ToTime(),
        p.CutAt.ToTime(), p.HasRule ? p.Rule : null, p.HasVersion ? p.Version : null, p.Cause?.ToCause())
    { Window = p.Window?.ToWindow(), Cost = new(p.Cost) };

    public static CountWindowWire ToWire(this CountWindow w) =>
        new() { Messages = w.Messages, Period = w.Period.Ticks, Seen = w.Seen, Tried = w.Tried };

    public static CountWindow ToWindow(this CountWindowWire w) =>
        new(w.Messages, new(w.Period), w.Seen) { Tried = Math.Max(w.Seen, w.Tried) };
}
