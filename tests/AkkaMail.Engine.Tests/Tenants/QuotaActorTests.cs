using Akka.Actor;
using Akka.Persistence.TestKit;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Engine.Tests.Tenants;

/// <summary>The count of one tenant with a journal that fails on demand; time is moved.</summary>
public sealed class QuotaActorTests() : Kit(movesTime: true)
{
    private static readonly Quota Daily = new(null, null, 1_000, null, QuotaMode.Reject);

    [Fact]
    public async Task A_restart_keeps_the_count_and_the_next_day_begins_at_nothing()
    {
        var first = Start();
        await Granted(first, 900, at: Now.AddDays(1));   // Exact: for a time of its own.
        await Granted(first, 900, at: Now.AddDays(2));
        await Stop(first);

        var second = Start();

        Clock.AdvanceTo(QuotaWindow.Day.Start(Now).AddDays(1).AddHours(1));
        var refused = Assert.IsType<QuotaRefused>(await Take(second, 101));
        Assert.Equal(
            (QuotaWindow.Day, 1_000, QuotaWindow.Day.End(Now)), (refused.Window, refused.Limit, refused.RetryAt));
        Assert.Equal(100, (await Granted(second, 100)).Count);
        Assert.Equal(1_000, (await Used(second)).Day);
        Clock.AdvanceTo(QuotaWindow.Day.End(Now).AddDays(1));
        Assert.Equal(0, (await Used(second)).Day);
    }

    [Fact]
    public async Task The_count_outlasts_a_snapshot()
    {
        var first = Start();
        for (var i = 0; i < 600; i++) await Granted(first, 1, at: Now.AddMonths(1));
        await Stop(first);

        var second = Start();

        Assert.Equal(600, 1_000 - await Left(second, Now.AddMonths(1)));
    }

    [Fact]
    public async Task What_comes_back_can_be_taken_again()
    {
        var actor = Start();
        var block = await Granted(actor, 40);
        Assert.Equal(40 + 960 / 16, block.Count);

        actor.Tell(new ReturnQuota("acme", new(block.For, 60)), TestActor);
        Assert.Equal(40, (await Used(actor)).Day);
        // The rest of a block comes back with the question for the next.
        var next = await Take(actor, 1, rest: new(block.For, 40));

        Assert.Equal(1 + 999 / 16, ((QuotaGranted)next).Count);
        Assert.Equal(1 + 999 / 16, (await Used(actor)).Day);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_that_fails_takes_nothing_and_says_so(bool rejects)
    {
        var first = Start();
        await Granted(first, 100, at: Now.AddDays(1));
        var died = CreateTestProbe();
        await died.WatchAsync(first);
        if (rejects) await Journal.OnWrite.Reject();
        else await Journal.OnWrite.Fail();

        Assert.IsType<QuotaUnavailable>(await Take(first, 100, at: Now.AddDays(1)));

        await Journal.OnWrite.Pass();
        var second = rejects ? first : Start();
        Assert.Equal(900, await Left(second, Now.AddDays(1)));
    }

    private IActorRef Start() => Sys.ActorOf(QuotaActor.Props("acme"));

    private async Task<object> Take(IActorRef actor, long count, DateTimeOffset? at = null, QuotaRest? rest = null)
    {
        actor.Tell(new TakeQuota("acme", Daily, count, at, DateTimeOffset.MaxValue, rest), TestActor);
        return await ExpectMsgAsync<object>();
    }

    private async Task<QuotaGranted> Granted(IActorRef actor, long count, DateTimeOffset? at = null) =>
        Assert.IsType<QuotaGranted>(await Take(actor, count, at));

    private async Task<QuotaUsed> Used(IActorRef actor)
    {
        actor.Tell(new ReadQuota("acme"), TestActor);
        return await ExpectMsgAsync<QuotaUsed>();
    }

    /// <summary>Found by taking: the most that is granted.</summary>
    private async Task<long> Left(IActorRef actor, DateTimeOffset at)
    {
        for (var count = 1_000L; count > 0; count -= 50)
            if (await Take(actor, count, at) is QuotaGranted) return count;
        return 0;
    }
}
