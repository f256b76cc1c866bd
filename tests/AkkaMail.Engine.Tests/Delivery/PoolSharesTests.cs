using System.Collections.Immutable;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Delivery;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>Which node has which part of a pool's mail.</summary>
public sealed class PoolSharesTests
{
    private static readonly NodeNames Names = new("mx1", ImmutableSortedDictionary<string, string>.Empty.Add("mx2", "n2#2"));

    private static readonly ShapingRules Rules = new("v1")
    {
        Sources = new[] { ("own", "mx1"), ("theirs", "mx2"), ("gone", "mx9"), ("any", null) }.ToImmutableDictionary(
            s => s.Item1, s => new Source { Name = s.Item1, Node = s.Item2 }),
    };

    [Fact]
    public void A_source_is_here_on_another_node_or_nowhere()
    {
        Assert.True(Names.PlaceOf(Rules.Sources["own"]).IsHere);
        Assert.True(Names.PlaceOf(Rules.Sources["any"]).IsHere);
        Assert.Equal(new("n2#2"), Names.PlaceOf(Rules.Sources["theirs"]));
        Assert.True(Names.PlaceOf(Rules.Sources["gone"]).IsNowhere);
        Assert.True(NodeNames.None.PlaceOf(Rules.Sources["own"]).IsNowhere);
    }

    [Fact]
    public void What_is_nowhere_or_has_no_address_weighs_nothing()
    {
        var pool = new Pool("p", new Dictionary<string, int> { ["own"] = 2, ["theirs"] = 3, ["gone"] = 90, ["any"] = 1 }
            .ToImmutableDictionary());

        var places = PoolPlaces.Of(pool, Rules, Names, _ => false);
        var without = PoolPlaces.Of(pool, Rules, Names, s => s == "own");

        Assert.Equal((3, 2, 6, 3), (places.Here, places.Bound, places.All, places.Elsewhere["n2#2"]));
        Assert.Equal((1, 0, 4), (without.Here, without.Bound, without.All));
        Assert.Equal((0.5, 2 / 6.0), (places.Fraction(ofAnother: false), places.Fraction(ofAnother: true)));
    }

    [Fact]
    public void Much_is_split_by_weight_and_single_messages_go_round()
    {
        var places = new PoolPlaces(1, 1, ImmutableSortedDictionary<string, int>.Empty.Add("n2", 2).Add("n3", 1));

        var much = new PoolShares().Divide("p", 200, places);
        var shares = new PoolShares();
        var single = Enumerable.Range(0, 400).SelectMany(_ => shares.Divide("p", 1, places)).GroupBy(p => p.Key)
            .ToDictionary(g => g.Key, g => g.Sum(p => p.Value));

        Assert.Equal([("", 50), ("n2", 100), ("n3", 50)], much.Select(p => (p.Key, p.Value)).Order());
        Assert.Equal([("", 100), ("n2", 200), ("n3", 100)], single.Select(p => (p.Key, p.Value)).Order());
    }

    /// <summary>Whatever comes and whoever goes: all of each word is somebody's, and none of it two nodes'.</summary>
    [Fact]
    public void Parts_are_always_the_whole()
    {
        var (random, shares) = (new Random(7), new PoolShares());
        for (var i = 0; i < 5_000; i++)
        {
            var nodes = Enumerable.Range(0, random.Next(1, 5))
                .ToImmutableSortedDictionary(n => $"n{n}", _ => random.Next(1, 1_001));
            var places = new PoolPlaces(random.Next(0, 3), 0, nodes);
            var count = random.Next(0, 50);

            var parts = shares.Divide("p", count, places);

            Assert.Equal(count, parts.Values.Sum());
            Assert.All(parts, p => Assert.True(
                p.Value > 0 && (p.Key == PoolShares.Here ? places.Here > 0 : nodes.ContainsKey(p.Key))));
        }
    }
}
