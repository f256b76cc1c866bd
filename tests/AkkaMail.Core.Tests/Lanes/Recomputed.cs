using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>
/// The decisions of a lane once more, from what is recorded with each and nothing else: the rules as the page on lanes
/// tells them, written a second time.
/// </summary>
internal static class Recomputed
{
    public static void Are(IEnumerable<IGovernorEvent> events)
    {
        foreach (var e in events)
            switch (e)
            {
                case RateChanged r: Is(r); break;
                case ConnectionsChanged c: Is(c); break;
                case HoldBegan h: Is(h); break;
            }
    }

    private static void Is(RateChanged e)
    {
        var i = e.Inputs;
        var through = i.Used * i.Accepted / Math.Max(1, i.Accepted + i.Objections);
        if (i.Used is not null)
            Near(i.Allowed is not { } allowed ? Math.Max(1, i.Seen ?? i.Answers)
                : i.Answers >= 20 && i.Seen < 0.7 * allowed ? i.Seen : allowed, i.Used, e);
        Near(e.Rule switch
        {
            Adaptation.LimitedRule => Math.Max(0.1, Math.Max(i.Used!.Value / 2, through!.Value * 0.97)),
            Adaptation.RecoveringRule => Math.Min(i.Ceiling!.Value * 0.97, e.From!.Value * 1.1),
            // Half way, as ratios go, to what was refused, where that is worth a look of its own.
            Adaptation.ProbingRule when i.Ceiling > e.From * 1.05 => Math.Sqrt(e.From!.Value * i.Ceiling.Value),
            Adaptation.ProbingRule => e.From * (i.Ceiling is null ? 1.25 : Math.Min(1.25, 1.02 + 0.02 * i.Probes)),
            Adaptation.RecoveredRule => null,
            WindowPace.OpenedRule => e.Window is { } w ? Math.Max(0.1, w.PerSecond * 0.97)
                : Math.Max(0.1, Math.Max(i.Ceiling!.Value / 2, i.Bound < i.Ceiling ? i.Bound.Value : 0)),
            WindowPace.KeptRule => Math.Max(0.1, e.Window!.PerSecond * 0.97),
            WindowPace.TestedRule => e.Window!.PerSecond * 2,
            WindowPace.RefutedRule => e.From,
            Breaker.BackRule => i.Bound,
            WindowPace.FullRule => Math.Min(1, e.To!.Value),   // By what time is left of its window.
            _ => i.Factor is { } part ? Math.Max(0.1, i.Used!.Value * part) : i.Bound,
        }, e.To, e);
        switch (e.Rule)
        {
            case Adaptation.LimitedRule:
                Assert.True(i.Objections > 0 || i.Answers == 0 || i.SinceCut < 11, $"{e}");
                Near(through < i.Used / 10 ? null : through, e.Ceiling, e);
                Assert.Equal(through < i.Ceiling / 2 ? 1 : i.SinceCut < 10 ? i.Misses : i.Misses + 1, e.Misses);
                break;
            case Adaptation.RecoveredRule:
                Assert.True(e.From * 1.25 >= i.Bound, $"{e}");
                break;
        }
    }

    private static void Is(ConnectionsChanged e)
    {
        var i = e.Inputs;
        var to = e.Rule switch
        {
            Adaptation.LimitedRule when i.Allowed >= i.Refused => i.Allowed - 1,
            Adaptation.LimitedRule => Math.Max(1, i.Allowed / 2),
            Adaptation.RecoveringRule => i.Objections > 0 ? -1 : e.From + 1 >= i.Configured ? null : e.From + 1,
            _ => i.Bound,
        };
        Assert.Equal(to, e.To);
    }

    private static void Is(HoldBegan e)
    {
        if (e.Inputs is not { } i) { Assert.Equal(Hold.Operator, e.Hold.Rule); return; }
        Assert.True(i.Counted >= i.Threshold, $"{e}");
        if (!e.Hold.IsBreaker) return;
        var (first, growth, most) = e.Hold.Rule == "breaker/blocked" ? (900, 2, 14_400) : (15, 1.25, 300);
        Assert.Equal(
            Math.Min(most, first * Math.Pow(growth, i.Trips!.Value)), (e.Hold.Until - e.Hold.From).TotalSeconds, 0.001);
    }

    private static void Near(double? expected, double? actual, RateChanged e) =>
        Assert.True(expected is null ? actual is null : Math.Abs(expected.Value - actual!.Value) < 1e-9, $"{expected}: {e}");
}
