using System.Diagnostics.Metrics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Metrics;

public sealed class LaneMetricsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_hundred_lanes_have_a_label_of_their_own_and_the_others_one_sum()
    {
        using var metrics = new EngineMetrics();
        metrics.Lanes(Enumerable.Range(0, 203).Select(i => Lane($"s{i}", rate: 2, depth: 5)), Noon);

        var depths = Read(metrics, "akkamail.lane.depth");

        Assert.Equal(201, depths.Count);
        Assert.Equal((5.0, 15.0), (depths["s199"], depths["other"]));
        Assert.Equal(6.0, Read(metrics, "akkamail.lane.rate")["other"]);
    }

    [Fact]
    public void A_suspended_lane_has_no_rate_and_an_unbounded_one_none_to_tell()
    {
        using var metrics = new EngineMetrics();
        var hold = new Hold(1, new Reaction.Suspend(), HoldTarget.Lane, Noon, Noon.AddHours(1),
            Hold.Operator, "v1", null, "why");
        var stopped = Lane("stopped", rate: 2, depth: 0);

        metrics.Lanes([stopped with { Lease = stopped.Lease! with { State = stopped.Lease.State with { Holds = [hold] } } }, Lane("free", null, 0)], Noon);

        Assert.Equal(new Dictionary<string, double> { ["stopped"] = 0 }, Read(metrics, "akkamail.lane.rate"));
        Assert.Equal(new Dictionary<string, double> { ["stopped"] = 1, ["free"] = 0 },
            Read(metrics, "akkamail.lane.suspended"));
    }

    private static NodeLane Lane(string site, double? rate, long depth)
    {
        var (key, state) = (new LaneKey("ip1", site),
            new LaneState(Noon, "v1", rate, 10, Pace.Free, [], null, 80, Standing.Good, null));
        return new(key, "n", new(new LimitKey.Lane(key), 1, rate, 1, 10, Noon.AddSeconds(20), null, default, state),
            0, 0, 0, depth, 0, null, false);
    }

    /// <summary>By site; of this instance only, since the meters of other tests have the same name.</summary>
    private static Dictionary<string, double> Read(EngineMetrics metrics, string name)
    {
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (metrics.Owns(instrument) && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            },
        };
        void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                if (tag.Key == "site") values[(string)tag.Value!] = value;
        }
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Take(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
