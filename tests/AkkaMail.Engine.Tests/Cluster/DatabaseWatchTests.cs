using Akka.Actor;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Engine.Tests.Cluster;

/// <summary>When a node that does not reach the database goes. Time is moved.</summary>
public sealed class DatabaseWatchTests : Kit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<string> _end = new();
    private readonly IActorRef _watch;
    private volatile bool _isReached = true;
    private readonly FakeTimeProvider _time = new();
    private TimeSpan _longest = TimeSpan.MaxValue;

    public DatabaseWatchTests() : base(movesTime: true) => _watch = Sys.ActorOf(DatabaseWatch.Props(
        new DatabaseReach(() => _isReached, why => _end.TrySetResult(why)), () => Task.FromResult(_longest), _time));

    [Fact]
    public async Task It_goes_when_it_has_been_cut_off_for_long_and_another_has_not()
    {
        await Pass(60);
        _isReached = false;

        await Pass(30);
        Assert.False(_end.Task.IsCompleted);
        await Pass(5);

        Assert.Contains("others do", await _end.Task.WaitAsync(Second * 10), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nobody_reaches_it_nobody_goes()
    {
        (_isReached, _longest) = (false, TimeSpan.Zero);

        await Pass(300);

        Assert.False(_end.Task.IsCompleted);
    }

    [Fact]
    public async Task When_it_comes_back_whoever_notices_first_sends_nobody_away()
    {
        (_isReached, _longest) = (false, TimeSpan.Zero);
        await Pass(60);

        _longest = DatabaseWatch.SureAfter - Second;
        await Pass(5);
        _isReached = true;
        _longest = TimeSpan.FromMinutes(1);
        await Pass(60);

        Assert.False(_end.Task.IsCompleted);
    }

    [Fact]
    public async Task It_says_for_how_long_it_has_reached_it()
    {
        await Pass(20);
        Assert.Equal(TimeSpan.FromSeconds(20), await For());

        _isReached = false;
        await Pass(2);
        Assert.Equal(TimeSpan.Zero, await For());
        _isReached = true;
        await Pass(1);
        await Pass(3);
        Assert.Equal(TimeSpan.FromSeconds(3), await For());
    }

    private async Task<TimeSpan> For() => (await _watch.Ask<DatabaseReached>(AskDatabase.Instance)).For;

    /// <summary>Second by second; each look has been taken before the next.</summary>
    private async Task Pass(int seconds)
    {
        await For();   // It has begun.
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(Second);
            Clock.Advance(Second);
            await For();   // Looked, and perhaps asked:
            await For();   // the answer has come.
        }
    }
}
