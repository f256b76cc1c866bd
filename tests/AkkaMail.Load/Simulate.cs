using System.Globalization;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Simulator;

namespace AkkaMail.Load;

/// <summary>
/// Half an hour before simulated receivers, five hours before those that count or change by the hour, in virtual time: the
/// governor by its shipped rules beside policies that react in a fixed way and learn nothing.
/// </summary>
internal static class Simulate
{
    public static int Run(Arguments args)
    {
        var seed = args.Number("seed", 1);
        if (args.Has("cuts")) return Cuts(seed);
        if (args.Has("chance")) return Chance(args.Number("chance", 60), seed);
        var terms = Terms("ip1");
        var rows = new List<string>();
        foreach (var scenario in Scenario.All.Where(s => args.Text("scenario") is not { } name || s.Name == name))
        {
            var outcomes = new List<Outcome> { Add("AkkaMail", scenario.Play(seed, Terms)) };
            // The fixed policies have one address and one node.
            if (scenario is { Nodes: 1, Addresses: 1 })
                foreach (var policy in new[] { FixedPolicy.Suspends, FixedPolicy.Limits })
                    outcomes.Add(Add(policy.Name,
                        new FixedRun(new(scenario.Model, seed), policy, terms).For(scenario.Length).Seconds));
            rows.Add($"| {scenario.Name} | {string.Join(" | ", outcomes.Select(o => string.Create(
                CultureInfo.InvariantCulture, $"{o.LaterShare:0.0 %}, {o.LaterRefused:0.00 %}")))} |");

            Outcome Add(string policy, IReadOnlyList<Second> seconds)
            {
                var o = Outcome.Of(seconds, scenario.Model, scenario.Most(terms));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"scenario={scenario.Name} policy=\"{policy}\" seed={seed} in_10_min={o.In10Minutes} ")
                    + string.Create(CultureInfo.InvariantCulture, $"in_30_min={o.In30Minutes} ")
                    + string.Create(CultureInfo.InvariantCulture,
                        $"share={o.Share:0.000} refused={o.Refused:0.0000} longest_pause_s={o.Pause.TotalSeconds:0} ")
                    + string.Create(CultureInfo.InvariantCulture,
                        $"later_share={o.LaterShare:0.000} later_refused={o.LaterRefused:0.0000}"));
                return o;
            }
        }
        Console.WriteLine($"""

            | Receiver: share of what it allowed, refused | AkkaMail | {FixedPolicy.Suspends.Name} | {FixedPolicy.Limits.Name} |
            |---|---|---|---|
            """);
        foreach (var row in rows) Console.WriteLine(row);
        return rows.Count > 0 ? 0 : 2;
    }

    /// <summary>
    /// The fixed cuts that were shipped for receivers that say "too fast" or "too many", beside what is learnt from the same
    /// replies without them.
    /// </summary>
    private static int Cuts(int seed)
    {
        (string Name, string Rule)[] cuts =
        [
            ("20/min for 1 h", """{"class": "rate_limited", "trigger": "2/h", "limit": "20/min", "for": "1h"}"""),
            ("10/min on 1 connection for 1 h",
                """{"class": "rate_limited", "trigger": "2/h", "limit": "10/min", "connections": 1, "for": "1h"}"""),
            ("half, 3 in an hour", """{"class": "rate_limited", "trigger": "3/h", "back_off": 0.5, "for": "30m"}"""),
            ("1 connection for 30 min",
                """{"class": "too_many_connections", "trigger": "immediate", "connections": 1, "for": "30m"}"""),
        ];
        string[] receivers = ["20/s", "5/s", "300-a-minute", "60-a-minute", "4-connections"];
        foreach (var scenario in receivers.Select(name => Scenario.All.Single(s => s.Name == name)))
        {
            Say("learnt", Terms);
            foreach (var (name, rule) in cuts)
                Say(name, source => LaneTerms.Of(RulesWith(rule), new LimitKey.Lane(new(source, "receiver.test"))));

            void Say(string cut, Func<string, LaneTerms> terms)
            {
                var o = Outcome.Of(scenario.Play(seed, terms), scenario.Model, scenario.Most(Terms("ip1")));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"scenario={scenario.Name} cut=\"{cut}\" later_share={o.LaterShare:0.000} later_refused={o.LaterRefused:0.0000}"));
            }
        }
        return 0;

        static ShapingRules RulesWith(string rule) => ShapingReader.Read(
            Encoding.UTF8.GetBytes($$"""{"rules": [{"id": "cut", {{rule[1..]}}]}"""), "cut.json")
            is ShapingReading.Good good ? good.Rules : throw new InvalidOperationException(rule);
    }

    private static LaneTerms Terms(string source) =>
        LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new(source, "receiver.test")));

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
            var scenario = new Scenario("by chance", model, nodes);
            var o = Outcome.Of(scenario.Play(i, Terms), model, scenario.Most(Terms("ip1")));
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
