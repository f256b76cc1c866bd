using System.Collections.Immutable;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Shaping;

/// <summary>What is left of a lane's division when a node has died.</summary>
public sealed class LeaseTests
{
    private static readonly LaneKey Lane = new("default", "a.test");

    [Fact]
    public void What_the_dead_node_had_goes_to_the_others_in_proportion_and_the_sum_stays()
    {
        var shares = Shares(("a", 50, 6), ("b", 30, 3), ("c", 20, 3));

        var (a, b) = (Of("a", shares).Without("c"), Of("b", shares).Without("c"));

        Assert.Equal((62.5, 37.5), (a.Rate!.Value, b.Rate!.Value));
        Assert.Equal((8, 4), (a.Connections, b.Connections));
        Assert.Equal(a.Shares, b.Shares);
        Assert.Equal(["a", "b"], a.Shares.Keys.Order());
    }

    [Fact]
    public void A_second_death_is_divided_like_the_first_and_the_same_one_counts_once()
    {
        var lease = Of("a", Shares(("a", 50, 6), ("b", 30, 3), ("c", 20, 3)));

        Assert.Equal(lease.Without("c").Rate, lease.Without("c").Without("c").Rate);
        var last = lease.Without("c").Without("b");
        Assert.Equal(100, last.Rate!.Value, 9);
        Assert.Equal(12, last.Connections);
    }

    [Fact]
    public void Nobody_inherits_where_there_is_nothing_to_divide_by()
    {
        var unknown = Of("a", Shares(("a", 50, 6)));
        Assert.Same(unknown, unknown.Without("b"));                                             // Not of this division.
        Assert.Equal(0, Of("a", Shares(("a", 0, 0), ("b", 0, 0))).Without("b").Rate);           // A suspended lane.
        Assert.Null((Of("a", Shares(("a", 1, 1), ("b", 1, 1))) with { Rate = null }).Without("b").Rate);    // No bound.
    }

    [Fact]
    public void Connections_are_rounded_down_so_that_their_sum_is_never_more()
    {
        var random = new Random(1);
        for (var run = 0; run < 1_000; run++)
        {
            var shares = Shares([.. Enumerable.Range(0, random.Next(2, 9)).Select(
                i => ($"n{i}", random.NextDouble() * 100, random.Next(0, 40)))]);
            var left = shares.Keys.Where(n => n != "n0").Select(n => Of(n, shares).Without("n0")).ToList();
            Assert.True(left.Sum(l => l.Connections) <= shares.Values.Sum(s => s.Connections));
            Assert.Equal(shares.Values.Sum(s => s.Rate!.Value), left.Sum(l => l.Rate!.Value), 6);
        }
    }

    private static ImmutableDictionary<string, Share> Shares(params (string Node, double Rate, int Connections)[] shares) =>
        shares.ToImmutableDictionary(s => s.Node, s => new Share(s.Rate, s.Connections));

    private static Lease Of(string node, ImmutableDictionary<string, Share> shares) =>
        new(Lane, 1, shares[node].Rate, 1, shares[node].Connections, null, DateTimeOffset.UnixEpoch, null, default, [],
            new(100, 12, 100, null, "v1", null, null, null, null, null, null))
        { Shares = shares };
}
