using AkkaMail.Core.Alerts;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Wire;

/// <summary>Alerts to the wire and back.</summary>
internal static class AlertWire
{
    public static AlertChangedWire To(AlertChanged e)
    {
        var wire = new AlertChangedWire
        {
            At = e.At.ToWire(),
            Kind = (int)e.Subject.Kind,
            Name = e.Subject.Name,
            Measure = (int)e.Measure,
            From = (int)e.From,
            To = (int)e.To,
            Value = e.Value,
            Bound = e.Bound,
            Messages = e.Messages,
        };
        if (e.Subject.Tenant is { } tenant) wire.Tenant = tenant;
        if (e.Detail is { } detail) wire.Detail = detail;
        return wire;
    }

    public static AlertChanged From(AlertChangedWire e) => new(
        e.At.ToTime(), new((AlertKind)e.Kind, e.HasTenant ? e.Tenant : null, e.Name), (AlertMeasure)e.Measure,
        (AlertLevel)e.From, (AlertLevel)e.To, e.Value, e.Bound, e.Messages, e.HasDetail ? e.Detail : null);

    public static AlertsSnapshotWire To(AlertsSnapshot s) => new() { Open = { s.Open.Select(To) } };

    public static AlertsSnapshot From(AlertsSnapshotWire s) => new(WireTypes.Array(s.Open, From));
}
