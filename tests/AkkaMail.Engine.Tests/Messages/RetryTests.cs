using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

public class RetryTests() : Kit(movesTime: true)
{
    [Fact]
    public async Task A_deferred_message_comes_back_when_its_wait_is_over_also_in_another_life()
    {
        var ledger = Ledger(TestActor);
        await ExpectMsgAsync<LedgerBegan>();
        ledger.Tell(Accept("a.test"));
        await ExpectMsgAsync<SubmissionAccepted>();
        await ExpectMsgAsync<QueueHasMail>(m => m.Queue.Domain == "a.test");
        ledger.Tell(new TakeDue(Queue("a.test"), 10, Node));
        var first = (await ExpectMsgAsync<HandedOut>()).Messages.Single();

        ledger.Tell(new ConcludeAttempts([Answer(first, 451, "4.2.0 later")]));
        await ExpectMsgAsync<AttemptsRecorded>();
        await Stop(ledger);
        var second = Ledger(TestActor);
        await ExpectMsgAsync<LedgerBegan>();
        second.Tell(Wake.Instance);
        await ExpectMsgAsync<Awake>();

        Clock.Advance(TimeSpan.FromMinutes(13));   // 15 minutes less the jitter of 10 % are 13.5.
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        Clock.Advance(TimeSpan.FromMinutes(4));
        await ExpectMsgAsync<QueueHasMail>(m => m.Queue.Domain == "a.test");
        second.Tell(new TakeDue(Queue("a.test"), 10, Node));
        var again = ((HandedOut)await FishForMessageAsync(m => m is HandedOut)).Messages.Single();
        Assert.Equal((first.Id, 2), (again.Id, again.Number));
    }
}
