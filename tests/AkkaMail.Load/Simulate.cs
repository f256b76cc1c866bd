using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Simulator;

namespace AkkaMail.Load;

/// <summary>
/// Thirty minutes before simulated receivers, five hours before those that count by the hour, in virtual time: the governor by its shipped rules beside policies that
/// react in a fixed way and learn nothing.
/// </summary>
internal static class Simulate
{
    private static TimeSpan LengthOf(Scenario scenario) =>
        scenario.Model.Window < TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(5);

    public static int Run(Arguments args)
    {
        var seed = args.Number("seed", 1);
        if (args.Has("chance")) return Chance(args.Number("chance", 60), seed);
        // Less than ten connections can carry, so that what the receiver allows and the rules decide, and nothing else.
        var terms = LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new("ip1", "receiver.test"))) with
        {
            Rate = new(100, TimeSpan.FromSeconds(1)),
        };
        var rows = new List<string>();
        foreach (var scenario in Scenario.All.Where(s => args.Text("scenario") is not { } name || s.Name == name))
        {
            var length = LengthOf(scenario);
            Add("AkkaMail", new Run(Receiver(), terms).For(length).Seconds);
            foreach (var policy in new[] { FixedPolicy.Suspends, FixedPolicy.Limits })
                Add(policy.Name, new FixedRun(Receiver(), policy, terms).For(length).Seconds);

            SimulatedReceiver Receiver() => new(scenario.Model, seed);

            void Add(string policy, IReadOnlyList<Second> seconds)
            {
                var o = Outcome.Of(seconds, scenario.Model, terms.RatePerSecond!.Value);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"scenario={scenario.Name} policy=\"{policy}\" seed={seed} in_10_min={o.In10Minutes} ")
                    + string.Create(CultureInfo.InvariantCulture, $"in_30_min={o.In30Minutes} ")
                    + string.Create(CultureInfo.InvariantCulture,
                        $"share={o.Share:0.000} refused={o.Refused:0.0000} longest_pause_s={o.Pause.TotalSeconds:0} ")
                    + string.Create(CultureInfo.InvariantCulture,
                        $"later_share={o.LaterShare:0.000} later_refused={o.LaterRefused:0.0000}"));
                rows.Add(string.Create(CultureInfo.InvariantCulture,
                    $"| {scenario.Name} | {policy} | {o.In10Minutes:N0} | {o.In30Minutes:N0} | {o.Share:0.0 %} | ")
                    + string.Create(
                        CultureInfo.InvariantCulture, $"{o.Refused:0.00 %} | {o.Pause.TotalSeconds:0} | ")
                    + string.Create(
                        CultureInfo.InvariantCulture, $"{o.LaterShare:0.0 %} | {o.LaterRefused:0.00 %} |"));
            }
        }
        Console.WriteLine("""

            | Receiver | Policy | in 10 min | in 30 min | share of what it allowed | refused for a limit | longest pause s | later share | later refused |
            |---|---|---|---|---|---|---|---|---|
            """);
        foreach (var row in rows) Console.WriteLine(row);
        return rows.Count > 0 ? 0 : 2;
    }

    /// <summary>
    /// Receivers that count by windows, drawn by chance: how many of them a lane uses for 85 % and more with under 2 %
    /// refused, after two minutes or two windows.
    /// </summary>
    private static int Chance(int count, int seed)
    {
        double[] periods = [1, 3, 10, 15, 30, 45, 60, 120, 300, 600];
        var (chance, good) = (new Random(seed), 0);
        for (var i = 0; i < count; i++)
        {
            var window = TimeSpan.FromSeconds(periods[chance.Next(periods.Length)]);
            var messages = Math.Max(5, Math.Round(Math.Exp(chance.NextDouble() * 4) * window.TotalSeconds / 2));
            var model = new ReceiverModel
            {
                Allowed = [new(default, messages / window.TotalSeconds)],
                Window = window,
                Counting = chance.Next(3) == 0 ? Counting.Sliding : Counting.Windows,
                Phase = window * chance.NextDouble(),
                Latency = TimeSpan.FromMilliseconds(20 + chance.Next(150)),
                Penalty = chance.Next(5) == 0 ? TimeSpan.FromSeconds(chance.Next(60)) : TimeSpan.Zero,
            };
            var nodes = chance.Next(3) == 0 ? 3 : 1;
            var terms = LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new("ip1", "receiver.test")));
            var seconds = new Run(new(model, i), terms, nodes).For(Outcome.Learnt(model) + TimeSpan.FromMinutes(30)).Seconds;
            var o = Outcome.Of(seconds, model, terms.RatePerSecond!.Value);
            var isGood = o.LaterShare >= 0.85 && o.LaterRefused < 0.02;
            good += isGood ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(isGood ? "good" : "bad ")} {model.Counting} {messages} in {window.TotalSeconds} s, penalty {model.Penalty.TotalSeconds} s, ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"{nodes} nodes: later_share={o.LaterShare:0.000} later_refused={o.LaterRefused:0.0000}"));
        }
        Console.WriteLine($"good={good} of={count}");
        return 0;
    }
}
