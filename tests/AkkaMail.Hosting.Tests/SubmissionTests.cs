using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

public class SubmissionTests : HostedEngine
{
    [Fact]
    public async Task What_any_ledger_accepts_is_delivered_once_and_comes_to_the_read_model()
    {
        var accepted = new List<SubmissionId>();
        for (var ledger = 0; ledger < Data.Installation.Ledgers; ledger++) accepted.Add(await Accept(ledger));

        var ended = await Read.Ended(accepted.Count);

        Assert.All(ended, c => Assert.Equal(MessageStatus.Delivered, c.Status));
        Assert.Equal(accepted.Order(), ended.Select(c => c.Attempt.Id.Message.Submission).Order());
        Assert.Equal(accepted.Order(), Receiver.Begun.All.Select(a => a.Message.Submission).Order());
        Assert.Equal(accepted.Order(), Read.Events.All.OfType<SubmissionsAccepted>().SelectMany(e => e.Submissions)
            .Select(s => s.Id).Order());
    }
}
