using System.Collections.Immutable;
using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

public sealed partial class Governor
{
    /// <summary>
    /// What the report of <paramref name="node"/> changes: rules first, then the breaker, then the pace.
    /// </summary>
    public ImmutableArray<IGovernorEvent> Observe(
        LaneReport report, LaneTerms terms, DateTimeOffset now, string node = "")
    {
        EndMinute(now);
        EndDay(now);
        var told = report;
        var isOfRate = _crowd.IsOfNew(report, node, now);
        if (isOfRate) report = report.AsOfRate();
        _recent.Add(report.Counts, now);
        foreach (var said in told.Said)
            foreach (var rule in terms.Rules)
                if (rule.Site is null || rule.Site == _site) React(rule, said, terms, now);
        // What a hold or a bad reputation keeps slow is slow for another reason.
        var speed = Adaptation.Look(
            Least(terms.RatePerSecond, Pace.Rate), _recent, now - Adaptation.StepEvery, now).Used!.Value;
        var opening = _fullness.Add(report.Counts, speed, Pace, now);
        if (!Breaks(report, terms, now)) Adapt(report, terms, opening, now);
        if (isOfRate) KeepClasses(told);
        (_minute ??= new(Floor(now))).Add(node, told, At(terms, now).Rate, terms.Version);
        return Drain();
    }

    /// <summary>A cause is recorded as it was judged, whatever it was taken for here.</summary>
    private void KeepClasses(LaneReport told)
    {
        for (var i = 0; i < _decided.Count; i++)
            if (_decided[i] is RateChanged { Cause: { } cause } e
                && told.Said.Select(s => s.First).FirstOrDefault(c => c.Attempt == cause.Attempt) is { } said)
                _decided[i] = e with { Cause = said };
    }

    /// <summary>What time alone changes: steps up, a minute's count, a day of the warm-up.</summary>
    public ImmutableArray<IGovernorEvent> PassTime(LaneTerms terms, DateTimeOffset now)
    {
        EndMinute(now);
        EndDay(now);
        Judge(now);
        var at = At(terms, now);
        if (at.IsSuspended) return Drain();
        // Full in the life before this one, too: whether it is open by now the next answer tells.
        if (_fullness.Since is not null || Pace.Rule == WindowPace.FullRule)
        {
            if (WindowPace.Ask(Pace, _fullness, terms.Version, now) is { } ask) Record(ask);
            return Drain();
        }
        if (Pace is { Rate: { } rate, Probes: 0 } && now - Pace.ChangedAt >= GoodAfter
            && Adaptation.Objections(_recent.Over(GoodAfter, now)) == 0) _good = rate;
        if (WindowPace.Test(Pace, _recent, _fullness.Speed, terms.Version, now) is { } test) Record(test);
        // What a hold keeps slow shows nothing about going faster: no step leads beyond it, and when it ends, the lane
        // goes on from there.
        if (Pace.Rule != WindowPace.TestedRule
            && Adaptation.Step(Pace, terms.RatePerSecond, _recent, terms.Version, now) is { } step
            && !IsHeld<Reaction.LimitRate>(at, r => r.Rate.PerSecond < (step.To ?? terms.RatePerSecond)))
        {
            // What a look for more has come from works; less a little, since a receiver may let a burst pass at first.
            _good = Math.Max(_good ?? 0, Adaptation.IsCostly(Pace) ? step.From!.Value : step.From!.Value / BurstMargin);
            Record(step);
        }
        StepConnections(at, terms, now);
        return Drain();
    }

    private static bool IsHeld<T>(LaneState at, Func<T, bool> binds) where T : Reaction =>
        at.Holds.Any(h => h.Target.IsLane && h.Reaction is T reaction && binds(reaction));

    /// <summary>The part of a warm-up's allowance a node gets; nothing when there is no warm-up.</summary>
    public (long Granted, ImmutableArray<IGovernorEvent> Events) Grant(long wanted, LaneTerms terms, DateTimeOffset now)
    {
        EndMinute(now);
        EndDay(now);
        if (WarmUp is null && terms.WarmUp is { } plan && WarmedUpBy != plan.Name)
            Record(new WarmUpBegan(now, plan, null));
        var granted = WarmUp?.Grant(wanted, now);
        if (granted is not null) Record(granted);
        return (granted?.Count ?? 0, Drain());
    }

