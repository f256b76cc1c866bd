using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Delivery;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Whose mail goes next, and from which ledger more is asked for.</summary>
public class SiteQueueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly SiteQueue _queue = new("a.test", "default");

    [Fact]
    public void Transactional_mail_has_two_turns_of_three_beside_broadcast_and_none_starves()
    {
        var receipts = Waiting("shop", Streams.Transactional, 300);
        var news = Waiting("shop", Streams.Broadcast, 300);

        var turns = Enumerable.Range(0, 300).Select(_ => TakeNext()).ToList();

        Assert.Equal(200, turns.Count(l => l == receipts));
        Assert.Equal(100, turns.Count(l => l == news));
        Assert.All(turns.Chunk(3), three => Assert.Contains(news, three));
    }

    [Fact]
    public void A_tenant_with_half_a_million_gets_no_more_turns_than_one_with_a_few()
    {
        var large = Waiting("large", Streams.Broadcast, 500_000);
        for (var i = 0; i < 1_000; i++) TakeNext();
        var small = Waiting("small", Streams.Broadcast, 10);   // It comes late, and does not make up for it.

        var turns = Enumerable.Range(0, 20).Select(_ => TakeNext()).ToList();

        Assert.Equal((10, 10), (turns.Count(l => l == large), turns.Count(l => l == small)));
    }

    [Fact]
    public void Room_is_divided_by_weight_and_a_line_alone_has_all_of_it()
    {
        var news = Waiting("shop", Streams.Broadcast, 1);
        Assert.Equal(30, _queue.ShareOf(news, 30));

        var receipts = Waiting("shop", Streams.Transactional, 1);

        Assert.Equal((10, 20), (_queue.ShareOf(news, 30), _queue.ShareOf(receipts, 30)));
        Assert.Equal(1, _queue.ShareOf(news, 1));   // One at least, however little room there is.
        Assert.Equal(0, _queue.ShareOf(news, 0));
    }

    [Fact]
    public void Ledgers_are_asked_in_turn_for_a_quarter_of_the_share_at_least_and_not_twice_at_once()
    {
        var line = _queue.MailIn(0, Queue("a.test"), 1_000);
        line.MailIn(1, Queue("a.test"), 1_000);

        var asked = new[] { line.NextRequest(40, Noon), line.NextRequest(40, Noon), line.NextRequest(40, Noon) };

        Assert.Equal(new int?[] { 20, 10, null }, asked.Select(a => a?.Count));
        Assert.Equal([0, 1], asked.Take(2).Select(a => a!.Value.Feed.Ledger).Order());
    }

    [Fact]
    public void Sources_have_their_share_by_weight_and_what_one_cannot_take_the_others_do()
    {
        var (own, service) = (LaneOf("ip1", 80), LaneOf("service", 80));
        _queue.Lanes.AddRange([(own, 70), (service, 30)]);

        var both = Enumerable.Range(0, 100).Select(_ => _queue.Choose(_ => true)).ToList();
        var overflow = Enumerable.Range(0, 10).Select(_ => _queue.Choose(lane => lane == service)).ToList();

        Assert.Equal((70, 30), (both.Count(l => l == own), both.Count(l => l == service)));
        Assert.All(overflow, lane => Assert.Same(service, lane));
        Assert.Null(_queue.Choose(_ => false));
    }

    [Fact]
    public void A_source_in_bad_repute_is_chosen_less()
    {
        var (good, bad) = (LaneOf("ip1", 80), LaneOf("ip2", 15));
        _queue.Lanes.AddRange([(good, 1), (bad, 1)]);

        var turns = Enumerable.Range(0, 100).Select(_ => _queue.Choose(_ => true)).ToList();

        Assert.Equal((80, 20), (turns.Count(l => l == good), turns.Count(l => l == bad)));   // A quarter of its weight.
    }

    private static Lane LaneOf(string source, double score)
    {
        var key = new LaneKey(source, "a.test");
        var lane = new Lane(
            key, new(new() { Name = source }, "a.test", LaneLimits.Of(new("v1"), source, "a.test")), 10, new(new LimitKey.Lane(key)), []);
        lane.Own.Budget.Take(new(lane.Own.Budget.Limit, 1, null, 1, 10, Noon.AddHours(1), null, default,
            new(Noon, "v1", null, 10, Pace.Free, [], null, score, Standing.Good, null)), Noon);
        return lane;
    }

    private Line Waiting(string tenant, string stream, int count)
    {
        var queue = new QueueKey("a.test", tenant, stream);
        var line = _queue.MailIn(0, queue, count);
        for (var i = 0; i < count; i++)
            line.AtHand.Enqueue(new(
                new(new(SubmissionId.Create(0, Noon, 1), i), 1, queue, 1, Noon, Noon.AddHours(1)), Noon));
        line.Remove(line.Feeds[0]);
        return line;
    }

    private Line TakeNext()
    {
        var line = _queue.InTurn().First();
        SiteQueue.Take(line);
        return line;
    }

    private static QueueKey Queue(string domain) => new(domain, "default", Streams.Transactional);
}
