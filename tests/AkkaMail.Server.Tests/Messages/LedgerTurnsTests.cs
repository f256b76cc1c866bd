using AkkaMail.Server.Messages;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Messages;

public sealed class LedgerTurnsTests
{
    [Fact]
    public void What_comes_at_one_time_goes_to_one_ledger_and_each_has_its_turn()
    {
        var time = new FakeTimeProvider();
        var turns = new LedgerTurns(3, time);
        var first = turns.Now;

        time.Advance(LedgerTurns.Turn / 2);
        Assert.Equal(first, turns.Now);

        var seen = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            time.Advance(LedgerTurns.Turn);
            seen.Add(turns.Now);
        }
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (first + i) % 3), seen);
    }
}
