using AkkaMail.Core.Leases;
using AkkaMail.Core.Rules;
using CsCheck;

namespace AkkaMail.Core.Tests.Leases;

/// <summary>A rate is kept in every stretch of time, whatever the caller's rhythm.</summary>
public class GcraTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(double Rate, int Burst, int[] Gaps)> AnyUse =
        Gen.Select(Gen.Double[0.01, 5_000], Gen.Int[1, 50], Gen.Int[0, 3_000].Array[10, 150]);

    [Fact]
    public void In_no_stretch_of_time_go_more_than_its_rate_a_burst_and_one_that_was_late() => AnyUse.Sample(use =>
    {
        var (gcra, now, taken) = (new Gcra(), Noon, new List<DateTimeOffset>());

        foreach (var gap in use.Gaps)
        {
            now += TimeSpan.FromMilliseconds(gap / use.Rate);
            if (gcra.Wait(use.Rate, use.Burst, now) > TimeSpan.Zero) continue;
            gcra.Take(use.Rate, now);
            taken.Add(now);
        }

        for (var i = 0; i < taken.Count; i++)
            for (var j = i; j < taken.Count; j++)
                Assert.True(j - i + 1 <= use.Rate * (taken[j] - taken[i]).TotalSeconds + use.Burst + 1.01);
    }, iter: 50);

    [Fact]
    public void A_wait_that_has_passed_suffices() => AnyUse.Sample(use =>
    {
        var (gcra, now) = (new Gcra(), Noon);

        foreach (var gap in use.Gaps)
        {
            now += TimeSpan.FromMilliseconds(gap % 5 / use.Rate);
            now += gcra.Wait(use.Rate, use.Burst, now);
            Assert.Equal(TimeSpan.Zero, gcra.Wait(use.Rate, use.Burst, now));
            gcra.Take(use.Rate, now);
        }
    }, iter: 50);

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(99.9)]
    public void Who_waits_as_told_gets_the_rate_to_a_thousandth(double rate)
    {
        var (gcra, now, burst) = (new Gcra(), Noon, Rate.DefaultBurst(rate));

        for (var i = 0; i < 20_000; i++)
        {
            now += gcra.Wait(rate, burst, now);
            gcra.Take(rate, now);
        }

        Assert.Equal((20_000 - burst) / rate, (now - Noon).TotalSeconds, 20 / rate);
    }

    [Fact]
    public void A_change_of_rate_holds_from_its_moment_on() =>
        Gen.Double[0.5, 500].Array[2, 6].Sample(rates =>
        {
            var (gcra, now, allowed, taken) = (new Gcra(), Noon, 0.0, 0);

            foreach (var rate in rates)
            {
                var step = TimeSpan.FromSeconds(0.1 / rate);
                for (var i = 0; i < 200; i++, now += step, allowed += rate * step.TotalSeconds)
                {
                    if (gcra.Wait(rate, 1, now) > TimeSpan.Zero) continue;
                    gcra.Take(rate, now);
                    taken++;
                }
            }

            Assert.InRange(taken, allowed * 0.9 - rates.Length,
                allowed + 1 + rates.Length + 0.01);
        }, iter: 50);
}
