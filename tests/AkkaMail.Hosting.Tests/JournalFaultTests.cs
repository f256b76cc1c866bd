using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Hosting.Tests.World;
using AkkaMail.Server.Data;

namespace AkkaMail.Hosting.Tests;

public class JournalFaultTests : HostedEngine
{
    [Fact]
    public async Task While_the_journal_refuses_writes_nothing_is_promised_and_afterwards_nothing_is_lost()
    {
        Receiver.Close();
        List<SubmissionId> accepted = [.. await AcceptMany(0, 10)];
        await Receiver.Begun.Until(all => all.Count == 10);
        var first = (await Living(0))!;

        await using (await JournalLock.Hold(((FileStores)Data.Stores).Journal))
        {
            var refused = Ask(0, Mail());
            Receiver.Open();   // Ten results that cannot be stored now.
            Assert.IsType<LedgerUnavailable>(await refused);
        }
        await NextLifeOf(0, first);   // What reaches an actor in its last moment gets no answer at all.
        accepted.Add(await Accept(0));

        var ended = await Read.Ended(11);
        Assert.Equal(accepted.Order(), ended.Select(c => c.Attempt.Id.Message.Submission).Order());
        Assert.All(ended, c => Assert.Equal((MessageStatus.Delivered, 1), (c.Status, c.Attempt.Id.Number)));
        Assert.Equal(accepted.Order(), Receiver.Begun.All.Select(a => a.Message.Submission).Order());
    }

    [Fact]
    public async Task A_submission_held_up_past_its_time_is_refused_and_never_sent()
    {
        Task<object> inTime, late;
        await using (await JournalLock.Hold(((FileStores)Data.Stores).Journal))
        {
            inTime = Ask(0, Mail());
            await Ask(0, Wake.Instance);
            await Ask(0, Wake.Instance);   // Asked after the first answer: the commit has begun, what comes now waits.
            late = Ask(0, Mail(patience: TimeSpan.FromMilliseconds(100)));
            await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200), Cancel);
            Assert.False(inTime.IsCompleted || late.IsCompleted);
        }

        var accepted = Assert.IsType<SubmissionAccepted>(await inTime).Id;
        Assert.IsType<TooLate>(await late);
        var last = await Accept(0);
        await Read.Ended(2);
        Assert.Equal([accepted, last], Receiver.Begun.All.Select(a => a.Message.Submission));
    }
}
