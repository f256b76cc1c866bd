using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Lanes;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Lanes;

/// <summary>The governor's actor with a journal that fails on demand; time is moved.</summary>
public sealed class GovernorActorTests() : Kit(movesTime: true)
{
    private static readonly LimitKey Lane = new LimitKey.Lane(new("ip1", "google"));
    private LaneTerms _terms = new(Lane, new(100, TimeSpan.FromSeconds(1)), 10, [], null, "v1");

    [Fact]
    public async Task The_first_node_gets_the_whole_lane_and_a_second_one_its_half_at_once()
    {
        var governor = Governor();
        governor.Tell(Renew("a", 1_000), TestActor);
        Assert.Equal((100, 10), Of(await ExpectMsgAsync<Lease>()));

        var other = CreateTestProbe();
        governor.Tell(Renew("b", 1_000), other);

        Assert.Equal((50, 5), Of(await ExpectMsgAsync<Lease>()));
        Assert.Equal((50, 5), Of(await other.ExpectMsgAsync<Lease>()));
    }

    [Fact]
    public async Task An_objection_slows_the_lane_and_its_next_life_remembers_it_with_its_cause()
    {
        var governor = Governor();
        governor.Tell(Renew("a", 1_000), TestActor);
        await ExpectMsgAsync<Lease>();

        governor.Tell(Renew("a", 1_000, accepted: 50, limited: 50), TestActor);
        var slowed = await ExpectMsgAsync<Lease>();
        await Stop(governor);
        var second = Governor();
        second.Tell(new DescribeLane(), TestActor);
        var state = await ExpectMsgAsync<LaneState>();

        Assert.Equal(50, slowed.Rate);
        Assert.Equal(50, state.Rate);
        Assert.Equal(("aimd/limited", "v1", 421), (state.Pace.Rule, state.Pace.Version, state.Pace.Cause?.Reply.Code));
    }

    [Fact]
    public async Task A_suspension_reaches_every_node_is_stored_and_ends_at_its_time()
    {
        var governor = Governor();
        governor.Tell(Renew("a", 1_000), TestActor);
        await ExpectMsgAsync<Lease>();
        var until = Now.AddHours(1);

        var operatorProbe = CreateTestProbe();
        governor.Tell(new LaneOrder.Suspend(HoldTarget.Lane, TimeSpan.FromHours(1), "by hand"), operatorProbe);
        var lease = await ExpectMsgAsync<Lease>();
        Assert.True((await operatorProbe.ExpectMsgAsync<LaneState>()).IsSuspended);
        await Stop(governor);

        Assert.True(lease.State.IsSuspendedAt(until.AddTicks(-1)));
        Assert.False(lease.State.IsSuspendedAt(until));
        var second = Governor();
        second.Tell(new DescribeLane(), TestActor);
        Assert.True((await ExpectMsgAsync<LaneState>()).IsSuspended);
        Clock.Advance(TimeSpan.FromHours(1));
        second.Tell(new DescribeLane(), TestActor);
        await FishForMessageAsync<LaneState>(s => !s.IsSuspended);
    }

    [Fact]
    public async Task What_cannot_be_stored_changes_nothing()
    {
        var parent = Sys.ActorOf(Akka.Actor.Props.Create(() => new Parent(
            GovernorActor.Props(Lane, new(_ => _terms, () => 1, _ => false)))));
        parent.Tell(Renew("a", 1_000), TestActor);
        await ExpectMsgAsync<Lease>();
        await Journal.OnWrite.Fail();

        parent.Tell(new LaneOrder.Suspend(HoldTarget.Lane, null, "by hand"), TestActor);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));   // No answer: nothing was ordered.
        await Journal.OnWrite.Pass();

        await AwaitAssertAsync(async () =>
        {
            parent.Tell(new DescribeLane(), TestActor);
            Assert.False((await ExpectMsgAsync<LaneState>(TimeSpan.FromSeconds(1))).IsSuspended);
        });
    }

    [Fact]
    public async Task A_warm_up_is_granted_in_parts_that_are_stored_before_they_are_used()
    {
        _terms = _terms with { WarmUp = new("own", TimeSpan.FromDays(1), [100, 200]) };
        var governor = Governor();

        governor.Tell(Renew("a", 1_000) with { QuotaWanted = 1_000 }, TestActor);
        var lease = await ExpectMsgAsync<Lease>();
        await Stop(governor);
        var second = Governor();
        second.Tell(new DescribeLane(), TestActor);

        Assert.Equal(2, lease.Quota);   // A fiftieth of the stage.
        Assert.Equal(98, (await ExpectMsgAsync<LaneState>()).WarmUp!.Left(Now));
    }

    private IActorRef Governor() => Sys.ActorOf(GovernorActor.Props(Lane, new(_ => _terms, () => 1, _ => false)));

    private RenewLease Renew(string node, int wanted, int accepted = 0, int limited = 0)
    {
        var counts = OutcomeCounts.Of((ReplyClass.Accepted, accepted), (ReplyClass.RateLimited, limited));
        var cause = new Cause(Now, Now, ReplyClass.RateLimited, SmtpReply.Parse(421, "4.7.28 too fast"),
            new(new(SubmissionId.Create(0, Now, 1), 0), 1), "default", "broadcast");
        return new(node, new(wanted, 100), 0, 0, new(counts, limited > 0 ? [new(cause, limited)] : [], 0));
    }

    private static (double, int) Of(Lease lease) => (lease.Rate!.Value, lease.Connections);

    /// <summary>Starts its child again when it has stopped, as the shard does.</summary>
    private sealed class Parent : UntypedActor
    {
        private readonly Props _child;
        public Parent(Props child) => _child = child;
        protected override void OnReceive(object message)
        {
            if (message is Terminated) return;
            var child = Context.Child("governor");
            if (child.IsNobody()) child = Context.Watch(Context.ActorOf(_child, "governor"));
            child.Forward(message);
        }
    }
}
