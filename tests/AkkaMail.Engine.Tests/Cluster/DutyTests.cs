using Akka.Actor;
using AkkaMail.Engine.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Engine.Tests.Cluster;

/// <summary>Who does what only one should, and who believes it after a sleep.</summary>
public sealed class DutyTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly FakeTimeProvider _time = new();
    private readonly Duty _duty;

    public DutyTests() => _duty = new(_time);

    [Fact]
    public void A_node_has_it_for_as_long_as_the_housekeeper_says_so()
    {
        Assert.False(_duty.IsHere);

        _duty.Tell();
        Assert.True(_duty.IsHere);
        _time.Advance(Duty.Holds - TimeSpan.FromMilliseconds(1));
        Assert.True(_duty.IsHere);
        _duty.Tell();
        _time.Advance(Duty.Holds);

        Assert.False(_duty.IsHere);
    }

    [Fact]
    public void A_node_that_stood_still_takes_it_up_only_when_it_must_have_heard_of_another()
    {
        _duty.Tell();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_duty.IsHere);   // Before its housekeeper has had a turn.

        for (var rested = TimeSpan.Zero; rested < Duty.Rest; rested += Duty.Every)
        {
            _duty.Tell();
            Assert.False(_duty.IsHere);
            _time.Advance(Duty.Every);
        }

        _duty.Tell();
        Assert.True(_duty.IsHere);
    }

    [Fact]
    public async Task It_goes_with_the_housekeeper()
    {
        var housekeeper = Sys.ActorOf(HousekeeperActor.Props(_duty));
        await AwaitConditionAsync(() => Task.FromResult(_duty.IsHere), TimeSpan.FromSeconds(10));

        await housekeeper.GracefulStop(TimeSpan.FromSeconds(10));

        Assert.False(_duty.IsHere);
    }

    [Fact]
    public async Task Work_is_cancelled_when_it_goes_and_begins_again_when_it_comes()
    {
        var (begun, ended) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        using var stopping = new CancellationTokenSource();
        var work = _duty.While(async cancel =>
        {
            begun.Release();
            try { await Task.Delay(Timeout.Infinite, cancel); }
            finally { ended.Release(); }
        }, stopping.Token);

        for (var life = 0; life < 2; life++)
        {
            _duty.Tell();
            while (!await begun.WaitAsync(10)) _time.Advance(Duty.Every / 10);
            _duty.TakeAway();
            while (!await ended.WaitAsync(10)) _time.Advance(Duty.Every);
        }

        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public async Task Who_waits_for_it_goes_on_when_it_comes()
    {
        var begun = _duty.Begun(CancellationToken.None);
        Assert.False(begun.IsCompleted);

        _duty.Tell();
        _time.Advance(Duty.Every);

        await begun.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
