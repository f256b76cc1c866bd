using AkkaMail.Core.Projecting;

namespace AkkaMail.Core.Tests.Projecting;

/// <summary>How a generation is built beside the one in use.</summary>
public sealed class ThrottleTests
{
    [Theory]
    [InlineData(1000, 50, null)]
    [InlineData(1001, 0, BuildHold.ProjectorLag)]
    [InlineData(0, 51, BuildHold.Commits)]
    [InlineData(1001, 51, BuildHold.ProjectorLag)]
    public void It_stands_while_lists_are_behind_or_commits_take_long(int lagMs, int commitMs, BuildHold? by) => Assert.Equal(
        by, Throttle.HoldOf(new(TimeSpan.FromMilliseconds(lagMs), TimeSpan.FromMilliseconds(commitMs))));

    [Theory]
    [InlineData(100, 1, 0)]
    [InlineData(100, 0.5, 100)]
    [InlineData(100, 0.25, 300)]
    [InlineData(100, 0.01, 1900)]   // No less than a twentieth.
    [InlineData(60_000, 0.5, 5000)]   // A page that took a minute does not cost another.
    public void It_rests_so_long_that_work_is_its_share_of_the_time(int tookMs, double share, int restMs) => Assert.Equal(
        TimeSpan.FromMilliseconds(restMs), Throttle.Rest(TimeSpan.FromMilliseconds(tookMs), share));
}
