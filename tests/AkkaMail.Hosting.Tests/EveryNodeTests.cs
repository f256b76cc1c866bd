using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

/// <summary>A question to all nodes: what they answer, by node, and who does not.</summary>
public sealed class EveryNodeTests : SeveralNodes
{
    [Fact(Timeout = 120_000)]
    public async Task Each_node_answers_for_itself_in_pages_and_one_that_hangs_is_named_after_a_second()
    {
        for (var i = 0; i < 3; i++) await Join($"n{i}");
        foreach (var node in Nodes.Take(2))
            node.System.ActorOf(Props.Create(() => new Book(node.Name, 3)), "book");
        Nodes[2].System.ActorOf(Props.Create(() => new Book("n2", int.MaxValue)), "book");   // It never comes to an end.
        var clock = TimeProvider.System.GetTimestamp();

        var all = await EveryNode.Ask<string>(
            Nodes[0].System, "book", "page 1", page => page.EndsWith("the end", StringComparison.Ordinal) ? null : "next", Cancel);

        Assert.Equal([Nodes[2].Incarnation], all.Silent);
        Assert.Equal(Nodes.Take(2).Select(n => n.Incarnation).Order(StringComparer.Ordinal), all.ByNode.Keys);
        Assert.All(Nodes.Take(2), n => Assert.Equal(
            [$"{n.Name} 1", $"{n.Name} 2", $"{n.Name} 3, the end"], all.ByNode[n.Incarnation]));
        // One that says nothing at all, and a busy machine: it is the second and not the default of ten that ends it.
        Nodes[2].System.ActorOf(Props.Create(() => new Mute()), "mute");
        var mute = await EveryNode.Ask<string>(Nodes[0].System, "mute", "are you there?", Cancel);
        Assert.Equal((0, 3), (mute.ByNode.Count, mute.Silent.Length));
        Assert.InRange(TimeProvider.System.GetElapsedTime(clock), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var asked = EveryNode.Ask<string>(Nodes[0].System, "mute", "are you there?", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_ledgers_and_lanes_of_all_nodes_have_is_told_by_any()
    {
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Door = door.Task;
        for (var i = 0; i < 3; i++) await Join($"n{i}");
        for (var ledger = 0; ledger < Ledgers; ledger++) await Accept(ledger, 100);

        await Until(async () => await Unfinished(Nodes[2]) == Ledgers * 100);
        await Until(async () => (await Lanes()).Sum(l => l.InUse + l.Depth) == Ledgers * 100);
        // Their ledgers began on the first: another is told of some, and has a part of the lane then.
        Nodes[2].Region<NodeDelivery>().Tell(new QueueHasMail(0, new("a.test", "default", Streams.Transactional), 100));
        await Until(async () => (await Lanes()).Select(l => l.Node).Distinct().Count() == 2);

        Assert.All(await Lanes(), l => Assert.Equal(new LaneKey("default", "a.test"), l.Lane));
        door.SetResult();
        await Ended(Ledgers * 100);
        await Until(async () => await Unfinished(Nodes[1]) == 0);
    }

    private async Task<long> Unfinished(Node at)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Ledgers).Select(ledger => at.Region<Ledgers>()
            .Ask<LedgerStand>(new ToLedger(ledger, AskStand.Instance), TimeSpan.FromSeconds(10), Cancel)));
        return all.Sum(l => l.Unfinished);
    }

    private async Task<IReadOnlyList<NodeLane>> Lanes()
    {
        var all = await EveryNode.Ask<NodeLanes>(Nodes[1].System, LedgerActor.DeliveryName, new ListLanes(),
            page => page.HasMore ? new ListLanes(page.Lanes[^1].Lane) : null, Cancel);
        return [.. all.ByNode.Values.SelectMany(pages => pages).SelectMany(page => page.Lanes)];
    }

    private sealed class Book : ReceiveActor
    {
        private int _page;

        public Book(string name, int pages) => Receive<string>(
            _ => Sender.Tell($"{name} {++_page}{(_page == pages ? ", the end" : "")}"));
    }

    private sealed class Mute : ReceiveActor
    {
        public Mute() => Receive<string>(_ => { });
    }
}
