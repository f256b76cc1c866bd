using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// What one lane has learnt: its pace, what holds it, how far its warm-up is, how it stands. It decides what a report
/// changes and applies that at once; the caller stores the events and only then lets anybody act on them. A store that
/// fails leaves this ahead of the journal: the caller throws it away and replays.
/// </summary>
public sealed partial class Governor(LimitKey limit)
{
    /// <summary>Holds at once; a rule that fires beyond it changes nothing.</summary>
    public const int HoldsMax = 100;

    private readonly string? _site = (limit as LimitKey.Lane)?.Key.Site;
    private readonly Recent _recent = new();
    private readonly Fullness _fullness = new();
    private readonly Crowd _crowd = new();
    private readonly Firings _firings = new();
    private readonly List<Hold> _holds = [];
    private Lanes.Reputation _reputation = new();
    private LaneMinute? _minute;
    private int _lastHold, _trips;
    private DateTimeOffset _trippedAt, _trippedUntil, _connectionsAt;
    private string? _tripRule;
    private Cause? _connectionsCause;
    private int? _connectionsRefused;
    private int _connectionMisses;
    private long _complaintsToday;
    private double? _good;

    /// <summary>Its pace when its receiver fell silent; null: it has not. Not in a snapshot: then it is found step by step.</summary>
    private Pace? _before;
    private List<IGovernorEvent> _decided = [];

    public Pace Pace { get; private set; } = Pace.Free;

    /// <summary>The learnt bound of connections; null: the configured one.</summary>
    public int? Connections { get; private set; }

    public WarmUp? WarmUp { get; private set; }

    public Standing Standing { get; private set; }

    /// <summary>It has been through its plan: the same plan does not begin again by itself.</summary>
    public string? WarmedUpBy { get; private set; }

    /// <summary>Something since the last <see cref="OutcomesCounted"/>, gone if nobody asks for that event.</summary>
    public bool HasUncounted => _minute is { IsTold: true };

    public ImmutableArray<Hold> HoldsAt(DateTimeOffset now) => [.. _holds.Where(h => h.Covers(now))];

    /// <summary>
    /// Complaints and deliveries; each loses half its weight in <c>HalfLife</c>.
    /// </summary>
    public (double Complaints, double Delivered) Complaints(DateTimeOffset now) => _reputation.Complaints(now);

    /// <summary>Its score, the messages it rests on (decayed), and what costs most of it.</summary>
    public (double Score, double Messages, (string Name, double Share)? Worst) Reputation(DateTimeOffset now) =>
        (_reputation.Score(now), _reputation.Messages(now), _reputation.Worst(now));

    public LaneState At(LaneTerms terms, DateTimeOffset now)
    {
        var score = _reputation.Score(now);
        var rate = Least(terms.RatePerSecond, Pace.Rate);
        var connections = Math.Min(terms.Connections, Connections ?? int.MaxValue);
        var holds = HoldsAt(now);
        foreach (var hold in holds.Where(h => h.Target.IsLane))
            switch (hold.Reaction)
            {
                case Reaction.LimitRate r: rate = Least(rate, r.Rate.PerSecond); break;
                case Reaction.LimitConnections c: connections = Math.Min(connections, c.Connections); break;
            }
        var (complaints, delivered) = Complaints(now);
        return new(now, terms.Version, rate * Lanes.Reputation.Factor(score), connections, Pace, holds, WarmUp, score,
            Standing, delivered >= 1 ? complaints / delivered : null);
    }

    public void Apply(IGovernorEvent @event)
    {
        switch (@event)
        {
            case OutcomesCounted e:
                _reputation.Add(e.Counts, e.At);
                WarmUp = WarmUp?.After(e);
                // What was accepted in the minute in which it tripped may have been before.
                if (e.Counts[ReplyClass.Accepted] > 0 && e.At >= _trippedUntil && e.Minute >= _trippedAt) _trips = 0;
                break;
            case RateChanged e: Change(e); break;
            case ConnectionsChanged e:
                (Connections, _connectionsAt, _connectionsCause) = (e.To, e.At, e.Cause ?? _connectionsCause);
                (_connectionsRefused, _connectionMisses) = (e.Refused, e.Misses);
                break;
            case HoldBegan e: Begin(e.Hold); break;
            case HoldLifted e: _holds.RemoveAll(h => h.Id == e.Id); break;
            case FeedbackCounted e:
                _reputation.AddFeedback(e.Complaints, e.Engaged, e.At);
                _complaintsToday += e.Complaints;
                break;
            case StandingChanged e: Standing = e.To; break;
            case WarmUpBegan e: WarmUp = Lanes.WarmUp.Begin(e.Plan); break;
            case WarmUpGranted e: WarmUp = WarmUp!.After(e); break;
            case WarmUpDayEnded e:
                var plan = WarmUp!.Plan.Name;
                _complaintsToday = 0;
                if ((WarmUp = WarmUp!.After(e)) is null) WarmedUpBy = plan;
                break;
            case WarmUpPaused: WarmUp = WarmUp! with { IsPaused = true }; break;
            case WarmUpResumed: WarmUp = WarmUp! with { IsPaused = false }; break;
            case WarmUpCompleted: (WarmedUpBy, WarmUp) = (WarmUp?.Plan.Name ?? WarmedUpBy, null); break;
            default: throw new InvalidOperationException($"{@event.GetType().Name} is no event of a governor");
        }
    }

    private void Change(RateChanged e)
    {
        _before = e.Rule == Breaker.Unreachable ? _before ?? Pace : e.IsCut || e.Rule == Breaker.BackRule ? null : _before;
        Pace = Pace.After(e);
    }

    private void Begin(Hold hold)
    {
        _holds.RemoveAll(h => h.Until <= hold.From);
        // The same rule for the same thing again: its time begins anew.
        _holds.RemoveAll(h => h.Rule == hold.Rule && h.Reaction == hold.Reaction && h.Target == hold.Target);
        _holds.Add(hold);
        _lastHold = Math.Max(_lastHold, hold.Id);
        // Stopped or held by anything but silence, it does not go back to what was before the silence.
        if (hold.Target.IsLane && hold.Rule != Breaker.Unreachable) _before = null;
        if (hold.Rule is not (Breaker.Blocked or Breaker.Unreachable)) return;
        _trips = TripsOf(hold.Rule) + 1;
        (_tripRule, _trippedAt, _trippedUntil) = (hold.Rule, hold.From, hold.Until);
    }

    /// <summary>How often in a row it has tripped by this rule; after a snapshot any of them counts.</summary>
    private int TripsOf(string rule) => _tripRule is null || _tripRule == rule ? _trips : 0;

    private static double? Least(double? a, double? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
