using Akka.Actor;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Projecting;

/// <summary>A generation that is not read gets its events when nobody who reads or sends would notice.</summary>
public sealed class GenerationFollowerTests : FollowerKit
{
    [Fact]
    public async Task A_new_generation_gets_the_wholePast_page_by_page()
    {
        var count = FollowerActor.BatchMax + 5L;
        Past.Newest = count;

        Build().Tell(new Committed([], count));

        await Has(count);
        Assert.Equal([(1L, FollowerActor.BatchMax), (FollowerActor.BatchMax + 1, count)], Past.Asked);
    }

    [Fact]
    public async Task A_new_generation_waits_while_the_lists_that_are_read_are_behind()
    {
        Past.Newest = 3;
        Behind(DateTimeOffset.UnixEpoch);

        Build().Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.Equal(BuildHold.ProjectorLag, Builds.HeldBy));
        Assert.Empty(Past.Asked);

        Behind(null);
        await Has(3);
        Assert.Null(Builds.HeldBy);
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_goes_on_when_it_is_the_one_that_is_read()
    {
        Past.Newest = 3;
        Behind(DateTimeOffset.UnixEpoch);
        var build = Build();
        build.Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.Equal(BuildHold.ProjectorLag, Builds.HeldBy));

        build.Tell(new FollowAs(Read.ToProjection(2)));

        await Has(3);
    }

    [Fact]
    public async Task Who_has_all_that_it_is_fed_is_not_behind()
    {
        Past.Newest = 3;
        await Read.Project(0, Feed(1, 3).Events, default);

        Metrics.ReadFrom(0, ("messages", 1));

        Projector().Tell(Feed(1, 3));

        await AwaitAssertAsync(() => Assert.Equal(3, Metrics.PlacesOf("messages", 1).Single().Place));
        Assert.Equal(TimeSpan.Zero, Metrics.Signs(TimeProvider.System.GetUtcNow()).Lag);
    }

    [Fact]
    public async Task Once_it_is_the_one_that_is_read_it_waits_for_nothing()
    {
        Past.Newest = 3;
        var build = Build();
        build.Tell(new Committed([], 3));
        await Has(3);
        Behind(DateTimeOffset.UnixEpoch);

        build.Tell(new FollowAs(Read.ToProjection(2)));
        Past.Newest = 9;
        build.Tell(new Committed([], 9));

        await Has(9);
        Assert.Equal(0, Metrics.LagOf("messages", 2));
    }

    [Fact]
    public async Task A_page_is_no_larger_than_what_follows_from_it_may_be()
    {
        (Past.Newest, Past.FactsEach) = (4, FollowerActor.FactsMax / 2 + 1);
        var projector = Projector();

        projector.Tell(new Committed([], 4));

        await Has(4);
        Assert.Equal([(1L, 4L), (3L, 4L)], Past.Asked);
    }

    /// <summary>Lists of another ledger lack what was recorded then.</summary>
    private void Behind(DateTimeOffset? at)
    {
        Metrics.ReadFrom(1, ("messages", 1));
        Metrics.Reached("messages", 1, new(1, 5, 9, at));
    }

    private IActorRef Build() => Sys.ActorOf(FollowerActor.Props(
        0, new("ledger-0", Read.ToProjection(2, throttle: 1), _ => Past, Metrics, Builds)));
}
