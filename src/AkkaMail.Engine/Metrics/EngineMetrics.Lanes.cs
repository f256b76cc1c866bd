using System.Diagnostics.Metrics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Metrics;

public sealed partial class EngineMetrics
{
    /// <summary>Recipients choose sites: of the lanes beyond this many the sum is told, as <c>other</c>.</summary>
    public const int LanesMax = 200;

    private static readonly LaneKey OtherLanes = new("other", "other");

    private readonly HashSet<LaneKey> _ownLabel = [];
    private readonly Counter<long> _limitChanges;
    private volatile LaneFigures[] _lanes = [];

    private sealed record LaneFigures(LaneKey Lane, double? Rate, int Connections, long Depth, int Suspended)
    {
        private KeyValuePair<string, object?>[] Labels => [new("source", Lane.Source), new("site", Lane.Site)];

        public Measurement<T> Of<T>(T value) where T : struct => new(value, Labels);
    }

    private Counter<long> CreateLaneInstruments()
    {
        _meter.CreateObservableGauge("akkamail.lane.rate",
            () => _lanes.Where(l => l.Rate is not null).Select(l => l.Of(l.Rate!.Value)), "{message}/s",
            "Messages a second this node may begin on the lane; none of a lane without a bound");
        _meter.CreateObservableGauge("akkamail.lane.connections", () => _lanes.Select(l => l.Of(l.Connections)),
            "{connection}", "Connections of the lane in use");
        _meter.CreateObservableGauge("akkamail.lane.depth", () => _lanes.Select(l => l.Of(l.Depth)), "{message}",
            "Messages that are due and wait for the lane; of a queue that it shares with others its part by weight");
        _meter.CreateObservableGauge("akkamail.lane.suspended", () => _lanes.Select(l => l.Of(l.Suspended)), "{lane}",
            "1 while the lane is suspended, else 0");
        return _meter.CreateCounter<long>("akkamail.limit_changes", "{change}",
            "Changes of a lane's rate, connections or holds, by the rule behind them");
    }

    /// <summary>Meters of several instances have one name; a test listens to its own.</summary>
    internal bool Owns(Instrument instrument) => instrument.Meter == _meter;

    /// <summary>This node's lanes as they are; told by one actor alone.</summary>
    internal void Lanes(IEnumerable<NodeLane> lanes, DateTimeOffset now) =>
        _lanes = [.. lanes.GroupBy(l => Label(l.Lane)).Select(g => new LaneFigures(g.Key, RateOf(g, now),
            g.Sum(l => l.InUse), g.Sum(l => l.Depth), g.Count(l => l.Lease?.State.IsSuspendedAt(now) == true)))];

    internal void Count(IGovernorEvent e)
    {
        var rule = e switch
        {
            RateChanged r => r.Rule,
            ConnectionsChanged c => c.Rule,
            HoldBegan h => h.Hold.Rule,
            HoldLifted => Hold.Operator,
            _ => null,
        };
        if (rule is not null) _limitChanges.Add(1, new KeyValuePair<string, object?>("rule", rule));
    }

    private static double? RateOf(IEnumerable<NodeLane> lanes, DateTimeOffset now)
    {
        double? sum = null;
        foreach (var lane in lanes)
        {
            var rate = lane.Lease is not { } lease || lease.State.IsSuspendedAt(now) ? 0
                // Without mail it lets its lease go, and is no slower for that.
                : lane is { Depth: 0, InUse: 0 } ? lease.Rate : Budget.Rate(lease, now);
            if (rate is not null) sum = (sum ?? 0) + rate;
        }
        return sum;
    }

    private LaneKey Label(LaneKey lane) =>
        _ownLabel.Contains(lane) || _ownLabel.Count < LanesMax && _ownLabel.Add(lane) ? lane : OtherLanes;
}
