using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>A limit is the cluster's, whatever its nodes do: uneven, changing, dying and joining ones.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const double Limit = 100;

    public static TheoryData<int, double> Runs
    {
        get
        {
            var data = new TheoryData<int, double>();
            for (var seed = 1; seed <= 5; seed++)
                foreach (var lost in new[] { 0, 0.05 }) data.Add(seed, lost);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Nodes_with_changing_demand_never_exceed_the_limit_together_and_use_it(int seed, double lost)
    {
        var world = new ClusterWorld(Limit, seed, lost);
        var (chance, nodes) = (new Random(seed), new[] { world.Join(150), world.Join(20), world.Join(60) });

        world.For(180, () =>
        {
            if ((int)world.Seconds % 7 == 0)
                foreach (var node in nodes) node.Demand = chance.Next(5) * 40;
            if (nodes.Sum(n => n.Demand) < 2 * Limit) nodes[chance.Next(3)].Demand += 200;   // Never too little in all.
        });

        Say(seed, lost, world);
        Assert.True(world.MostIn(10) <= Limit * 10 * 1.05, $"{world.MostIn(10)} in 10 s");
        Assert.InRange(world.Over(2, 178), 0.95 * Limit * 178, 1.05 * Limit * 178);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_node_that_dies_without_a_word_costs_its_part_until_that_is_known_and_one_that_joins_costs_nothing(
        int seed, double lost)
    {
        var world = new ClusterWorld(Limit, seed, lost);
        var (dying, _, _) = (world.Join(200), world.Join(200), world.Join(200));
        world.For(30);

        world.Kill(dying);
        world.For(20);
        var fourth = world.Join(300);
        world.For(30);

        var missing = Limit * 12 - world.Over(30, 12);
        Say(seed, lost, world);
        output.WriteLine($"the death cost {missing} messages, {missing / (Limit / 3):0.0} s of a third");
        Assert.True(world.MostIn(10) <= Limit * 10 * 1.05, $"{world.MostIn(10)} in 10 s");
        Assert.True(missing <= Limit / 3 * 9.5, $"{missing}");   // 8 s, a renewal, and half of one.
        Assert.InRange(world.Over(50, 10), 0.95 * Limit * 10, 1.05 * Limit * 10);
        Assert.InRange(fourth.Sent, 0.9 * Limit / 3 * 30, 1.1 * Limit / 3 * 30);
        Assert.InRange(world.Over(20, 60), 0.95 * Limit * 60, 1.05 * Limit * 60);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void When_the_governor_dies_with_its_node_the_others_send_all_of_it_and_no_more(int seed, double lost)
    {
        var world = new ClusterWorld(Limit, seed, lost);
        var (dying, _, _) = (world.Join(200), world.Join(200), world.Join(20));
        world.For(30);

        world.KillWithGovernor(dying, 3);
        var fourth = world.Join(300);   // It takes over the dead node's ledgers, and has had no lease.
        world.For(30);

        Say(seed, lost, world);
        output.WriteLine("each second: " + string.Join(' ', Enumerable.Range(28, 12).Select(s => world.Over(s, 1))));
        Assert.True(world.MostIn(3) <= Limit * 3 * 1.05, $"{world.MostIn(3)} in 3 s");
        // Half a second without two fifths of it, and now and then a second until a lost lease is repeated.
        Assert.InRange(world.Over(30, 5), 0.85 * Limit * 5, 1.05 * Limit * 5);
        Assert.InRange(world.Over(31, 29), 0.95 * Limit * 29, 1.05 * Limit * 29);
        Assert.InRange(fourth.Sent, 0.3 * Limit * 25, 0.5 * Limit * 30);
    }

    [Fact]
    public void A_lane_that_nobody_has_used_begins_at_once_and_is_at_full_speed_after_a_third_of_a_second()
    {
        var world = new ClusterWorld(Limit, 1, 0);
        var (first, _) = (world.Join(300), world.Join(0));
        world.Join(0);

        world.For(2);

        Assert.InRange(world.Over(0, 0.3), 1, 0.1 * Limit);
        Assert.InRange(world.Over(0.4, 1), 0.3 * Limit, 1.05 * Limit);   // Its third until the others had time to be heard.
        Assert.Equal(world.Over(0, 2), first.Sent);
    }

    /// <summary>The hardest case: the division has just become another one, and not every lease of it has arrived.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void With_demand_that_changes_all_the_time_a_death_of_the_governor_is_never_over_the_limit(int seed, double lost)
    {
        for (var moment = 0; moment < 20; moment++)
        {
            var world = new ClusterWorld(Limit, 100 * seed + moment, lost);
            var (chance, nodes) = (new Random(100 * seed + moment), new[] { world.Join(60), world.Join(20), world.Join(150) });
            void Change()
            {
                foreach (var node in nodes) node.Demand = 10 + chance.Next(8) * 30;
            }

            world.For(10, Change).For(chance.NextDouble(), Change);
            world.KillWithGovernor(nodes[2], 3);
            world.For(15, Change);

            Assert.True(world.MostIn(2) <= Limit * 2 * 1.05, $"{world.MostIn(2)} in 2 s, moment {moment}");
        }
    }

    [Fact]
    public void A_node_that_is_cut_off_goes_on_for_a_while_then_at_a_tenth_and_its_part_is_not_given_away_before()
    {
        var world = new ClusterWorld(Limit, 1, 0);
        var (alone, _, _) = (world.Join(200), world.Join(200), world.Join(200));
        world.For(30);

        alone.IsCutOff = true;
        var before = alone.Sent;
        world.For(30);

        Say(1, 0, world);
        // A lease and its grace, then a tenth.
        Assert.InRange(alone.Sent - before, Limit / 3 * 11.5, Limit / 3 * 13 + Limit / 30 * 18);
        Assert.True(world.MostIn(10) <= Limit * 10 * 1.05, $"{world.MostIn(10)} in 10 s");
    }

    private void Say(int seed, double lost, ClusterWorld world) => output.WriteLine(
        $"seed {seed}, {lost:P0} of the leases lost: {world.Over(0, world.Seconds) / world.Seconds:0.0}/s, "
            + $"at most {world.MostIn(10)} in 10 s");
}
