using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Server.Messages;

/// <summary>
/// Mail that was accepted though nobody could read whether its recipients showed life of late: it goes with the others.
/// Each is counted, and a line a minute says so.
/// </summary>
internal sealed class EngagementMisses : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _unread;
    private readonly LineAMinute _line;
    private readonly ILogger<EngagementMisses> _log;

    public EngagementMisses(TimeProvider time, ILogger<EngagementMisses> log)
    {
        (_line, _log) = (new(time), log);
        _unread = _meter.CreateCounter<long>("akkamail.engagement.unread", "{message}",
            "Messages accepted without reading whether their recipients showed life of late: they go as they came");
    }

    public void Missed(string tenant, int messages, Exception why)
    {
        _unread.Add(messages);
        if (_line.Says(messages) is { } all)
            _log.LogWarning(why, "Who showed life of late could not be read for {Messages} messages since the last "
                + "such line, last of {Tenant}: they are accepted, and go as they came", all, tenant);
    }

    public void Dispose() => _meter.Dispose();
}
