using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Engine.Tests.Projecting;

/// <summary>A generation is built a page at a time, at a share of one core, and not while others would notice.</summary>
public sealed class BuildsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly EngineMetrics _metrics = new();
    private readonly Builds _builds;

    public BuildsTests() => _builds = new(_metrics, _time);

    private static Projection Beside { get; } = new ReadSide().ToProjection(2, throttle: 0.25);

    public void Dispose() => _metrics.Dispose();

    private Task<Builds.Turn> Begin(double share = 0.25) => _builds.Begin(Beside, share, CancellationToken.None);

    [Fact]
    public async Task One_page_at_a_time_whichever_ledger_it_is_of()
    {
        var first = await Begin(share: 1);
        var second = Begin(share: 1);
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task After_a_page_it_rests_so_that_it_takes_its_share()
    {
        using (await Begin()) _time.Advance(TimeSpan.FromMilliseconds(100));

        var next = Begin();
        _time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await next).Dispose();
    }

    [Fact]
    public async Task It_stands_while_commits_take_long_and_goes_on_when_they_do_not()
    {
        _metrics.Committed(Noon, TimeSpan.FromMilliseconds(51), 1, Decided);
        var page = Begin();
        Assert.Equal((false, BuildHold.Commits), (page.IsCompleted, _builds.HeldBy));

        for (var i = 0; i < 21; i++) _time.Advance(TimeSpan.FromMilliseconds(250));   // That one was of late no more.

        (await page).Dispose();
        Assert.Null(_builds.HeldBy);
    }

    [Fact]
    public async Task Lists_that_stay_behind_for_ever_can_be_replaced_all_the_same()
    {
        _metrics.ReadFrom(0, ("messages", 1));
        _metrics.Reached("messages", 1, new(0, 5, 9, DateTimeOffset.MinValue));
        var page = Begin();

        for (var i = 0; i < 20; i++) _time.Advance(TimeSpan.FromMilliseconds(250));

        (await page).Dispose();
        Assert.Equal(BuildHold.ProjectorLag, _builds.HeldBy);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_turn_to_the_next()
    {
        _metrics.ReadFrom(0, ("messages", 1));
        _metrics.Reached("messages", 1, new(0, 5, 9, Noon.AddSeconds(-2)));
        using var cancel = new CancellationTokenSource();
        var page = _builds.Begin(Beside, 1, cancel.Token);
        Assert.Equal(BuildHold.ProjectorLag, _builds.HeldBy);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page);
        _metrics.Reached("messages", 1, new(0, 9, 9, null));

        (await Begin()).Dispose();
    }

    [Fact]
    public async Task The_rate_is_that_of_the_last_half_minute()
    {
        for (var i = 0; i < 40; i++)
        {
            using (var turn = await Begin(share: 1)) turn.Brought(events: 10, facts: i < 10 ? 900_000 : 300);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((10, 300), _builds.RatesOf("messages", 2));
        _builds.Forget("messages", 2);
        Assert.Equal((0, 0), _builds.RatesOf("messages", 2));
    }

    private static Core.Messages.LedgerDecision Decided { get; } = new([], []);
}
