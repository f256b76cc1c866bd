using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Mail of pools whose sources are bound to nodes: what is this node's, what is passed on, what waits.</summary>
public sealed class SiteQueuesPassingTests
{
    private const string There = "n2#2";
    private static readonly QueueKey Mail = QueueWorld.Queue("a.test");
    private static readonly NodeNames Two = new("mx1", ImmutableSortedDictionary<string, string>.Empty.Add("mx2", There));
    private static readonly NodeNames Alone = new("mx1", ImmutableSortedDictionary<string, string>.Empty);

    [Fact]
    public void Mail_is_divided_by_weight_and_each_node_takes_its_part()
    {
        var world = World(("own", 1), ("theirs", 3));

        world.Mail(Mail, 100);
        world.TakenElsewhere(Mail, 75);
        world.For(1);

        var (node, word) = Assert.Single(world.Passing);
        Assert.Equal((There, 100, (int?)75), (node, word.Count, word.Part));
        Assert.Equal(25, world.Sent.Count);
        Assert.Equal(25, world.Asked.Sum(a => a.Take.Count));
        Assert.All(world.Sent, s => Assert.Equal("own", s.Lane.Source));
    }

    [Fact]
    public void Mail_without_a_source_here_is_passed_on_whole_and_has_no_lane_here()
    {
        var world = World(("theirs", 1));

        world.Mail(Mail, 100);
        world.For(10);

        Assert.Equal((There, (int?)100), (world.Passing[0].Node, world.Passing[0].Word.Part));
        Assert.Empty(world.Asked);
        Assert.Empty(world.Told);   // No part of the lane is asked for: it is the other node's.
        Assert.Empty(world.Queues.Lanes(world.Now));
    }

    /// <summary>As on one node: a source that cannot go on leaves it to those that can.</summary>
    [Fact]
    public void What_another_node_leaves_is_taken_here_after_five_seconds_by_and_by()
    {
        var world = World(("own", 1), ("theirs", 1));

        world.Mail(Mail, 100);
        var first = world.For(4.5).Sent.Count;
        world.For(60);

        Assert.Equal(50, first);
        Assert.Equal(100, world.Sent.Count);
        Assert.Single(world.Passing);
    }

    [Fact]
    public void What_is_passed_on_goes_by_sources_of_this_node_alone_and_no_further()
    {
        var world = World(("own", 1), ("theirs", 1), ("any", 8));

        world.Passed(Mail, 100, part: 10);
        world.For(1);

        Assert.Equal(10, world.Sent.Count);
        Assert.All(world.Sent, s => Assert.Equal("own", s.Lane.Source));
        Assert.Empty(world.Passing);
    }

    /// <summary>Its rules are others, or it has another name: it takes none of it, and sends nothing back and forth.</summary>
    [Fact]
    public void A_word_for_a_source_that_is_not_here_is_nobodys()
    {
        var world = World(("theirs", 1));

        world.Passed(Mail, 100, part: 100);
        world.For(20);

        Assert.Empty(world.Passing);
        Assert.Empty(world.Asked);
    }

    [Fact]
    public void When_a_node_dies_its_part_is_taken_here_and_when_it_is_back_it_has_one_again()
    {
        var world = World(("own", 1), ("theirs", 1));
        world.Mail(Mail, 100);
        world.For(1);

        world.Do(q => q.NodesChanged(Alone, world.Now));
        world.RepeatWords();
        world.For(1);
        Assert.Equal(100, world.Sent.Count);

        world.Do(q => q.NodesChanged(Two, world.Now));
        world.Mail(Mail, 10);
        Assert.Equal(5, world.Passing[^1].Word.Part);
    }

    [Fact]
    public void Mail_whose_sources_are_nowhere_waits_and_says_for_whom()
    {
        var world = World(("gone", 1));

        world.Mail(Mail, 100);
        world.For(2);
        var why = world.Queues.Why(default, new(Mail, MessageStatus.Accepted, world.Now, 0), 0, "a.test", world.Now);

        Assert.Empty(world.Sent);
        Assert.Empty(world.Passing);
        Assert.Equal((HeldBy.Source, "the source 'gone' is on the node 'mx9', which is not there"), (why!.By, why.Detail));
        Assert.True(Assert.Single(world.Queues.Lanes(world.Now)).IsMissing);
    }

    /// <summary>A queue that two nodes know of waits once.</summary>
    [Fact]
    public void What_waits_is_counted_where_it_is_to_be_taken()
    {
        var (home, other) = (World(("own", 1), ("theirs", 1)), World(("own", 1), ("theirs", 1)));
        foreach (var world in (QueueWorld[])[home, other]) world.Limit = _ => (0, 10);

        home.Mail(Mail, 101);
        other.Passed(Mail, 101, home.Passing[0].Word.Part!.Value);

        Assert.Equal(101, home.Queues.Lanes(home.Now).Concat(other.Queues.Lanes(other.Now)).Sum(l => l.Depth));
    }

    [Fact]
    public void What_its_ledger_speaks_of_no_more_is_forgotten()
    {
        var world = World(("own", 1), ("theirs", 1));
        world.Missing.Add("own");   // It comes and goes: what was told before stays with nobody asking for it.
        world.Missing.Clear();
        world.Limit = _ => null;
        world.Mail(Mail, 100);
        Assert.Equal(50, Assert.Single(world.Queues.Lanes(world.Now)).Depth);

        world.For(60);

        Assert.Empty(world.Queues.Lanes(world.Now));
    }

    private static QueueWorld World(params (string Source, int Weight)[] pool)
    {
        var world = new QueueWorld
        {
            Rules = new("v1")
            {
                Sources = new[] { ("own", "mx1"), ("theirs", "mx2"), ("gone", "mx9"), ("any", null) }.ToImmutableDictionary(
                    s => s.Item1, s => new Source { Name = s.Item1, Node = s.Item2 }),
                Pools = ImmutableDictionary<string, Pool>.Empty.Add(Pool.DefaultName,
                    new(Pool.DefaultName, pool.ToImmutableDictionary(p => p.Source, p => p.Weight))),
            },
        };
        world.Do(q => q.NodesChanged(Two, world.Now));
        return world;
    }
}
