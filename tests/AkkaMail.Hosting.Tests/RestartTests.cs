using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Hosting;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

/// <summary>Nobody remembers which ledgers there were: the waker says to each that it is alive.</summary>
public class RestartTests : HostedEngine
{
    /// <summary>A life without room for a lane: mail is due and stays due.</summary>
    protected override EngineParts Parts =>
        base.Parts with { Delivery = base.Parts.Delivery with { LanesMax = 0 } };

    [Fact]
    public async Task After_a_restart_ledgers_with_due_mail_wake_by_themselves_and_deliver_it()
    {
        var accepted = new List<SubmissionId>();
        foreach (var ledger in new[] { 1, 2, 3, 1, 2, 3 }) accepted.Add(await Accept(ledger));
        await Host.StopAsync(Cancel);
        Assert.Empty(Receiver.Begun.All);

        await Restart(base.Parts);

        var ended = await Read.Ended(accepted.Count);
        Assert.Equal(accepted.Order(), ended.Select(c => c.Attempt.Id.Message.Submission).Order());
        Assert.All(ended, c => Assert.Equal((MessageStatus.Delivered, 1), (c.Status, c.Attempt.Id.Number)));
        Assert.Equal(accepted.Count, Receiver.Begun.All.Count);
    }
}
