using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

/// <summary>A ledger remembers a key until the table of keys has had it for a while, wherever all others are.</summary>
public sealed class KeyMemoryTests() : Kit(movesTime: true)
{
    private static readonly Hash128 Key = new(1, 2);

    [Fact]
    public async Task A_repeat_stays_one_while_the_table_lags_and_two_minutes_longer()
    {
        var gate = new TaskCompletionSource();
        Keys.Open = gate.Task;
        var ledger = Ledger(TestActor);
        var accept = Accept("a.test") with { Key = Key };
        var first = Assert.IsType<SubmissionAccepted>(await Ask(ledger, accept));
        await AwaitAssertAsync(() => Assert.Equal(1, Keys.Tried));
        await AwaitAssertAsync(() => Assert.NotEmpty(Read.Events));   // The read model has it.

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first with { IsRepeat = true }, await Ask(ledger, accept));

        gate.SetResult();
        await AwaitAssertAsync(() => Assert.NotEmpty(Keys.Events));
        Assert.IsType<SubmissionAccepted>(await Ask(ledger, new FindKey(Key, accept.Request)));   // And a while longer.
        await AwaitAssertAsync(async () =>
        {
            Clock.Advance(LedgerRules.Default.KeyMemory);
            Assert.IsType<KeyUnknown>(await Ask(ledger, new FindKey(Key, accept.Request)));
        });
    }

    [Fact]
    public async Task The_next_life_forgets_what_the_table_had_before_it()
    {
        var first = Ledger(TestActor);
        var accept = Accept("a.test") with { Key = Key };
        await Ask(first, accept);
        await AwaitAssertAsync(() => Assert.NotEmpty(Keys.Events));
        await Stop(first);

        var second = Ledger(TestActor);
        Assert.IsType<SubmissionAccepted>(await Ask(second, new FindKey(Key, accept.Request)));
        await AwaitAssertAsync(async () =>
        {
            Clock.Advance(LedgerRules.Default.KeyMemory);
            Assert.IsType<KeyUnknown>(await Ask(second, new FindKey(Key, accept.Request)));
        });
    }

    private async Task<ILedgerReply> Ask(IActorRef ledger, ILedgerCommand command)
    {
        var asker = CreateTestProbe();
        ledger.Tell(command, asker);
        return await asker.ExpectMsgAsync<ILedgerReply>();
    }
}
