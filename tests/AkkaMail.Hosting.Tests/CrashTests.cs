using Akka.Actor;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Hosting.Tests.World;

namespace AkkaMail.Hosting.Tests;

public class CrashTests : HostedEngine
{
    [Fact]
    public async Task What_was_under_way_when_a_node_crashed_is_in_doubt_and_sent_again_by_its_next_life()
    {
        Receiver.Close();
        await AcceptMany(3, 10);
        await Receiver.Begun.Until(all => all.Count == 10);

        ((ExtendedActorSystem)Sys).Abort();   // No farewell: nothing of these attempts is stored.
        await Sys.WhenTerminated;
        Receiver.Open();
        await Restart(Parts);

        var ended = await Read.Ended(10);
        Assert.Equal(10, ended.Count(c => c is { Status: MessageStatus.Deferred, Attempt.End: AttemptEnd.InDoubt }));
        Assert.Equal(10, ended.Count(c => c is { Status: MessageStatus.Delivered, Attempt.Id.Number: 2 }));
        Assert.Equal(20, Receiver.Begun.All.Count);
    }
}
