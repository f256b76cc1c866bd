using AkkaMail.Core.Lanes.Observing;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Between the rules: slower at once when the receiver objects, faster step by step while it does not, never back in
/// one go (AIMD with a memory of where it objected). A cut goes to what got through, less 3 %, and halves at most:
/// where plain AIMD saws between half and all of a limit, this settles just under it and looks only now and then, in
/// small steps that grow, whether there is more. The figures are in docs/internals/performance.md.
/// </summary>
public static class Adaptation
{
    public const string LimitedRule = "aimd/limited";
    public const string RecoveringRule = "aimd/recovering";
    public const string ProbingRule = "aimd/probing";
    public const string RecoveredRule = "aimd/recovered";

    /// <summary>Messages a second; never less, or there would be nothing to learn from.</summary>
    public const double Floor = 0.1;

    public static readonly TimeSpan StepEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long it stays under a ceiling before it looks for more; doubled with each miss, twice.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>A lane that hardly sends learns nothing from clean replies: it waits this long for a step.</summary>
    private static readonly TimeSpan IdleStep = TimeSpan.FromMinutes(1);

    /// <summary>Cuts that follow one another so closely are about one objection.</summary>
    private static readonly TimeSpan Episode = TimeSpan.FromSeconds(10);

    /// <summary>A cut is given this long to show what it did: a receiver may count by the second.</summary>
    private static readonly TimeSpan CutEvery = TimeSpan.FromSeconds(1);

    /// <summary>Answers that come so soon after a cut are to mail from before it.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(250);

    private const double UnderCeiling = 0.97;

    /// <summary>Answers in a few seconds that say how fast a lane goes, and what share of it gets through.</summary>
    private const int Telling = 20;

    /// <summary>No step up is larger.</summary>
    public const double StepMax = 1.25;

    /// <summary>
    /// The cut that <paramref name="report"/> asks for, or null. <paramref name="rate"/> is what the lane is allowed
    /// now (null: no bound), <paramref name="recent"/> what was answered lately, the report included.
    /// </summary>
    internal static RateChanged? Cut(
        Pace pace, double? rate, LaneReport report, Recent recent, string version, DateTimeOffset now)
    {
        if (now - pace.CutAt < CutEvery || Objection(pace, report, recent, now) is not { } cause) return null;
        var from = From(2);
        if (recent.Since(from, now).Total < Telling) from = From(10);   // A slow lane says less in a second.
        var seen = Look(rate, recent, from, now);
        var used = seen.Used!.Value;
        var through = used * seen.Accepted / Math.Max(1, seen.Accepted + seen.Objections);
        var to = Math.Max(Floor, Math.Max(used / 2, through * UnderCeiling));
        if (to >= used) return null;   // At the floor already.
        // Half and less of what it was: another limit, about which nothing is known yet.
        var misses = through < pace.Ceiling / 2 ? 1 : now - pace.CutAt < Episode ? pace.Misses : pace.Misses + 1;
        return new(now, pace.Rate, to, through < used / 10 ? null : through, misses, 0, LimitedRule, version, cause)
        {
            Window = pace.Window,
            Inputs = After(seen, pace, now),
        };

        DateTimeOffset From(int seconds)
        {
            var at = now.AddSeconds(-seconds);
            return pace.CutAt + Echo > at ? pace.CutAt + Echo : at;
        }
    }

    /// <summary>
    /// How fast a lane goes: as it is allowed, unless it makes use of under seven tenths of that, for want of mail or
    /// of connections. What a receiver objects to is what it saw: half of a rate nobody has reached would change
    /// nothing.
    /// </summary>
    internal static RateInputs Look(double? rate, Recent recent, DateTimeOffset from, DateTimeOffset now)
    {
        var (seen, last) = (recent.Speed(from, now), recent.Since(from, now));
        // A lane that hardly sends has shown nothing: one objection must not hold its next receipts to one in ten seconds.
        var used = rate is not { } allowed ? Math.Max(1, seen ?? last.Total)
            : last.Total >= Telling && seen < allowed * 0.7 ? seen.Value : allowed;
        return new()
        {
            Allowed = rate,
            Used = used,
            Seen = seen,
            Answers = last.Total,
            Accepted = last[ReplyClass.Accepted],
            Objections = Objections(last),
            Seconds = (now - from).TotalSeconds,
        };
    }

    /// <summary>With what the pace before says to it.</summary>
    internal static RateInputs After(RateInputs seen, Pace pace, DateTimeOffset now) => seen with
    {
        Ceiling = pace.Ceiling,
        Misses = pace.Misses,
        Probes = pace.Probes,
        SinceCut = pace.CutAt == DateTimeOffset.MinValue ? null : (now - pace.CutAt).TotalSeconds,
    };

