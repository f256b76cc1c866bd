using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.SmtpIn;

/// <summary>The figures of the SMTP listener's connections.</summary>
internal sealed class ReceiverMetrics : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private SmtpReceiver? _receiver;

    public ReceiverMetrics()
    {
        _meter.CreateObservableGauge("akkamail.smtp.in.connections", () => _receiver?.Connections ?? 0, "{connection}",
            "Connections to the SMTP listener now");
        _meter.CreateObservableCounter("akkamail.smtp.in.accepted", () => Counts.Accepted, "{connection}",
            "Connections taken since the start");
        _meter.CreateObservableCounter("akkamail.smtp.in.refused", () => new[]
        {
            Refused(Counts.RefusedFull, "full"), Refused(Counts.RefusedClient, "client"),
        }, "{connection}", "Connections that got 421 for a banner: all places taken, or all of one client");
        _meter.CreateObservableCounter("akkamail.smtp.in.timed_out", () => Counts.TimedOut, "{connection}",
            "Connections ended because a client took too long");
    }

    private ReceiverCounts Counts => _receiver?.Counts ?? new(0, 0, 0, 0);

    /// <summary>From now on they are this one's.</summary>
    public void Of(SmtpReceiver receiver) => _receiver = receiver;

    private static Measurement<long> Refused(long count, string reason) =>
        new(count, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
