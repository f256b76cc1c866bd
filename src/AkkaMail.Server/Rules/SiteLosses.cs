using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Server.Rules;

/// <summary>
/// Sites of domains that could not be taken down. Mail waits for none; the next look-up tells the site again, so what
/// is lost is when it changed, and a site that a domain had in between. Each is counted, and a line a minute says so.
/// </summary>
internal sealed class SiteLosses : IDisposable
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromMinutes(1);

    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _lost;
    private readonly TimeProvider _time;
    private readonly ILogger<SiteLosses> _log;
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private int _unsaid;

    public SiteLosses(TimeProvider time, ILogger<SiteLosses> log)
    {
        (_time, _log) = (time, log);
        _lost = _meter.CreateCounter<long>("akkamail.sites.lost", "{site}",
            "Sites of domains that could not be taken down in their history");
    }

    public void Lost(string domain, Exception why)
    {
        _lost.Add(1);
        int lost;
        lock (_lock)
        {
            _unsaid++;
            if (_time.GetUtcNow() is var now && now < _next) return;
            (_next, lost, _unsaid) = (now + LineEvery, _unsaid, 0);
        }
        _log.LogWarning(why, "The site of {Domain} was not taken down in its history, nor were {Others} others since "
            + "the last such line; the next look-up tells it again", domain, lost - 1);
    }

    public void Dispose() => _meter.Dispose();
}
