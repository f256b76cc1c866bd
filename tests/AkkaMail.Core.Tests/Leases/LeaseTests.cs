using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;

namespace AkkaMail.Core.Tests.Leases;

/// <summary>What is left of a lane's division when a node has died.</summary>
public sealed class LeaseTests
{
    private static readonly LimitKey Lane = new LimitKey.Lane(new("default", "a.test"));

    [Fact]
    public void What_the_dead_node_had_goes_to_the_others_in_proportion_and_the_sum_stays()
    {
        var shares = Shares(("a", 50, 6, true), ("b", 30, 3, true), ("c", 20, 3, true));

        var (a, b) = (Of("a", shares).Without("c", "a"), Of("b", shares).Without("c", "b"));

        Assert.Equal((62.5, 37.5), (a.Rate!.Value, b.Rate!.Value));
        Assert.Equal((8, 4), (a.Connections, b.Connections));
        Assert.Equal(a.Shares, b.Shares);
        Assert.Equal(["a", "b"], a.Shares.Keys.Order());
    }

    [Fact]
    public void Who_has_enough_inherits_nothing_as_long_as_others_want_more()
    {
        var shares = Shares(("a", 50, 6, true), ("b", 10, 3, false), ("c", 40, 3, true));
        Assert.Equal((90, 10), (Of("a", shares).Without("c", "a").Rate, Of("b", shares).Without("c", "b").Rate));
        var content = Shares(("a", 50, 6, false), ("b", 10, 3, false), ("c", 40, 3, false));
        Assert.Equal(50 / 6.0 * 10, Of("a", content).Without("c", "a").Rate!.Value, 9);
    }

    [Fact]
    public void A_second_death_is_divided_like_the_first_and_the_same_one_counts_once()
    {
        var lease = Of("a", Shares(("a", 50, 6, true), ("b", 30, 3, true), ("c", 20, 3, true)));

        Assert.Equal(lease.Without("c", "a").Rate, lease.Without("c", "a").Without("c", "a").Rate);
        var last = lease.Without("c", "a").Without("b", "a");
        Assert.Equal(100, last.Rate!.Value, 9);
        Assert.Equal(12, last.Connections);
    }

    [Fact]
    public void Nobody_inherits_where_there_is_nothing_to_divide_by()
    {
        var unknown = Of("a", Shares(("a", 50, 6, true)));
        Assert.Same(unknown, unknown.Without("b", "a"));   // Not of this division.
        Assert.Equal(0, Of("a", Shares(("a", 0, 0, true), ("b", 0, 0, true))).Without("b", "a").Rate);   // A suspended lane.
        var unbounded = Of("a", Shares(("a", 1, 1, true), ("b", 1, 1, true))) with { Rate = null };
        Assert.Null(unbounded.Without("b", "a").Rate);
    }

    [Fact]
    public void Connections_are_rounded_down_so_that_their_sum_is_never_more()
    {
        var random = new Random(1);
        for (var run = 0; run < 1_000; run++)
        {
            var shares = Shares([.. Enumerable.Range(0, random.Next(2, 9)).Select(
                i => ($"n{i}", random.NextDouble() * 100, random.Next(0, 40), random.Next(2) == 0))]);
            var left = shares.Keys.Where(n => n != "n0").Select(n => Of(n, shares).Without("n0", n)).ToList();
            Assert.True(left.Sum(l => l.Connections) <= shares.Values.Sum(s => s.Connections));
            Assert.Equal(shares.Values.Sum(s => s.Rate!.Value), left.Sum(l => l.Rate!.Value), 6);
        }
    }

    private static ImmutableDictionary<string, NodeShare> Shares(
        params (string Node, double Rate, int Connections, bool WantsMore)[] shares) =>
        shares.ToImmutableDictionary(s => s.Node, s => new NodeShare(s.Rate, s.Connections, s.WantsMore));

    private static Lease Of(string node, ImmutableDictionary<string, NodeShare> shares) =>
        new(Lane, 1, shares[node].Rate, 1, shares[node].Connections, DateTimeOffset.UnixEpoch, null, default,
            new(DateTimeOffset.UnixEpoch, "v1", 100, 12, Pace.Free, [], null, 100, Standing.Good, null))
        { Shares = shares };
}
