using Akka.Actor;
using Akka.Cluster;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

/// <summary>A ledger that stops by itself, as at a journal fault, comes back by the waker's next word.</summary>
public class DoubtTests : HostedEngine
{
    [Fact]
    public async Task Fifty_deliveries_outlive_their_ledger_and_none_is_made_twice()
    {
        Receiver.Close();
        await AcceptMany(0, 50);
        await Receiver.Begun.Until(all => all.Count == 50);

        var stopped = await End(0, PoisonPill.Instance);
        await NextLifeOf(0, stopped);
        Assert.IsType<Awake>(await Ask(0, Wake.Instance));   // It has recovered, and asked the node what still runs.
        Receiver.Open();

        var ended = await Read.Ended(50);
        Assert.Equal(50, Receiver.Begun.All.Distinct().Count());
        Assert.Equal(50, Receiver.Begun.All.Count);
        Assert.Equal(50, ended.Count);
        Assert.All(ended, c => Assert.Equal((MessageStatus.Delivered, 1), (c.Status, c.Attempt.Id.Number)));
    }

    [Fact]
    public async Task A_ledger_that_comes_back_makes_again_what_its_node_does_not_know()
    {
        Ledgers.Tell(new ToLedger(0, Mail()), TestActor);
        // In line before the node's own request: the node never hears of this attempt.
        Ledgers.Tell(new ToLedger(0, new TakeDue(new("a.test", "default", Streams.Transactional), 1, Node)), TestActor);
        await FishForMessageAsync<HandedOut>(h => h.Messages.Length == 1, cancellationToken: Cancel);
        Assert.Empty(Receiver.Begun.All);

        await End(0, PoisonPill.Instance);

        var ended = await Read.Ended(1);
        Assert.Equal(
            [(AttemptEnd.InDoubt, MessageStatus.Deferred), (AttemptEnd.Answered, MessageStatus.Delivered)],
            ended.Select(c => (c.Attempt.End, c.Status)));
        Assert.Equal(2, Receiver.Begun.All.Single().Number);
    }

    private string Node => NodeName.Of(Cluster.Get(Sys).SelfUniqueAddress);
}
