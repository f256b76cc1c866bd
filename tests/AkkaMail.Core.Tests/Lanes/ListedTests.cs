using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Simulator;
using Xunit.Abstractions;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>A source that is on a block list for a while, in virtual time.</summary>
public sealed class ListedTests(ITestOutputHelper output)
{
    private const int Recipients = 10_000;
    private static readonly TimeSpan Listed = TimeSpan.FromMinutes(40);

    private static readonly LaneTerms Terms = new(
        new LimitKey.Lane(new("ip1", "site")), new(100, TimeSpan.FromSeconds(1)), 20, [], null, "v1");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ten_thousand_mails_behind_a_wall_cost_few_tries_and_drain_when_it_is_gone(int seed)
    {
        var receiver = new SimulatedReceiver(new() { Listings = [new(TimeSpan.Zero, Listed)] }, seed);

        var run = new Run(receiver, Terms, backlog: Recipients);
        run.For(Listed);
        var refused = receiver.Refused;
        var took = Listed;
        for (; receiver.Accepted < Recipients && took < TimeSpan.FromHours(12); took += TimeSpan.FromMinutes(10))
            run.For(TimeSpan.FromMinutes(10));

        var holds = run.Events.OfType<HoldBegan>().Select(e => e.Hold.Rule).ToList();
        output.WriteLine($"seed {seed}: {refused} refusals in {Listed}, {holds.Count} holds, drained after {took}");
        Assert.Contains("breaker", holds[0], StringComparison.Ordinal);
        Assert.InRange(refused, 10, 300);   // Of 240,000 that its rate allows in this time.
        Assert.Equal(Recipients, receiver.Accepted);
    }
}
