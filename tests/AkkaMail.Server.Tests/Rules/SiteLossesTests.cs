using System.Diagnostics.Metrics;
using AkkaMail.Engine.Metrics;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Tests.Rules;

public sealed class SiteLossesTests
{
    [Fact]
    public void Each_loss_is_counted_and_a_line_a_minute_tells_the_others()
    {
        var (time, log) = (new SteppedClock(), new LogLines<SiteLosses>());
        using var losses = new SiteLosses(time, log);
        long counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Name == "akkamail.sites.lost")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted += value);
        listener.Start();

        for (var i = 0; i < 3; i++) losses.Lost($"d{i}.test", new IOException("full"));
        time.Now += TimeSpan.FromMinutes(1);
        losses.Lost("d3.test", new IOException("full"));

        Assert.Equal(4, counted);
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("The site of d3.test was not taken down in its history, nor were 2 others", log.Lines[1], StringComparison.Ordinal);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
