using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Delivery;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>
/// A site has several domains, and a stream's mail lies in several ledgers: what is asked for first has to be first in
/// all of them.
/// </summary>
public sealed class EngagedFeedsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly Line _line = new(new("a.test", "default"), "shop", Streams.Broadcast, null);

    [Fact]
    public void Where_nobody_is_engaged_feeds_have_their_turns_whenever_their_mail_came()
    {
        Feeds((0, new(Noon, 0)), (1, new(Noon.AddHours(-3), 0)), (2, null));

        Assert.Equal([1, 2, 0], Requests(100).Select(r => r.Ledger));
    }

    [Fact]
    public void The_engaged_of_all_feeds_are_asked_for_before_the_others_of_any_and_no_more_of_them()
    {
        Feeds((0, new(Noon, 0)), (1, new(Noon, 3)), (2, new(Noon, 0)), (3, new(Noon.AddMinutes(1), 5)));

        var requests = Requests(40);

        Assert.Equal([(1, 3), (3, 5)], requests.Take(2));
        Assert.Equal([0, 2], requests.Skip(2).Select(r => r.Ledger).Order());
    }

    [Fact]
    public void Where_very_many_feeds_have_engaged_each_request_is_worth_its_commit()
    {
        Feeds([.. Enumerable.Range(0, 5_000)
            .Select(i => (i, (FreshHead?)new FreshHead(Noon.AddSeconds(i), i == 1 ? 90 : 1)))]);

        Assert.Equal([(0, 50), (1, 90), .. Enumerable.Range(2, 5).Select(i => (i, 50)), (7, 10)], Requests(400));
        Assert.Equal(400, _line.Requested);
    }

    [Fact]
    public void What_is_asked_for_counts_until_it_is_answered_or_its_feed_has_gone()
    {
        Feeds((0, new(Noon, 7)), (1, new(Noon.AddSeconds(1), 5)), (2, new(Noon, 0)));

        Assert.Equal([(0, 7), (1, 5), (2, 10)], Requests(40));
        Assert.Equal(22, _line.Requested);
        foreach (var feed in _line.Feeds.Where(f => f.Ledger < 2).ToList())
        {
            _line.EndRequest(feed);
            _line.EndRequest(feed);
        }
        Assert.Equal(10, _line.Requested);
        foreach (var feed in _line.Feeds.ToList()) _line.Remove(feed);

        Assert.Equal(0, _line.Requested);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Others_of_one_feed_go_before_engaged_of_another_that_came_over_an_hour_later(int ticks, int first)
    {
        Feeds((0, new(Noon, 0)), (1, new(Noon.AddHours(1).AddTicks(ticks), 3)));

        Assert.Equal(first, Requests(40)[0].Ledger);
    }

    [Fact]
    public void Who_has_retries_alone_has_a_turn_in_five_beside_engaged()
    {
        Feeds((0, null), (1, new(Noon, 1_000)));

        var asked = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            var (feed, _) = _line.NextRequest(10, Noon)!.Value;
            asked.Add(feed.Ledger);
            _line.EndRequest(feed);
        }

        Assert.Equal((10, 40), (asked.Count(l => l == 0), asked.Count(l => l == 1)));
    }

    /// <summary>What ledgers say of their queues comes to their feeds, whichever way.</summary>
    [Fact]
    public void Of_a_site_with_two_domains_the_one_with_engaged_recipients_is_asked_first()
    {
        var (others, engaged) = (
            QueueWorld.Queue("a.test", Streams.Broadcast), QueueWorld.Queue("b.test", Streams.Broadcast));
        var world = new QueueWorld { SiteOf = _ => "a.test", Limit = _ => (2, 1), Took = (_, _) => null };
        world.Mail(others, 100);
        world.Mail(engaged, 100);
        world.Do(q =>
        {
            q.HasMail(new(0, others, 100) { Head = new(QueueWorld.Noon, 0) }, "a.test", world.Now);
            q.HasMail(new(0, engaged, 100) { Head = new(QueueWorld.Noon, 2) }, "a.test", world.Now);
        });
        world.For(0.02);
        Assert.Equal([engaged], world.Asked.Select(a => a.Take.Queue).Distinct());

        world.Do(q =>
        {
            q.Handed(new(0, others, [], 100) { Head = new(QueueWorld.Noon, 7) }, "a.test", world.Now);
            q.Handed(new(0, engaged, [], 98) { Head = new(QueueWorld.Noon, 0) }, "a.test", world.Now);
        });
        var before = world.Asked.Count;
        world.For(2);
        Assert.Equal(others, world.Asked[before].Take.Queue);
    }

    private void Feeds(params (int Ledger, FreshHead? Head)[] feeds)
    {
        foreach (var (ledger, head) in feeds)
            _line.MailIn(ledger, new("a.test", "shop", Streams.Broadcast), 1_000, head);
    }

    private List<(int Ledger, int Count)> Requests(int share)
    {
        var requests = new List<(int, int)>();
        while (_line.NextRequest(share, Noon) is var (feed, count)) requests.Add((feed.Ledger, count));
        return requests;
    }
}