    /// <summary>The step up that is due, or null. <paramref name="max"/> is the configured rate.</summary>
    internal static RateChanged? Step(Pace pace, double? max, Recent recent, string version, DateTimeOffset now)
    {
        if (pace.Rate is not { } rate || now < NextStep(pace)) return null;
        var resting = now - pace.ChangedAt;
        var since = recent.Since(pace.ChangedAt, now);
        // Only a rate that is made use of says anything about a higher one.
        var isProven = since[ReplyClass.Accepted] >= rate * Math.Min(resting.TotalSeconds, 60) / 2;
        // What a window holds is only known by what went into it.
        if (!isProven && (pace.Window is not null || resting < IdleStep)) return null;
        if (Objections(pace.Window is null ? recent.Over(StepEvery, now) : since) > 0) return null;
        var plateau = Plateau(pace);
        var (recovers, halves) = (!IsCostly(pace) && Gap(pace) is null && rate < plateau * 0.999, Gap(pace) is not null);
        var to = recovers ? Math.Min(plateau, rate * 1.1)
            : halves ? Math.Sqrt(rate * pace.Ceiling!.Value) : rate * ProbeFactor(pace);
        var inputs = After(new()
        {
            Allowed = rate,
            Answers = since.Total,
            Accepted = since[ReplyClass.Accepted],
            Seconds = Math.Min(resting.TotalSeconds, 60),
            Bound = max,
        }, pace, now);
        if (max is { } m && to >= m)
            return new(now, rate, null, null, 0, 0, RecoveredRule, version, pace.Cause) { Inputs = inputs };
        return recovers
            ? new(now, rate, to, pace.Ceiling, pace.Misses, 0, RecoveringRule, version, pace.Cause)
            {
                Inputs = inputs,
                Window = pace.Window,
            }
            : new(now, rate, to, pace.Ceiling is { } c ? Math.Max(c, to) : null,
                pace.Probes >= 2 ? 0 : pace.Misses, pace.Probes + 1, ProbingRule, version, pace.Cause)
            { Inputs = inputs, Window = WindowPace.Proven(pace) };
    }

    /// <summary>
    /// When the next step up may be taken, if all stays clean; null when there is nothing to recover.
    /// </summary>
    public static DateTimeOffset? NextStep(Pace pace)
    {
        if (pace.Rate is not { } rate) return null;
        var window = pace.Window?.Period ?? default;
        if (IsCostly(pace))
            return pace.ChangedAt + Longer(Telltale, (pace.Ceiling ?? 0) <= rate ? default
                : pace.Cost * Math.Clamp(rate / (Gap(pace) ?? 0), 2, Worth));
        if (pace.Probes > 0 || pace.Ceiling is null || rate < Plateau(pace) * 0.999)
            return pace.ChangedAt + Longer(
                Longer(StepEvery, window), For(pace.Window is null ? StepMessages : WindowMessages, rate));
        return pace.ChangedAt + Longer(
            Longer(Rest * Math.Pow(2, Math.Clamp(pace.Misses - 1, 0, 2)), window), For(RestMessages, rate));
    }

    /// <summary>A look costs a few refusals. So many messages apart, they are a small part of all.</summary>
    private const int StepMessages = 4, WindowMessages = 100, RestMessages = 200;

    private static TimeSpan For(int messages, double rate) => TimeSpan.FromSeconds(messages / rate);

    /// <summary>A look that may cost some time without any mail is worth while after so many times as long.</summary>
    private const int Worth = 20;

    /// <summary>Who takes nothing at all for so long after it was asked for too much is not asked a little more each time.</summary>
    internal static readonly TimeSpan Costly = TimeSpan.FromSeconds(5);

    /// <summary>A rate that goes on for so long is taken.</summary>
    private static readonly TimeSpan Telltale = TimeSpan.FromSeconds(30);

    internal static bool IsCostly(Pace pace) => pace.Window is null && pace.Cost >= Costly;

    /// <summary>
    /// Before a receiver that punishes: what lies between the rate that it takes and the one that it refused, while there
    /// is enough of it to be worth a look. Each look goes to its middle, and costs what is not sent meanwhile: it comes
    /// when what there may be to gain will have made up for that.
    /// </summary>
    private static double? Gap(Pace pace) =>
        (IsCostly(pace) || pace.Window is not null) && pace.Ceiling - pace.Rate is { } gap && gap > pace.Rate / Worth ? gap : null;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static double Plateau(Pace pace) => (pace.Ceiling ?? 0) * UnderCeiling;

    /// <summary>2, 4, 6, … 25 %: small where the ceiling was, larger where it seems to be gone.</summary>
    private static double ProbeFactor(Pace pace) =>
        pace.Ceiling is null ? StepMax : Math.Min(StepMax, 1.02 + 0.02 * pace.Probes);

    internal static int Objections(OutcomeCounts counts) =>
        counts[ReplyClass.RateLimited] + (IsUnnamedLimit(counts) ? counts[ReplyClass.OtherTransient] : 0);

    /// <summary>"Come back later" to four fifths of what is sent is a limit that does not say its name.</summary>
    private static bool IsUnnamedLimit(OutcomeCounts counts) =>
        counts[ReplyClass.OtherTransient] is >= 20 and var deferred && deferred * 5 >= counts.Total * 4;

    /// <summary>An objection to a mail that was begun after the last cut, if there is one.</summary>
    private static Cause? Objection(Pace pace, LaneReport report, Recent recent, DateTimeOffset now)
    {
        var unnamed = IsUnnamedLimit(recent.Over(Episode, now));
        return report.Said.Select(s => s.First).FirstOrDefault(c => c.BegunAt >= pace.CutAt
            && (c.Class == ReplyClass.RateLimited || unnamed && c.Class == ReplyClass.OtherTransient));
    }
}
