using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>
/// A pool of a new and a warm source before one provider, a minute at a time: the real governors, lanes, budgets and
/// the queue's own choice between them. Leases last for minutes; messages are spread over it.
/// </summary>
internal sealed class WarmUpWorld
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly ShapingRules _rules;
    private readonly SiteQueue _queue;
    private readonly Line _line;
    private readonly Side _new, _warm;
    private readonly Random _chance;
    private long _serial, _left;
    private double _due;

    public WarmUpWorld(string plan, string provider, int seed)
    {
        _rules = Rules(plan);
        _chance = new(seed);
        _queue = new(provider, "default");
        _line = _queue.LineOf(new("a.test", "shop", "broadcast"));
        (_new, _warm) = (Open("new"), Open("warm"));
    }

    /// <summary>Share of the new source's mail that is refused in this stage, counted from 0, on this day.</summary>
    public Func<int, int, double> Refused { get; init; } = (_, _) => 0.01;

    /// <summary>Messages that come in this minute of the run.</summary>
    public required Func<WarmUpWorld, int, double> Demand { get; init; }

    public List<IGovernorEvent> Events { get; } = [];
    public LaneTerms Terms => _new.Terms;
    public Governor Governor { get => _new.Governor; set => _new.Governor = value; }
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>The most that had to wait because neither source could take it.</summary>
    public int WaitedMax { get; private set; }
    public long BegunNew { get; private set; }
    public long BegunWarm { get; private set; }

    /// <summary>In each of the plan's periods with mail: what the stage allowed and what was begun.</summary>
    public List<(DateTimeOffset Ends, long Volume, long Begun)> Periods { get; } = [];

    private sealed class Side(Lane lane, LaneTerms terms)
    {
        public Lane Lane { get; } = lane;
        public LaneTerms Terms { get; } = terms;
        public Governor Governor { get; set; } = new(terms.Limit);
        public int[] Counts { get; } = new int[OutcomeCounts.Classes];
        public int Begun { get; set; }
    }

    public WarmUpWorld Until(int day, int hour = 0)
    {
        for (var end = Start.AddDays(day).AddHours(hour); Now < end; Now = Now.AddMinutes(1)) Minute();
        return this;
    }

    private void Minute()
    {
        var minute = (int)(Now - Start).TotalMinutes;
        if (minute % 5 == 0) Renew(_warm, 0);
        _due += Demand(this, minute);
        var wanted = (int)_due;
        _due -= wanted;
        var waited = wanted;
        for (var i = 0; i < wanted; i++)
        {
            var now = Now + TimeSpan.FromMinutes(1) * i / wanted;
            // A node asks each second, and gets a fiftieth each time: here whenever it has used that up.
            if (i == 0 || _new.Governor.WarmUp is not null && _new.Lane.Own.Budget.QuotaLeft(now) == 0 && _left > 0)
                Renew(_new, wanted - i, now);
            if (_queue.Choose(l => l.CanTake(_line, 0.1, now)) is not { } lane) continue;
            waited--;
            lane.Own.Budget.Begin(now);
            lane.Own.Budget.End();
            Answer(lane == _new.Lane ? _new : _warm, minute / 1440, now);
        }
        if (wanted == 0 && minute % 60 == 0) Renew(_new, 0);
        _due += waited;
        WaitedMax = Math.Max(WaitedMax, waited);
    }

    private void Answer(Side side, int day, DateTimeOffset now)
    {
        var refused = side == _warm ? 0.01 : Refused(_new.Governor.WarmUp?.Stage ?? int.MaxValue, day);
        var isRefused = _chance.NextDouble() < refused;
        side.Begun++;
        side.Counts[(int)(isRefused ? ReplyClass.OtherTransient : ReplyClass.Accepted)]++;
        if (isRefused) _due++;   // It comes again, as deferred mail does.
        if (side == _warm) { BegunWarm++; return; }
        BegunNew++;
        if (_new.Governor.WarmUp is not { } warmUp) return;
        var period = warmUp.EndOfPeriod(now);
        if (Periods.Count > 0 && Periods[^1].Ends == period)
            Periods[^1] = (period, warmUp.Volume, Periods[^1].Begun + 1);
        else Periods.Add((period, warmUp.Volume, 1));
    }

    private void Renew(Side side, int waiting, DateTimeOffset? at = null)
    {
        var now = at ?? Now;
        var report = new LaneReport(new([.. side.Counts]), [], side.Begun);
        side.Begun = 0;
        Array.Clear(side.Counts);
        var events = side.Governor.Observe(report, side.Terms, now).AddRange(side.Governor.PassTime(side.Terms, now));
        var wanted = Math.Max(0, waiting - side.Lane.Own.Budget.QuotaLeft(now));
        var (granted, more) = side.Governor.Grant(wanted, side.Terms, now);
        if (side == _new) Events.AddRange(events.AddRange(more));
        var state = side.Governor.At(side.Terms, now);
        if (side == _new) _left = state.WarmUp?.Left(now) ?? 0;
        side.Lane.Own.Budget.Take(new(side.Terms.Limit, ++_serial, state.Rate, Rate.DefaultBurst(state.Rate ?? 0),
            state.Connections, now.AddMinutes(6), side.Governor.WarmUp is null ? null : granted,
            side.Governor.WarmUp?.EndOfPeriod(now) ?? default, state), now);
    }

    private Side Open(string source)
    {
        var limit = new LimitKey.Lane(new(source, _queue.Site));
        var opened = new Lane(limit.Key, new(_rules.Sources[source], _queue.Site, LaneLimits.Of(_rules, source, _queue.Site)), 16,
            new(limit), []);
        _queue.Lanes.Add((opened, 1));
        return new(opened, LaneTerms.Of(_rules, limit));
    }

    private static ShapingRules Rules(string plan) => ((ShapingReading.Good)ShapingReader.Read(
        Encoding.UTF8.GetBytes($$"""
        {
          "defaults": { "rate": "1000/s" },
          "sources": { "new": { "warm_up": "{{plan}}" }, "warm": {} },
          "pools": { "default": { "sources": { "new": 1, "warm": 1 } } }
        }
        """), "shaping.json")).Rules;
}
