using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Server.Rules;

/// <summary>
/// Sites of domains that could not be taken down. Mail waits for none; the next look-up tells the site again, so what
/// is lost is when it changed, and a site that a domain had in between. Each is counted, and a line a minute says so.
/// </summary>
internal sealed class SiteLosses : IDisposable
{
    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _lost;
    private readonly LineAMinute _line;
    private readonly ILogger<SiteLosses> _log;

    public SiteLosses(TimeProvider time, ILogger<SiteLosses> log)
    {
        (_line, _log) = (new(time), log);
        _lost = _meter.CreateCounter<long>("akkamail.sites.lost", "{site}",
            "Sites of domains that could not be taken down in their history");
    }

    public void Lost(string domain, Exception why)
    {
        _lost.Add(1);
        if (_line.Says() is { } lost)
            _log.LogWarning(why, "The site of {Domain} was not taken down in its history, nor were {Others} others since "
                + "the last such line; the next look-up tells it again", domain, lost - 1);
    }

    public void Dispose() => _meter.Dispose();
}
