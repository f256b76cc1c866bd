using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Simulator;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>By the shipped rules a lane gets more through than a fixed reaction to the same replies.</summary>
public sealed class ComparisonTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("50/s", 1, 20, 0.01)]
    [InlineData("50-5-50", 2, 20, 0.02)]
    [InlineData("penalty-30s", 3, 20, 0.12)]
    [InlineData("open", 4, 0.99, 0)]
    public void A_lane_that_learns_gets_more_through_than_a_fixed_reaction(
        string name, int seed, double times, double refusedMost)
    {
        var model = Scenario.All.Single(s => s.Name == name).Model;
        var terms = LaneTerms.Of(ShapingReader.Shipped, new LimitKey.Lane(new("ip1", "receiver.test")));
        var length = TimeSpan.FromMinutes(15);

        var learns = Outcome.Of(new Run(new(model, seed), terms).For(length).Seconds, model, 100);
        var (suspends, limits) = (By(FixedPolicy.Suspends), By(FixedPolicy.Limits));

        output.WriteLine($"{name} seed {seed}: {learns}\n{suspends}\n{limits}");
        Assert.True(learns.In30Minutes >= times * suspends.In30Minutes);
        Assert.True(learns.In30Minutes >= times * limits.In30Minutes);
        Assert.True(learns.Refused <= refusedMost);

        Outcome By(FixedPolicy policy) =>
            Outcome.Of(new FixedRun(new(model, seed), policy, terms).For(length).Seconds, model, 100);
    }
}
