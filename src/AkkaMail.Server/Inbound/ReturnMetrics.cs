using System.Diagnostics.Metrics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Server.Inbound;

/// <summary>The figures of what comes in.</summary>
internal sealed class ReturnMetrics : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _refused, _taken, _read;

    public ReturnMetrics()
    {
        _refused = _meter.CreateCounter<long>("akkamail.returned.refused", "{recipient}",
            "Addresses the listener refused, by reason; forged is a return path we have not made");
        _taken = _meter.CreateCounter<long>("akkamail.returned.taken", "{mail}", "Mails taken in, by the address they came to");
        _read = _meter.CreateCounter<long>("akkamail.returned.read", "{mail}", "Mails read, by what was done about them");
    }

    public void Refused(ReturnRefusal why) =>
        _refused.Add(1, new KeyValuePair<string, object?>("reason", why.ToWord()));

    public void Taken(ReturnDoor door) => _taken.Add(1, new KeyValuePair<string, object?>("door", door.ToWord()));

    public void Read(InboundOutcome outcome) =>
        _read.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToWord()));

    public void Dispose() => _meter.Dispose();
}
