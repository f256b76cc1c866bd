using AkkaMail.Core.Ids;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;
using static AkkaMail.Engine.Tests.Delivery.QueueWorld;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>A node with very many lanes: what it says of them once a second, and what it tells who asks.</summary>
public sealed class GovernorLettersTests
{
    private const int Lanes = 2_000;

    [Theory]
    [InlineData(Lanes, GovernorShards.Count)]
    [InlineData(1, 1)]
    public void All_lanes_of_a_shard_are_renewed_in_one_message_a_second(int lanes, int messagesMax)
    {
        var world = Busy(lanes);
        world.For(2);
        var (told, letters) = (world.Told.Count, world.Letters);

        world.For(10);

        Assert.Equal(10 * lanes, world.Told.Count - told);   // Before, each of them was a message.
        Assert.InRange(world.Letters - letters, 10, 10 * messagesMax);
    }

    [Fact]
    public void Who_asks_for_its_lanes_gets_them_in_pages_each_once_in_their_order()
    {
        var world = Busy(Lanes);
        world.For(2);
        var (found, pages) = (new List<NodeLane>(), 0);
        for (NodeLanes page; ; pages++)
        {
            page = world.Queues.List(new(found.Count == 0 ? null : found[^1].Lane), world.Now);
            found.AddRange(page.Lanes);
            Assert.InRange(page.Lanes.Sum(NodeBytes.Of), 1, ListLanes.PageBytes);
            if (!page.HasMore) break;
        }

        Assert.Equal(world.Queues.Lanes(world.Now).Select(l => l.Lane.Site).Order(StringComparer.Ordinal),
            found.Select(l => l.Lane.Site));
        Assert.InRange(pages, 1, 10);
        Assert.Empty(world.Queues.List(new(found[^1].Lane), world.Now).Lanes);
    }

    /// <summary>Each lane has one message that takes for ever.</summary>
    private static QueueWorld Busy(int lanes)
    {
        var world = new QueueWorld(DeliverySettings.Default with { LanesMax = Lanes }) { Took = (_, _) => null };
        for (var n = 0; n < lanes; n++) world.Mail(Queue($"site{n}.test"), 1);
        return world;
    }
}
