using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;

namespace AkkaMail.Load;

/// <summary>
/// The lease traffic of a cluster whose nodes all send on all lanes, without a network: seconds are counted, not waited
/// for. What nodes say is gathered and cut as nodes do it, lanes are divided as governors do it, and bytes are the
/// serializer's.
/// </summary>
internal static class Governors
{
    private const double Rate = 1_000;
    private const int Connections = 200, Heard = 3;
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static int Run(Arguments args)
    {
        var (nodes, lanes, seconds) = (args.Number("nodes", 100), args.Number("lanes", 2_000), args.Number("seconds", 1));
        using var system = ActorSystem.Create("governors");
        var wire = new NodeMessageSerializer((ExtendedActorSystem)system);
        var demands = args.Has("uneven") ? (Func<int, int, int>)((node, lane) => 1 + (node * 31 + lane * 17) % 200) : (_, _) => 100;
        string[] names = [.. Enumerable.Range(0, nodes)
            .Select(n => $"akka.tcp://akkamail@10.0.{n / 250}.{n % 250}:8110#{n + 1_000_000_000}")];
        var shards = Enumerable.Range(0, lanes)
            .Select(n => new Governed(new LimitKey.Lane(new("ip1", $"site{n}.test")), node => demands(node, n)))
            .GroupBy(g => GovernorShards.Of(g.Limit)).ToList();
        var (up, down) = (new Traffic(), new Traffic());
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var second = -Heard; second < seconds; second++)
        {
            var now = Begin + Sharing.Renewal * second;
            if (second == 0) before = Process.GetCurrentProcess().TotalProcessorTime;
            foreach (var (place, node) in names.Index())
            {
                var words = shards.SelectMany(s => s).Select(g => g.Ask(place, node, now)).ToList();
                if (second >= 0) up.Add(GovernorShards.Letters(words), wire);
            }
            foreach (var shard in shards)
            {
                foreach (var governed in shard) governed.Divide(now);
                if (second < 0) continue;
                foreach (var node in names)
                    down.Add(LeaseLetters.Of(shard.Select(g => g.LeaseOf(node, now))), wire);
            }
        }
        Print("nodes", nodes);
        Print("lanes", lanes);
        Print("shards", shards.Count);
        up.Print("up", seconds, nodes);
        down.Print("down", seconds, nodes);
        Print("cpu_ms_a_second", (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / seconds);
        return 0;
    }

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.#}"));

    /// <param name="demands">Messages waiting, by the place of a node.</param>
    private sealed class Governed(LimitKey limit, Func<int, int> demands)
    {
        private readonly Sharing _sharing = new();
        private LaneState _state = null!;
        private ImmutableDictionary<string, NodeShare> _shares = ImmutableDictionary<string, NodeShare>.Empty;
        private long _serial;

        public LimitKey Limit { get; } = limit;

        public ToGovernor Ask(int place, string node, DateTimeOffset now)
        {
            var demand = new Demand(demands(place), 10);
            _sharing.Ask(node, demand, now);
            return new(Limit, new RenewLease(node, demand, 0, 0, LaneReport.Empty));
        }

        public void Divide(DateTimeOffset now)
        {
            _sharing.Divide(Rate, Connections, now);
            _state = new(now, "v1", Rate, Connections, Pace.Free, [], null, 80, Standing.Good, null);
            _shares = _sharing.Shares;
        }

        public Lease LeaseOf(string node, DateTimeOffset now) => new(
            Limit, ++_serial, _sharing.Of(node).Rate, 10, _sharing.Of(node).Connections, now + Sharing.LeaseTime, null,
            default, _state)
        { Shares = _shares };
    }

    private sealed class Traffic
    {
        private long _messages, _bytes, _largest;

        public void Add(IEnumerable<object> letters, NodeMessageSerializer wire)
        {
            foreach (var letter in letters)
            {
                var bytes = wire.ToBinary(letter).Length;
                (_messages, _bytes, _largest) = (_messages + 1, _bytes + bytes, Math.Max(_largest, bytes));
            }
        }

        public void Print(string way, int seconds, int nodes)
        {
            Governors.Print($"{way}_messages_a_second", (double)_messages / seconds);
            Governors.Print($"{way}_messages_a_second_and_node", (double)_messages / seconds / nodes);
            Governors.Print($"{way}_bytes_a_second", (double)_bytes / seconds);
            Governors.Print($"{way}_bytes_a_second_and_node", (double)_bytes / seconds / nodes);
            Governors.Print($"{way}_largest_bytes", _largest);
        }
    }
}
