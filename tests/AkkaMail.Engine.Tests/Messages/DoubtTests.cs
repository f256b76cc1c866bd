using System.Collections.Concurrent;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

public class DoubtTests : Kit
{
    private readonly ConcurrentBag<AttemptId> _sent = [];
    private readonly TaskCompletionSource _answer = new();

    public DoubtTests() => ConnectionsPerLane = 50;

    [Fact]
    public async Task A_ledger_killed_alone_sends_nothing_twice_while_its_node_goes_on()
    {
        var router = Sys.ActorOf(Props.Create(() => new Router()));
        var settings = DeliverySettings.Default with
        {
            RepeatResults = TimeSpan.FromMilliseconds(500),
        };
        var delivery = Sys.ActorOf(DeliveryActor.Props(new(
            Hang, settings, Node, () => router, () => Governors, Shaping, TimeProvider.System)));
        var first = Ledger(delivery);
        router.Tell(first);
        for (var i = 0; i < 50; i++) await first.Ask<SubmissionAccepted>(Accept("slow.test"));
        await AwaitAssertAsync(() => Assert.Equal(50, _sent.Count));

        await Stop(first);
        var second = Ledger(delivery);
        router.Tell(second);
        await second.Ask<Awake>(Wake.Instance);
        _answer.SetResult();

        await AwaitAssertAsync(() => Assert.Equal(0, Metrics.UnfinishedNow), TimeSpan.FromSeconds(10));
        Assert.Equal(50, _sent.Count);
        await AwaitAssertAsync(() => Assert.Equal(50, Conclusions().Count(c => c.Status == MessageStatus.Delivered)));
        Assert.All(Conclusions(), c => Assert.Equal(1, c.Attempt.Id.Number));
    }

    [Fact]
    public async Task Attempts_of_a_node_that_is_gone_are_in_doubt_and_made_again()
    {
        var dead = CreateTestProbe();
        var first = Ledger(dead);
        await first.Ask<SubmissionAccepted>(Accept("a.test"));
        first.Tell(new TakeDue(Queue("a.test"), 1, "akka.tcp://akkamail@10.0.0.9:1#77"), dead);
        await dead.FishForMessageAsync(m => m is HandedOut);
        await Stop(first);

        var parts = Parts(CreateTestProbe());
        var ledger = Sys.ActorOf(LedgerActor.Props(0, parts with { Delivery = TestActor }));

        await FishForMessageAsync(m => m is QueueHasMail { Queue.Domain: "a.test" });
        ledger.Tell(new TakeDue(Queue("a.test"), 1, Node));
        var again = (HandedOut)await FishForMessageAsync(m => m is HandedOut);
        Assert.Equal(2, again.Messages.Single().Number);
        await AwaitAssertAsync(() => Assert.Equal(
            (MessageStatus.Deferred, AttemptEnd.InDoubt, "in-doubt/send-again"),
            Conclusions().Select(c => (c.Status, c.Attempt.End, c.Rule)).Single()));
    }

    /// <summary>A ledger moves away from its node, and that one is gone before what it had begun has ended.</summary>
    [Fact]
    public async Task Of_a_node_that_goes_while_it_sends_for_a_ledger_elsewhere_nobody_waits_to_hear()
    {
        Address? there = new("akka.tcp", "akkamail", "10.0.0.9", 1);
        var ledger = Sys.ActorOf(LedgerActor.Props(0,
            Parts(CreateTestProbe()) with { Delivery = TestActor, AddressOf = _ => Volatile.Read(ref there) }));
        await ledger.Ask<SubmissionAccepted>(Accept("a.test"));
        ledger.Tell(new TakeDue(Queue("a.test"), 1, "akka.tcp://akkamail@10.0.0.9:1#77"), TestActor);
        await FishForMessageAsync(m => m is HandedOut);

        Volatile.Write(ref there, null);

        await AwaitAssertAsync(() => Assert.Equal(AttemptEnd.InDoubt, Conclusions().Single().Attempt.End), TimeSpan.FromSeconds(20));
    }

    private IEnumerable<Conclusion> Conclusions() =>
        Read.Events.Select(e => e.Event).OfType<AttemptsConcluded>().SelectMany(e => e.Conclusions);

    private async Task<Attempt> Hang(DueMessage message, Route route, CancellationToken cancel)
    {
        _sent.Add(message.Attempt);
        await _answer.Task.WaitAsync(cancel);
        return Answer(message, 250, "2.0.0 ok");
    }

    /// <summary>Stands where the shard region stands: the latest ledger it was told of takes everything.</summary>
    private sealed class Router : ReceiveActor
    {
        private IActorRef _ledger = ActorRefs.Nobody;

        public Router()
        {
            Receive<IActorRef>(ledger => _ledger = ledger);
            Receive<ToLedger>(m => _ledger.Forward(m.Message));
        }
    }
}
