using Akka.Actor;
using Akka.Cluster;
using AkkaMail.Engine.Cluster;

namespace AkkaMail.Engine.Tests.Cluster;

/// <summary>Who may say that another has died: at most one of two sides, whatever each of them sees.</summary>
public sealed class DeathWatchTests
{
    [Theory]
    [InlineData("1 2 3", "3", true)]
    [InlineData("1 2 3", "2 3", false)]     // Alone of three: rather this one is cut off.
    [InlineData("1 2", "2", true)]          // Of two halves the one with the lowest address.
    [InlineData("1 2", "1", false)]
    [InlineData("1 2 3 4", "1 2", false)]
    [InlineData("1 2 3 4", "3 4", true)]
    [InlineData("1", "", true)]
    [InlineData("", "", false)]             // It has not joined yet.
    public void The_majority_decides(string up, string away, bool may) =>
        Assert.Equal(may, DeathWatch.IsMajority([.. Nodes(up)], Nodes(away).ToHashSet()));

    [Fact]
    public void Two_sides_never_both_decide()
    {
        for (var all = 1; all <= 7; all++)
            for (var mask = 0; mask < 1 << all; mask++)
            {
                var up = Enumerable.Range(1, all).Select(Node).ToArray();
                var (here, there) = (up.Where((_, i) => (mask >> i & 1) == 1).ToHashSet(),
                    up.Where((_, i) => (mask >> i & 1) == 0).ToHashSet());
                Assert.True(DeathWatch.IsMajority([.. up], there) != DeathWatch.IsMajority([.. up], here));
            }
    }

    private static IEnumerable<UniqueAddress> Nodes(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => Node(int.Parse(n)));

    private static UniqueAddress Node(int n) => new(new Address("akka.tcp", "akkamail", $"10.0.0.{n}", 2552), n);
}
