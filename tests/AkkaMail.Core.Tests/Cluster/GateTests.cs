using System.Collections.Immutable;
using AkkaMail.Core.Cluster;

namespace AkkaMail.Core.Tests.Cluster;

/// <summary>How a node comes into the one cluster of a database, and how two of them cannot come to be.</summary>
public sealed class GateTests
{
    private const string Self = "akka.tcp://akkamail@10.0.0.3:4053";
    private static readonly string A = "akka.tcp://akkamail@10.0.0.1:4053", B = "akka.tcp://akkamail@10.0.0.2:4053";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> None = [];
    private readonly Gate _gate = new(Self, []);

    private static SeenNode Row(
        string address, double silence, NodeState state = NodeState.Member, long founding = 1, double seenAt = 0) =>
        new(new(address, 7, state) { Founding = founding }, Noon.AddSeconds(seenAt), TimeSpan.FromSeconds(silence));

    private GateStep Look(double now, params SeenNode[] rows) => _gate.Look(rows, None, TimeSpan.FromSeconds(now));

    [Fact]
    public void Whoever_lives_there_is_joined()
    {
        var step = Look(0, Row(B, 1), Row(A, 3), Row("akka.tcp://akkamail@10.0.0.9:4053", 60));

        Assert.Equal(new GateStep.Join([A, B]), step);
    }

    [Theory]
    [InlineData("0.1.0+aa", "0.2.0+bb", "0.2.0+bb", false)]
    [InlineData("0.1.0+aa", "0.1.0+bb", "0.2.0+bb", true)]    // In the middle of an upgrade it goes back and forth.
    [InlineData("0.2.0", "0.1.0", "0.1.0", true)]
    [InlineData("0.10.0", "0.9.0", "0.9.0", true)]
    [InlineData("0.1.0", "0.2.0", "nobody knows", true)]      // Who says nothing of use forbids nothing.
    public void A_program_that_is_older_than_all_of_a_cluster_does_not_come_into_it(string own, string a, string b, bool comesIn)
    {
        var gate = new Gate(Self, [], own);

        var step = gate.Look([Of(A, a), Of(B, b)], None, TimeSpan.Zero);

        static SeenNode Of(string address, string version)
        {
            var row = Row(address, 1);
            return row with { Node = row.Node with { Version = version } };
        }

        if (comesIn) Assert.IsType<GateStep.Join>(step);
        else Assert.Contains("0.2.0", Assert.IsType<GateStep.Refuse>(step).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_database_where_nobody_has_ever_been_a_cluster_begins_at_once() =>
        Assert.IsType<GateStep.Found>(Look(0, Row(A, 1, NodeState.Joining)));

    [Fact]
    public void Who_may_be_dead_is_watched_until_three_renewals_have_not_come()
    {
        var silent = Row(A, 60);

        Assert.IsType<GateStep.Wait>(Look(100, silent));
        Assert.IsType<GateStep.Wait>(Look(109.9, silent));
        Assert.IsType<GateStep.Found>(Look(110, silent));
    }

    /// <summary>After a pause of the database all rows are old, and those who live renew theirs one after the other.</summary>
    [Fact]
    public void A_sign_of_life_ends_the_watch_and_begins_another()
    {
        Look(100, Row(A, 60), Row(B, 60));

        Assert.Equal(new GateStep.Join([B]), Look(109, Row(A, 69), Row(B, 0.5, seenAt: 68)));
        Assert.IsType<GateStep.Wait>(Look(118, Row(A, 78), Row(B, 10, seenAt: 68)));
        Assert.IsType<GateStep.Found>(Look(119, Row(A, 79), Row(B, 11, seenAt: 68)));
    }

    [Fact]
    public void A_database_that_did_not_answer_meanwhile_has_shown_nothing()
    {
        Look(100, Row(A, 60));
        _gate.Lost();

        Assert.IsType<GateStep.Wait>(Look(115, Row(A, 75)));
        Assert.IsType<GateStep.Found>(Look(125, Row(A, 85)));
    }

    [Fact]
    public void While_another_begins_a_cluster_nobody_else_does()
    {
        Assert.IsType<GateStep.Wait>(Look(0, Row(A, 1, NodeState.Founding)));
        Assert.IsType<GateStep.Wait>(Look(9, Row(A, 10, NodeState.Founding)));
        Assert.IsType<GateStep.Found>(Look(10, Row(A, 11, NodeState.Founding)));
    }

    /// <summary>The row that says it is of a process whose port refuses on this very machine.</summary>
    [Fact]
    public void Who_is_certainly_dead_is_not_waited_for()
    {
        Assert.IsType<GateStep.Found>(_gate.Look([Row(A, 1)], new HashSet<string> { A }, default));
        Assert.Equal(new GateStep.Join([B]), _gate.Look([Row(A, 1), Row(B, 1)], new HashSet<string> { A }, default));
    }

    [Fact]
    public void Under_the_lock_it_is_looked_once_more_whether_nobody_has_shown_life()
    {
        var found = Assert.IsType<GateStep.Found>(_gate.Look([Row(A, 1)], new HashSet<string> { A }, default));

        Assert.True(Gate.IsStill([Row(A, 2), Row(Self, 0)], Self, found.Seen, new HashSet<string> { A }));
        Assert.False(Gate.IsStill([Row(A, 2), Row(B, 0, NodeState.Founding)], Self, found.Seen, new HashSet<string> { A }));
    }

    [Fact]
    public void Of_two_clusters_the_older_one_is_joined() =>
        Assert.Equal(new GateStep.Join([A]), Look(0, Row(A, 1, founding: 4), Row(B, 1, founding: 5)));

    [Fact]
    public void Seeds_say_whom_it_may_join_and_who_may_begin()
    {
        var gate = new Gate(Self, [A]);

        Assert.Equal(new GateStep.Join([A]), gate.Look([Row(A, 1), Row(B, 1)], None, default));
        Assert.Contains(B, Assert.IsType<GateStep.Refuse>(gate.Look([Row(B, 1)], None, default)).Why, StringComparison.Ordinal);
        Assert.IsType<GateStep.Wait>(gate.Look([], None, default));
        Assert.IsType<GateStep.Found>(new Gate(Self, [Self, A]).Look([], None, default));
    }

    [Fact]
    public void Who_was_silent_for_long_gives_way_to_the_cluster_that_came_to_be_meanwhile()
    {
        var self = new NodeSelf(Self, 7, NodeState.Member) { Founding = 1 };
        var other = Row(B, 1, founding: 2);

        Assert.Contains("gave no sign of life", Gate.MustEnd(self, TimeSpan.FromSeconds(60), [other]), StringComparison.Ordinal);
        Assert.Null(Gate.MustEnd(self, TimeSpan.FromSeconds(3), [other]));   // Then the other one is the younger, and ends.
        Assert.NotNull(Gate.MustEnd(self with { Founding = 2 }, TimeSpan.FromSeconds(3), [Row(A, 1, founding: 1)]));
        Assert.Null(Gate.MustEnd(self with { Founding = 2 }, TimeSpan.FromSeconds(3), [Row(A, 11, founding: 1)]));
        Assert.NotNull(Gate.MustEnd(self, silence: null, [other]));
        Assert.Null(Gate.MustEnd(self, TimeSpan.FromSeconds(60), [Row(B, 1, founding: 1)]));
    }
}
