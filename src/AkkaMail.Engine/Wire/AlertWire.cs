using AkkaMail.Core.Alerts;
using AkkaMail.Core.Ids;
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
            Rule = e.Rule,
            Subject = new() { Kind = e.Subject.Kind.ToWord(), Name = e.Subject.Name },
            From = e.From.ToWord(),
            To = e.To.ToWord(),
            Value = e.Value,
            Bound = e.Bound,
            Messages = e.Messages,
        };
        if (e.Subject.Tenant is { } tenant) wire.Subject.Tenant = tenant;
        if (e.Detail is { } detail) wire.Detail = detail;
        return wire;
    }

    public static AlertChanged From(AlertChangedWire e) => new(
        e.At.ToTime(), e.Rule,
        new(Known<AlertKind>(e.Subject.Kind), e.Subject.HasTenant ? e.Subject.Tenant : null, e.Subject.Name),
        Known<AlertLevel>(e.From), Known<AlertLevel>(e.To), e.Value, e.Bound, e.Messages,
        e.HasDetail ? e.Detail : null);

    private static T Known<T>(string word) where T : struct, Enum => Words.Parse<T>(word)
        ?? throw new InvalidDataException($"An alert has '{word}', which is of a newer program.");

    public static AlertsSnapshotWire To(AlertsSnapshot s) => new() { Open = { s.Open.Select(To) } };

    public static AlertsSnapshot From(AlertsSnapshotWire s) => new(WireTypes.Array(s.Open, From));
}
