using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Shaping;

public class RetryScheduleTests(ITestOutputHelper output)
{
    private static readonly MessageId Id = new(new(1, 2), 0);
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The schedule an operator would read: when each try happens, counted from acceptance.</summary>
    public static TheoryData<int, string, string> Schedule => new()
    {
        { 1, "0.00:00", "0:15" },
        { 2, "0.00:15", "0:30" },
        { 3, "0.00:45", "1:00" },
        { 4, "0.01:45", "2:00" },
        { 5, "0.03:45", "4:00" },
        { 6, "0.07:45", "4:00" },
        { 7, "0.11:45", "4:00" },
        { 21, "2.19:45", "4:00" },
    };

    [Theory, MemberData(nameof(Schedule))]
    public void Tries_come_at_doubled_waits_up_to_four_hours(int attempt, string at, string wait)
    {
        var elapsed = TimeSpan.Zero;
        for (var n = 1; n < attempt; n++) elapsed += RetrySchedule.Default.Delay(n);

        output.WriteLine(
            $"attempt {attempt,2} at {elapsed:d\\.hh\\:mm}, then waits {RetrySchedule.Default.Delay(attempt):h\\:mm}");
        Assert.Equal(at, elapsed.ToString(@"d\.hh\:mm"));
        Assert.Equal(wait, RetrySchedule.Default.Delay(attempt).ToString(@"h\:mm"));
    }

    [Fact]
    public void Twenty_two_tries_fit_into_seventy_two_hours()
    {
        var elapsed = TimeSpan.Zero;
        var tries = 1;
        while ((elapsed += RetrySchedule.Default.Delay(tries)) < TimeSpan.FromHours(72)) tries++;

        Assert.Equal(22, tries);
    }

    [Fact]
    public void Jitter_stays_within_ten_per_cent_and_spreads_what_was_deferred_together()
    {
        var waits = Enumerable.Range(0, 1_000)
            .Select(i => RetrySchedule.Default.Next(new(new(1, (ulong)i * 7919), 0), 1, Noon) - Noon).ToList();

        Assert.All(waits, wait => Assert.InRange(wait.TotalMinutes, 13.5, 16.5));
        Assert.True(waits.Distinct().Count() > 990);
        Assert.InRange(waits.Average(wait => wait.TotalMinutes), 14.9, 15.1);
    }

    [Fact]
    public void The_same_attempt_always_waits_the_same_time() =>
        Assert.Equal(RetrySchedule.Default.Next(Id, 3, Noon), RetrySchedule.Default.Next(Id, 3, Noon));

    [Fact]
    public void A_very_high_attempt_number_does_not_overflow() =>
        Assert.Equal(TimeSpan.FromHours(4), RetrySchedule.Default.Delay(int.MaxValue));

    /// <summary>A rule that says half of it leaves the other half to the operator's settings.</summary>
    [Theory]
    [InlineData(null, null, null, 20, 300, 0.2)]
    [InlineData(1, null, null, 1, 300, 0.2)]
    [InlineData(600, null, null, 600, 600, 0.2)]    // Longer than the longest: each wait is that one.
    [InlineData(null, 10, null, 10, 10, 0.2)]
    [InlineData(1, 2, 0.5, 1, 2, 0.5)]
    public void What_a_rule_leaves_out_is_as_the_settings_have_it(
        int? first, int? max, double? jitter, int expectedFirst, int expectedMax, double expectedJitter)
    {
        var usual = new RetrySchedule(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(300), 0.2);

        var filled = new RetryTerms(Of(first), Of(max), jitter).Over(usual);

        Assert.Equal(new(Of(expectedFirst)!.Value, Of(expectedMax)!.Value, expectedJitter), filled);

        static TimeSpan? Of(int? minutes) => minutes is { } m ? TimeSpan.FromMinutes(m) : null;
    }
}
