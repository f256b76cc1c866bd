using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Rules;
using AkkaMail.Server.SmtpIn;
using AkkaMail.Smtp.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaMail.Server.Tests.Reference;

public sealed class MetricsReferenceTests
{
    [Fact]
    public void The_page_has_every_metric_as_it_is()
    {
        var instruments = new Dictionary<string, Instrument>();
        using var metrics = new EngineMetrics();
        using var returned = new Inbound.ReturnMetrics();
        using var receiver = new SmtpIn.ReceiverMetrics();
        using var submitted = new SmtpIn.SubmissionMetrics();
        using var sites = new SiteLosses(TimeProvider.System, NullLogger<SiteLosses>.Instance);
        using var engagement = new EngagementMisses(TimeProvider.System, NullLogger<EngagementMisses>.Instance);
        using var tls = new TlsReports(TimeProvider.System);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName) instruments[instrument.Name] = instrument;
            },
        };
        listener.Start();

        var table = ReferencePage.Table(["Metric", "At `/metrics`", "Kind", "Unit", "Meaning"],
            instruments.Values.OrderBy(i => i.Name, StringComparer.Ordinal).Select(i => new[]
            {
                $"`{i.Name}`", $"`{Prometheus(i)}`", Kind(i), i.Unit?.Replace("{", "").Replace("}", "") ?? "",
                i.Description ?? "",
            }));

        ReferencePage.Holds("metrics.md", "metrics", table);
    }

    private static string Kind(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0] is var name && name.StartsWith("Observable", StringComparison.Ordinal)
            ? name["Observable".Length..].ToLowerInvariant() : name.ToLowerInvariant();

    /// <summary>As the exporter names it: the unit's word unless it says what is counted, then the kind's.</summary>
    private static string Prometheus(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit switch
        {
            "s" => "_seconds",
            { } unit when unit.EndsWith("/s", StringComparison.Ordinal) => "_per_second",
            _ => "",
        })
            + (Kind(instrument) == "counter" ? "_total" : "");
}