    private void React(ReactionRule rule, Said said, LaneTerms terms, DateTimeOffset now)
    {
        var cause = said.First;
        if (!Fits(rule, cause)) return;
        var target = rule.Scope switch
        {
            ReactionScope.Lane => HoldTarget.Lane,
            ReactionScope.Tenant => new(rule.Scope, cause.Tenant, null),
            _ => new(rule.Scope, cause.Tenant, cause.Stream),
        };
        // Mail that was under way when the rule fired says the same again: that is no reason to hold for longer.
        if (_holds.Any(h => h.Rule == rule.Id && h.Target == target && cause.BegunAt < h.From && h.Covers(now)))
            return;
        if (_firings.Count(rule, target, said.Count, cause.At) is not { } inputs) return;
        foreach (var reaction in rule.Reactions)
        {
            if (reaction is Reaction.BackOff b) { BackOff(b.Factor, rule, terms, cause, now); continue; }
            Hold(new(0, reaction, target, cause.At, cause.At + rule.For, rule.Id, terms.Version, cause, null), inputs);
        }
        if (rule.Scope != ReactionScope.Lane) return;
        // Nobody jumps back: when the hold ends, the lane goes on from here, step by step.
        if (rule.Reactions.OfType<Reaction.LimitRate>().FirstOrDefault() is { } limit)
            SlowTo(limit.Rate.PerSecond, rule.Id, terms, cause, now);
        else if (rule.Reactions.Any(r => r is Reaction.Suspend))
            SlowBy(AfterStop, rule.Id, terms, cause, now);
        if (rule.Reactions.OfType<Reaction.LimitConnections>().FirstOrDefault() is { Connections: var most }
            && most < Math.Min(terms.Connections, Connections ?? int.MaxValue))
            Record(new ConnectionsChanged(now, Connections, most, rule.Id, terms.Version, cause)
            {
                Inputs = InputsOf(At(terms, now), terms, now - Recent.Span, now) with { Bound = most },
                Refused = _connectionsRefused,
                Misses = _connectionMisses,
            });
    }

    /// <summary>The part of its speed a lane goes on with after a rule had stopped it.</summary>
    private const double AfterStop = 0.25;

    private static bool Fits(ReactionRule rule, Cause cause)
    {
        if (cause.Class == ReplyClass.Own) return false;
        if (rule.Class is { } c && c != cause.Class) return false;
        if (rule.Patterns.IsEmpty) return rule.Class is not null;
        return rule.Patterns.Any(p => p.IsIn(cause.Reply));
    }

    private void BackOff(double factor, ReactionRule rule, LaneTerms terms, Cause cause, DateTimeOffset now)
    {
        if (cause.BegunAt < Pace.CutAt) return;   // Said of the rate before.
        SlowBy(factor, rule.Id, terms, cause, now);
    }

    private void SlowBy(double factor, string rule, LaneTerms terms, Cause cause, DateTimeOffset now)
    {
        var seen = Look(terms, now) with { Factor = factor };
        SlowTo(Math.Max(Adaptation.Floor, seen.Used!.Value * factor), rule, terms, cause, seen, now);
    }

    private void SlowTo(double to, string rule, LaneTerms terms, Cause cause, DateTimeOffset now) =>
        SlowTo(to, rule, terms, cause, Look(terms, now) with { Bound = to }, now);

    private void SlowTo(
        double to, string rule, LaneTerms terms, Cause cause, RateInputs seen, DateTimeOffset now)
    {
        if (Pace.Rate <= to || terms.RatePerSecond <= to) return;
        Record(new RateChanged(now, Pace.Rate, to, Pace.Ceiling, Pace.Misses, 0, rule, terms.Version, cause)
        {
            Window = Pace.Window,
            Inputs = Adaptation.After(seen, Pace, now),
        });
    }

    private bool Breaks(LaneReport report, LaneTerms terms, DateTimeOffset now)
    {
        if (Breaker.Trip(_recent, report, TripsOf, _trippedUntil, now) is not var (rule, time, cause, inputs))
            return false;
        if (_holds.Any(h => h.Rule == rule && h.Covers(now))) return true;
        Hold(new(0, new Reaction.Suspend(), HoldTarget.Lane, now, now + time, rule, terms.Version, cause, null),
            inputs);
        SlowTo(1, rule, terms, cause, now);   // Half open: a few find out whether the wall still stands.
        return true;
    }

