using System.Collections.Immutable;

namespace AkkaMail.Simulator;

/// <summary>A receiver worth trying, by name.</summary>
public sealed record Scenario(string Name, ReceiverModel Model)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static ReceiverModel Each(int messages, TimeSpan window) => new()
    {
        Allowed = [new(default, messages / window.TotalSeconds)],
        Counting = Counting.Windows,
        Window = window,
    };

    public static ImmutableArray<Scenario> All { get; } =
    [
        new("open", new()),
        new("50/s", new() { Allowed = [new(default, 50)] }),
        new("50-5-50", new()
        {
            Allowed = [new(default, 50), new(TimeSpan.FromMinutes(5), 5), new(TimeSpan.FromMinutes(15), 50)],
        }),
        new("20/s", new() { Allowed = [new(default, 20)] }),
        new("5/s", new() { Allowed = [new(default, 5)] }),
        new("3000-a-minute", Each(3_000, Minute)),
        new("300-a-minute", Each(300, Minute)),
        new("60-a-minute", Each(60, Minute)),
        new("300-in-any-minute", Each(300, Minute) with { Counting = Counting.Sliding }),
        new("500-in-10s", Each(500, TimeSpan.FromSeconds(10))),
        new("10000-an-hour", Each(10_000, TimeSpan.FromHours(1))),
        new("1000-an-hour", Each(1_000, TimeSpan.FromHours(1))),
        new("penalty-anew-30s", new()
        {
            Allowed = [new(default, 50)], Penalty = TimeSpan.FromSeconds(30), PenaltyBeginsAnew = true,
        }),
        new("penalty-30s", new() { Allowed = [new(default, 50)], Penalty = TimeSpan.FromSeconds(30) }),
        new("storm-1min", new() { Storms = [new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6))] }),
        new("outage-5min", new() { Outages = [new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10))] }),
        new("greylisting", new() { Greylist = TimeSpan.FromMinutes(5) }),
    ];
}

/// <summary>
/// What came of a scenario. <paramref name="Share"/> of what the receiver allowed, <paramref name="Refused"/> of what
/// was begun (limits only), <paramref name="Pause"/> the longest time without a mail taken while it took mail; the last
/// two once more for all that came after two minutes, or two windows.
/// </summary>
public sealed record Outcome(
    int In10Minutes, int In30Minutes, double Share, double Refused, TimeSpan Pause, double LaterShare, double LaterRefused)
{
    public static TimeSpan Learnt(ReceiverModel model) =>
        TimeSpan.FromTicks(Math.Max(TimeSpan.FromMinutes(2).Ticks, 2 * model.Window.Ticks));

    public static Outcome Of(IReadOnlyList<Second> seconds, ReceiverModel model, double most)
    {
        var all = seconds.Aggregate(default(Second), (sum, s) => sum.Plus(s));
        var (pause, longest) = (0, 0);
        for (var at = 0; at < seconds.Count; at++)
        {
            pause = seconds[at].Accepted > 0 || !model.IsOpen(TimeSpan.FromSeconds(at)) ? 0 : pause + 1;
            longest = Math.Max(longest, pause);
        }
        var learnt = Learnt(model);
        var later = seconds.Skip((int)learnt.TotalSeconds).Aggregate(default(Second), (sum, s) => sum.Plus(s));
        return new(seconds.Take(600).Sum(s => s.Accepted), seconds.Take(1800).Sum(s => s.Accepted),
            all.Accepted / model.AllowedIn(default, TimeSpan.FromSeconds(seconds.Count), most),
            (double)all.Limited / Math.Max(1, all.Begun), TimeSpan.FromSeconds(longest),
            later.Accepted / model.AllowedIn(learnt, TimeSpan.FromSeconds(seconds.Count), most),
            (double)later.Limited / Math.Max(1, later.Begun));
    }
}
