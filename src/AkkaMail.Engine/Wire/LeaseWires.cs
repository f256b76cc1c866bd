using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// Leases as they go to a node. Each says how its lane is divided among all nodes, so what their divisions share is there
/// once: a part is three small numbers. Rates stay as exact as they are: all who inherit must come to the same.
/// </summary>
internal static class LeaseWires
{
    public static LeasesWire To(Leases leases)
    {
        var (wire, texts, rates) = (new LeasesWire(), new Shared<string>(), new Shared<double>());
        foreach (var lease in leases.Given) wire.Leases.Add(To(lease, texts, rates));
        wire.Texts.Add(texts.Values);
        wire.Rates.Add(rates.Values);
        return wire;
    }

    public static Leases From(LeasesWire wire) => new(WireTypes.Array(wire.Leases, lease => From(lease, wire)));

    private static LeaseWire To(Lease l, Shared<string> texts, Shared<double> rates)
    {
        var wire = new LeaseWire
        {
            Limit = l.Limit.ToString(),
            Serial = l.Serial,
            Burst = l.Burst,
            Connections = l.Connections,
            Until = l.Until.ToWire(),
            QuotaEnds = l.QuotaEnds.ToWire(),
            State = To(l.State, texts),
        };
        if (l.Rate is { } rate) wire.Rate = rate;
        if (l.Quota is { } quota) wire.Quota = quota;
        foreach (var (node, share) in l.Shares)
        {
            wire.ShareNodes.Add(texts.PlaceOf(node));
            wire.ShareRates.Add(share.Rate is { } part ? rates.PlaceOf(part) + 1 : 0);
            wire.ShareConnections.Add(((ulong)(uint)share.Connections << 1) | (share.WantsMore ? 1UL : 0));
        }
        return wire;
    }

    private static Lease From(LeaseWire l, LeasesWire all)
    {
        var shares = ImmutableDictionary.CreateBuilder<string, NodeShare>();
        for (var i = 0; i < l.ShareNodes.Count; i++)
        {
            var (rate, connections) = (l.ShareRates[i], l.ShareConnections[i]);
            shares.Add(all.Texts[l.ShareNodes[i]],
                new(rate == 0 ? null : all.Rates[rate - 1], (int)(uint)(connections >> 1), (connections & 1) == 1));
        }
        return new(
            LimitKey.Parse(l.Limit), l.Serial, l.HasRate ? l.Rate : null, l.Burst, l.Connections, l.Until.ToTime(),
            l.HasQuota ? l.Quota : null, l.QuotaEnds.ToTime(), From(l.State, all))
        { Shares = shares.ToImmutable() };
    }

    /// <summary>Without what is told to who asks the governor alone.</summary>
    private static LaneStateWire To(LaneState s, Shared<string> texts)
    {
        var wire = new LaneStateWire
        {
            At = s.At.ToWire(),
            Version = texts.PlaceOf(s.Version),
            Connections = s.Connections,
            Pace = s.Pace.ToWire(),
            Holds = { s.Holds.Select(h => h.ToWire()) },
            WarmUp = s.WarmUp?.ToWire(),
            Score = s.Score,
            Standing = (int)s.Standing,
        };
        if (s.Rate is { } rate) wire.Rate = rate;
        if (s.ComplaintRate is { } complaints) wire.ComplaintRate = complaints;
        return wire;
    }

    private static LaneState From(LaneStateWire s, LeasesWire all) => new(
        s.At.ToTime(), all.Texts[s.Version], s.HasRate ? s.Rate : null, s.Connections, s.Pace.ToPace(),
        WireTypes.Array(s.Holds, h => h.ToHold()), s.WarmUp?.ToWarmUp(), s.Score, (Standing)s.Standing,
        s.HasComplaintRate ? s.ComplaintRate : null);
}
