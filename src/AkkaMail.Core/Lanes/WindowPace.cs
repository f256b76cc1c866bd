using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// So many messages in so long, as a receiver that counts by the minute or the hour takes them, seen
/// <paramref name="Seen"/> times, of the <see cref="Tried"/> in which it was asked for as many or more.
/// </summary>
public sealed record CountWindow(int Messages, TimeSpan Period, int Seen)
{
    /// <summary>Windows that were filled, and looks for more.</summary>
    public int Tried { get; init; } = Seen;

    /// <summary>The same, asked for more once more.</summary>
    internal CountWindow Asked => this with { Tried = Tried + 1 };

    /// <summary>Messages a second when they are spread over it.</summary>
    public double PerSecond => Messages / Period.TotalSeconds;
}

/// <summary>
/// What a lane does about a receiver that is full (<see cref="Fullness"/>): it asks now and then, one message at a
/// time, and when it opens goes on with what is known to work. What the receiver counts by a window is spread over it,
/// just under what it holds. Each look beyond that takes a whole window, since what is too much shows at its end.
/// </summary>
public static class WindowPace
{
    public const string FullRule = "window/full";
    public const string OpenedRule = "window/opened";
    public const string KeptRule = "window/kept";
    public const string TestedRule = "window/tested";
    public const string RefutedRule = "window/refuted";

    /// <summary>
    /// Messages a second that ask whether it has opened: at first, at least for as long as the time from opening to
    /// opening is worth knowing, and at last. Some receivers refuse for the longer the more often they are asked.
    /// </summary>
    private const double AskFirst = 1, AskSoon = 0.1, AskLast = 1.0 / 60;

    /// <summary>Of what a window takes; some open before it is over, since they count by any minute.</summary>
    private const double AskPart = 0.05;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private const double UnderCeiling = 0.97;

    /// <summary>The part of what it was refused at that a lane goes on with when nothing else is known.</summary>
    private const double Half = 0.5;

    /// <summary>A window that holds very little is filled sooner, and waited for.</summary>
    private static double Spread(CountWindow window) => Math.Max(Adaptation.Floor, window.PerSecond * UnderCeiling);

    /// <summary>It is full: ask, half as often each time; null: as before.</summary>
    /// <param name="opens">When its window should be over; null: no window is known.</param>
    internal static RateChanged? Wait(
        Pace pace, Fullness full, DateTimeOffset? opens, RateInputs seen, string version, Cause? cause,
        DateTimeOffset now)
    {
        var to = pace.Rule == FullRule
            ? Math.Max(now - full.Since < Soon ? AskSoon : AskLast, pace.Rate!.Value * Half)
            : opens is { } end ? Math.Min(AskFirst,
                Math.Max(1 / Math.Max(1, (end - now).TotalSeconds), pace.Window!.PerSecond * AskPart))
            : Adaptation.IsCostly(pace) ? Math.Clamp(2 / pace.Cost.TotalSeconds, AskLast, AskFirst) : AskFirst;
        if (to >= pace.Rate) return null;
        var refused = pace.Rule == FullRule || pace.Window is not null && pace.Ceiling > full.Speed ? pace.Ceiling : full.Speed;
        return new(now, pace.Rate, to, refused, pace.Misses, pace.Probes, FullRule, version, cause)
        { Window = pace.Window, Inputs = Adaptation.After(seen, pace, now) };
    }

    /// <summary>Windows that are asked for at their time. Who takes nothing in all of them has another reason.</summary>
    private const int Asked = 3;

    /// <summary>Its window should be over: ask at once.</summary>
    internal static RateChanged? Ask(Pace pace, Fullness full, string version, DateTimeOffset now) =>
        pace.Window is not { } window || full.Since is not { } since || pace.Rate >= AskFirst
            || pace.ChangedAt >= full.BeganAt(window, now) || now - since > window.Period * Asked
            ? null : Same(pace, AskFirst, FullRule, version, now);

