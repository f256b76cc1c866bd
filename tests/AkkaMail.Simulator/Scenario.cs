using System.Collections.Immutable;
using AkkaMail.Core.Lanes;

namespace AkkaMail.Simulator;

/// <summary>
/// A receiver worth trying, by name, before so many <paramref name="Nodes"/> of a cluster and from so many
/// <paramref name="Addresses"/>, each a lane of its own.
/// </summary>
public sealed record Scenario(string Name, ReceiverModel Model, int Nodes = 1, int Addresses = 1)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1);

    private static ReceiverModel Each(int messages, TimeSpan window) => new()
    {
        Allowed = [new(default, messages / window.TotalSeconds)],
        Counting = Counting.Windows,
        Window = window,
    };

    private static ReceiverModel Any(int messages, TimeSpan window) =>
        Each(messages, window) with { Counting = Counting.Sliding };

    private static ReceiverModel PerSecond(double messages) => new() { Allowed = [new(default, messages)] };

    /// <summary>One and the other, hour by hour.</summary>
    private static ReceiverModel ByTheHour(ReceiverModel model, double one, double other) => model with
    {
        Allowed = [.. Enumerable.Range(0, 5).Select(h => new Allowance(h * Hour, h % 2 == 0 ? one : other))],
    };

    public static ImmutableArray<Scenario> All { get; } =
    [
        new("open", new()),
        new("100/s", PerSecond(100)),
        new("50/s", PerSecond(50)),
        new("20/s", PerSecond(20)),
        new("5/s", PerSecond(5)),
        new("1/s", PerSecond(1)),
        new("50-5-50", new()
        {
            Allowed = [new(default, 50), new(TimeSpan.FromMinutes(5), 5), new(TimeSpan.FromMinutes(15), 50)],
        }),
        new("20-and-5/s-by-the-hour", ByTheHour(new(), 20, 5)),
        new("1200-and-300-a-minute-by-the-hour", ByTheHour(Each(300, Minute), 20, 5)),
        new("3000-a-minute", Each(3_000, Minute)),
        new("300-a-minute", Each(300, Minute)),
        new("60-a-minute", Each(60, Minute)),
        new("500-in-10s", Each(500, TimeSpan.FromSeconds(10))),
        new("10000-an-hour", Each(10_000, Hour)),
        new("1000-an-hour", Each(1_000, Hour)),
        new("300-in-any-minute", Any(300, Minute)),
        new("300-in-any-minute-with-refused", Any(300, Minute) with { CountsRefused = true }),
        new("60-in-any-minute-with-refused", Any(60, Minute) with { CountsRefused = true }),
        new("1-connection", new() { ConnectionsMax = 1 }),
        new("4-connections", new() { ConnectionsMax = 4 }),
        new("30-new-connections-a-minute", new() { ConnectionsPerMinute = 30 }),
        new("6-new-connections-a-minute", new() { ConnectionsPerMinute = 6 }),
        new("20-messages-a-connection", new() { MessagesPerConnection = 20 }),
        new("1-message-a-connection", new() { MessagesPerConnection = 1 }),
        new("penalty-30s", PerSecond(50) with { Penalty = TimeSpan.FromSeconds(30) }),
        new("penalty-anew-30s", PerSecond(50) with { Penalty = TimeSpan.FromSeconds(30), PenaltyBeginsAnew = true }),
        new("bucket-of-300-5/s", PerSecond(5) with { BucketSeconds = 60 }),
        new("silence-over-20/s", PerSecond(20) with { IsSilent = true }),
        new("answers-after-2s", new() { Latency = TimeSpan.FromSeconds(2) }),
        new("two-addresses-20/s-in-all", new() { AllowedInAll = 20 }, Addresses: 2),
        new("two-addresses-300-a-minute-in-all",
            new() { AllowedInAll = 5, Counting = Counting.Windows, Window = Minute }, Addresses: 2),
        new("three-nodes-20/s", PerSecond(20), Nodes: 3),
        new("three-nodes-300-a-minute", Each(300, Minute), Nodes: 3),
        new("three-nodes-60-a-minute", Each(60, Minute), Nodes: 3),
        new("three-nodes-4-connections", new() { ConnectionsMax = 4 }, Nodes: 3),
        new("storm-1min", new() { Storms = [new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6))] }),
        new("outage-5min", new() { Outages = [new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10))] }),
        new("greylisting", new() { Greylist = TimeSpan.FromMinutes(5) }),
    ];

    /// <summary>Its name as a label of a domain.</summary>
    public string Label => Name.Replace("/", "-per-", StringComparison.Ordinal);

    /// <summary>Half an hour after it is learnt, or what shows a limit that moves by the hour.</summary>
    public TimeSpan Length => Model.Allowed.Length > 3 ? 5 * Hour
        : Outcome.Learnt(Model) + TimeSpan.FromTicks(Math.Max(Minute.Ticks * 30, 3 * Model.Window.Ticks));

    /// <summary>
    /// Messages a second that a lane of these terms could bring if it knew all: by what it may and can itself, and by what
    /// the receiver says of connections.
    /// </summary>
    public double Most(LaneTerms terms)
    {
        var limits = Run.Limits;
        var onOne = Math.Min(limits.MessagesPerConnection, Model.MessagesPerConnection);
        var opened = Math.Min(limits.ConnectionRate?.PerSecond ?? double.MaxValue, Model.ConnectionsPerMinute / 60.0 ?? double.MaxValue);
        var atOnce = Math.Min(terms.Connections, Model.ConnectionsMax) / (Model.Latency.TotalSeconds * 0.75);
        return new[] { terms.RatePerSecond ?? double.MaxValue, atOnce, opened * onOne }.Min() * Addresses;
    }

    /// <summary>What happened second by second, of all addresses together.</summary>
    public IReadOnlyList<Second> Play(int seed, Func<string, LaneTerms> terms)
    {
        var receiver = new SimulatedReceiver(Model, seed);
        var lanes = Enumerable.Range(1, Addresses).Select(i => new Run(receiver, terms($"ip{i}"), Nodes)).ToList();
        if (lanes.Count == 1) return lanes[0].For(Length).Seconds;
        for (var at = TimeSpan.Zero; at < Length; at += Run.Tick)
            foreach (var lane in lanes) lane.For(Run.Tick);
        return [.. Enumerable.Range(0, lanes[0].Seconds.Count)
            .Select(i => lanes.Aggregate(default(Second), (sum, lane) => sum.Plus(lane.Seconds[i])))];
    }
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

    /// <param name="most">Messages a second that the sender can bring.</param>
    public static Outcome Of(IReadOnlyList<Second> seconds, ReceiverModel model, double most)
    {
        most = Math.Min(most, model.AllowedInAll ?? double.MaxValue);
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
