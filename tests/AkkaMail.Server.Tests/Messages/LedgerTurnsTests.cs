using AkkaMail.Server.Messages;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Messages;

public sealed class LedgerTurnsTests
{
    [Fact]
    public void What_comes_at_one_time_goes_to_one_ledger_and_each_that_lives_here_has_its_turn()
    {
        var time = new FakeTimeProvider();
        var turns = new LedgerTurns(32, () => [4, 9, 30], time);
        var first = turns.Now;

        time.Advance(LedgerTurns.Turn / 2);
        Assert.Equal(first, turns.Now);

        var seen = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            time.Advance(LedgerTurns.Turn);
            seen.Add(turns.Now);
        }
        Assert.Equal(first, seen[2]);
        Assert.Equal([4, 9, 30], seen.Take(3).Order());
        Assert.Equal(seen.Take(3), seen.Skip(3));
    }

    [Fact]
    public void A_node_without_ledgers_asks_those_of_others()
    {
        var time = new FakeTimeProvider();
        var turns = new LedgerTurns(3, () => [], time);

        time.Advance(LedgerTurns.Turn / 2);   // Not where one turn ends and the next begins.
        var seen = new HashSet<int>();
        for (var i = 0; i < 3; i++, time.Advance(LedgerTurns.Turn)) seen.Add(turns.Now);

        Assert.Equal([0, 1, 2], seen.Order());
    }
}
