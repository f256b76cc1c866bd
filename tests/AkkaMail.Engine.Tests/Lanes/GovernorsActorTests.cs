using Akka.Actor;
using Akka.TestKit;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Lanes;

/// <summary>The governors of a shard: a node's letter is opened, and what it asks for goes back in one; time is moved.</summary>
public sealed class GovernorsActorTests() : Kit(movesTime: true)
{
    [Fact]
    public async Task All_lanes_of_a_letter_are_leased_in_one_answer()
    {
        var governors = Start();

        governors.Tell(Letter("a", 40), TestActor);

        Assert.Equal(Lanes(40), await LimitsOf(this));
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task What_a_second_node_asks_is_taken_from_the_first_in_few_messages()
    {
        var governors = Start();
        governors.Tell(Letter("a", 40), TestActor);
        await LimitsOf(this);

        var other = CreateTestProbe();
        governors.Tell(Letter("b", 40), other);

        Assert.Equal(Lanes(40), await LimitsOf(other));
        var (told, messages) = (new HashSet<LimitKey>(), 0);
        while (told.Count < 40)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(10));
            if (await ReceiveOneAsync(TimeSpan.FromMilliseconds(50)) is not Leases leases) continue;
            Assert.All(leases.Given, l => Assert.Equal(50, l.Rate));
            told.UnionWith(leases.Given.Select(l => l.Limit));
            messages++;
        }
        Assert.InRange(messages, 1, 10);
    }

    [Fact]
    public async Task One_that_is_slow_does_not_keep_the_leases_of_others()
    {
        var governors = Start();
        governors.Tell(Letter("a", 3), TestActor);
        await LimitsOf(this);
        await Journal.OnWrite.SetInterceptorAsync(new Never());
        // It has something to store, and the journal does not answer.
        var order = new ToGovernor(Lane(0), new LaneOrder.Suspend(HoldTarget.Lane, TimeSpan.FromHours(1), "by hand"));
        governors.Tell(order, CreateTestProbe());

        governors.Tell(Letter("a", 3), TestActor);

        var told = new HashSet<LimitKey>();
        for (var i = 0; i < 100 && told.Count < 2; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(20));
            if (await ReceiveOneAsync(TimeSpan.FromMilliseconds(50)) is Leases leases)
                told.UnionWith(leases.Given.Select(l => l.Limit));
        }
        Assert.Equal([Lane(1), Lane(2)], told.OrderBy(l => l.ToString()));
    }

    [Fact]
    public async Task One_that_nobody_asks_for_rests_and_begins_again_at_the_next_word()
    {
        var governors = Start();
        governors.Tell(Letter("a", 2), TestActor);
        await LimitsOf(this);
        var watch = CreateTestProbe();
        await watch.WatchAsync(await ChildOf(governors, Lane(1)));

        for (var i = 0; i < 6; i++)   // The first is asked for all the time.
        {
            Clock.Advance(TimeSpan.FromSeconds(30));
            governors.Tell(Letter("a", 1), TestActor);
            await LimitsOf(this);
        }

        await watch.ExpectMsgAsync<Terminated>();
        governors.Tell(new ToGovernor(Lane(1), new DescribeLane()), TestActor);
        await ExpectMsgAsync<LaneState>();
    }

    [Fact]
    public async Task One_whose_journal_failed_begins_again_at_the_next_word()
    {
        var governors = Start();
        governors.Tell(new ToGovernor(Lane(0), new DescribeLane()), TestActor);
        await ExpectMsgAsync<LaneState>();
        await WatchAsync(await ChildOf(governors, Lane(0)));
        await Journal.OnWrite.Fail();

        governors.Tell(new ToGovernor(Lane(0), new LaneOrder.Suspend(HoldTarget.Lane, null, "by hand")), TestActor);
        await ExpectMsgAsync<Terminated>();
        await Journal.OnWrite.Pass();

        governors.Tell(new ToGovernor(Lane(0), new DescribeLane()), TestActor);
        Assert.False((await ExpectMsgAsync<LaneState>()).IsSuspended);
    }

    private sealed class Never : Akka.Persistence.TestKit.IJournalInterceptor
    {
        public Task InterceptAsync(Akka.Persistence.IPersistentRepresentation message) =>
            new TaskCompletionSource().Task;
    }

    private IActorRef Start() => Sys.ActorOf(GovernorsActor.Props(new(
        limit => new LaneTerms(limit, new(100, TimeSpan.FromSeconds(1)), 10, [], null, "v1"), () => 1, _ => false)));

    private static LimitKey Lane(int n) => new LimitKey.Lane(new("ip1", $"site{n}.test"));

    private static LimitKey[] Lanes(int count) => [.. Enumerable.Range(0, count).Select(Lane).OrderBy(l => l.ToString())];

    private static ToGovernors Letter(string node, int lanes) => new(0, [.. Enumerable.Range(0, lanes).Select(n =>
        new ToGovernor(Lane(n), new RenewLease(node, new(1_000, 100), 0, 0, LaneReport.Empty)))]);

    private static async Task<IEnumerable<LimitKey>> LimitsOf(TestKitBase node) =>
        (await node.ExpectMsgAsync<Leases>()).Given.Select(l => l.Limit).OrderBy(l => l.ToString());

    private async Task<IActorRef> ChildOf(IActorRef governors, LimitKey limit) =>
        await Sys.ActorSelection(governors.Path / Uri.EscapeDataString(limit.ToString())).ResolveOne(TimeSpan.FromSeconds(5));
}