    /// <summary>
    /// It takes mail again. <paramref name="good"/> is the rate that had gone on without an objection; null: none is
    /// known any more.
    /// </summary>
    internal static RateChanged Reopen(
        Pace pace, Fullness.Opening opening, double? good, RateInputs seen, string version, DateTimeOffset now)
    {
        var refused = pace.Rule == FullRule ? pace.Ceiling ?? 0 : opening.Speed;
        var to = opening.Window is { } window ? Spread(window)
            : Math.Max(Adaptation.Floor, Math.Max(refused * Half, good < refused ? good.Value : 0));
        // What it refused is a bound that is worth knowing to whom a look costs much.
        var bound = to < refused && (opening.Window is null ? opening.Cost >= Adaptation.Costly : pace.Window is not null)
            ? refused : to / UnderCeiling;
        return new(now, pace.Rate, to, bound, pace.Misses + 1, 0, OpenedRule, version, pace.Cause)
        {
            Window = opening.Window,
            Cost = opening.Cost,
            Inputs = Adaptation.After(seen with { Bound = good }, pace, now) with { Ceiling = refused },
        };
    }

    /// <summary>A look beyond what its window holds was refused: back to that.</summary>
    internal static RateChanged? Retreat(
        Pace pace, LaneReport report, RateInputs seen, string version, DateTimeOffset now)
    {
        if (pace is not { Window: { } window, Rate: { } rate } || pace.Rule == FullRule || rate <= window.PerSecond)
            return null;
        var cause = report.Said.Select(s => s.First)
            .FirstOrDefault(c => c.Class == ReplyClass.RateLimited && c.BegunAt >= pace.ChangedAt);
        if (cause is null) return null;
        var to = Spread(window);
        return new(now, rate, to, rate, pace.Misses + 1, 0, KeptRule, version, cause)
        {
            Window = window with { Seen = window.Seen + 1 },
            Inputs = Adaptation.After(seen, pace, now),
        };
    }

    /// <summary>
    /// The window that it has come back from a look beyond runs still: who is refused for that is full, and not too fast. For
    /// two minutes at most, or a lane would hear nothing for the rest of a day.
    /// </summary>
    internal static bool HasRetreated(Pace pace, DateTimeOffset now) => pace.Rule == KeptRule
        && now - pace.ChangedAt < pace.Window?.Period && now - pace.ChangedAt < Soon;

    /// <summary>
    /// A window that two fillings have shown is tried once at twice its speed. What is none does not fill up: the
    /// receiver had refused a speed for as long as it liked, and there is more to be had.
    /// </summary>
    /// <param name="refused">The speed that it refused; 0: not known.</param>
    internal static RateChanged? Test(Pace pace, Recent recent, double refused, string version, DateTimeOffset now)
    {
        if (pace is not { Window: { Seen: 2 } window, Rate: { } rate } || pace.Rule == FullRule) return null;
        var since = now - pace.ChangedAt;
        if (since < window.Period * 0.9) return null;
        var used = Fullness.Taken(recent.Since(pace.ChangedAt, now));
        // Who has not had the mail for it in three of them has not been refused in three of them.
        if (used < rate * Math.Min(since.TotalSeconds, Recent.Span.TotalSeconds) * 0.8
            && !(pace.Rule == TestedRule && since > window.Period * Asked))
            return null;
        if (pace.Rule == TestedRule)
            return Same(pace with { Ceiling = refused > rate ? refused : null, Misses = 0 }, rate, RefutedRule, version, now);
        return since < window.Period ? null : Same(pace, window.PerSecond * 2, TestedRule, version, now);
    }

    /// <summary>The window after a step up: what went on for all of it without an objection it holds.</summary>
    internal static CountWindow? Proven(Pace pace) => pace is not { Window: { } window, Rate: { } rate } ? null
        : window.Asked with { Messages = Math.Max(window.Messages, (int)(rate * window.Period.TotalSeconds)) };

    private static RateChanged Same(Pace pace, double to, string rule, string version, DateTimeOffset now) =>
        new(now, pace.Rate, to, pace.Ceiling, pace.Misses, 0, rule, version, pace.Cause)
        {
            Window = rule switch { RefutedRule => null, TestedRule => pace.Window?.Asked, _ => pace.Window },
            Inputs = Adaptation.After(new() { Allowed = pace.Rate }, pace, now),
        };
}