    /// <summary>Its receiver answers again: what it took before it fell silent it takes now, as far as is known.</summary>
    private RateChanged? Back(LaneTerms terms, DateTimeOffset now)
    {
        if (_before is not { } before || now < _trippedUntil || before.Rate <= Pace.Rate) return null;
        var since = _recent.Since(_trippedUntil, now);
        if (since[ReplyClass.Accepted] < Breaker.Back || since[ReplyClass.Unreachable] > 0) return null;
        return new(now, Pace.Rate, before.Rate, before.Ceiling, before.Misses, 0, Breaker.BackRule, terms.Version, Pace.Cause)
        {
            Window = before.Window,
            Inputs = Adaptation.After(Look(terms, now) with { Bound = before.Rate }, Pace, now),
        };
    }

    /// <summary>A receiver that is full again so soon does not take what was known to work.</summary>
    private static readonly TimeSpan OpenLeast = TimeSpan.FromSeconds(30);

    private const double BurstMargin = 1.1;

    /// <summary>
    /// A rate that has gone on for so long, and was no look for more, is known to work: some receivers let a burst
    /// pass.
    /// </summary>
    private static readonly TimeSpan GoodAfter = TimeSpan.FromSeconds(30);

    private void Adapt(LaneReport report, LaneTerms terms, Fullness.Opening? opening, DateTimeOffset now)
    {
        var at = At(terms, now);
        if (Back(terms, now) is { } back) Record(back);
        else if (opening is not null)
        {
            if (opening.WasOpen < OpenLeast) _good = null;
            Record(WindowPace.Reopen(Pace, opening, _good, Look(terms, now), terms.Version, now));
        }
        else if (WindowPace.Retreat(Pace, report, Look(terms, now), terms.Version, now) is { } retreat) Record(retreat);
        else if (_fullness.Since is not null) Wait(report, terms, now);
        // What was begun before the retreat, and what its window no longer holds, is no reason to go below it.
        else if (!WindowPace.HasRetreated(Pace, now)
            && Adaptation.Cut(Pace, Least(terms.RatePerSecond, Pace.Rate), report, _recent, terms.Version, now)
            is { } cut)
            Record(cut);
        CutConnections(at, report, terms, now);
    }

    private void Wait(LaneReport report, LaneTerms terms, DateTimeOffset now)
    {
        var cause = report.Said.Select(s => s.First).FirstOrDefault(c => c.BegunAt >= Pace.ChangedAt);
        // Mail from before the last change says nothing about it.
        if (cause is null && Pace.Rule == WindowPace.FullRule) return;
        DateTimeOffset? opens = Pace.Window is { } window ? _fullness.BeganAt(window, now) + window.Period : null;
        if (WindowPace.Wait(Pace, _fullness, opens, Look(terms, now), terms.Version, cause ?? Pace.Cause, now)
            is { } wait)
            Record(wait);
    }

    private RateInputs Look(LaneTerms terms, DateTimeOffset now) =>
        Adaptation.Look(At(terms, now).Rate, _recent, now - Adaptation.StepEvery, now);

    /// <summary>With the next number.</summary>
    private void Hold(Hold hold, HoldInputs? inputs)
    {
        if (_holds.Count(h => h.Until > hold.From) >= HoldsMax) return;
        Record(new HoldBegan(hold.From, hold with { Id = _lastHold + 1 }, inputs));
    }

    private void Lift(Func<Hold, bool> which, string note, string? by, DateTimeOffset now)
    {
        foreach (var hold in _holds.Where(h => h.Covers(now) && which(h)).ToList())
            Record(new HoldLifted(now, hold.Id, note, by));
    }

    private void EndMinute(DateTimeOffset now)
    {
        if (_minute is not { } ended || Floor(now) <= ended.Minute) return;
        _minute = null;
        if (ended.IsTold) Record(ended.ToEvent(now));
    }

    /// <summary>Whether the score has crossed a bound; time alone heals it, so this goes with the clock.</summary>
    private void Judge(DateTimeOffset now)
    {
        var score = _reputation.Score(now);
        var standing = Standings.After(Standing, score);
        if (standing == Standing) return;
        var worst = _reputation.Worst(now);
        Record(new StandingChanged(
            now, Standing, standing, score, _reputation.Messages(now), worst?.Name, worst?.Share ?? 0));
    }

    private void EndDay(DateTimeOffset now)
    {
        if (WarmUp?.EndDay(_complaintsToday, now) is { } ended) Record(ended);
    }

    private static DateTimeOffset Floor(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private void Record(IGovernorEvent e)
    {
        Apply(e);
        _decided.Add(e);
    }

    private ImmutableArray<IGovernorEvent> Drain()
    {
        if (_decided.Count == 0) return [];
        ImmutableArray<IGovernorEvent> events = [.. _decided];
        _decided = [];
        return events;
    }
}
