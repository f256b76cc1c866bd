using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>SIGTERM does not wait for a receiver that hangs, and what it hung over is not forgotten.</summary>
public sealed class Shutdown
{
    [Fact]
    public async Task Attempts_that_hang_at_SIGTERM_are_in_doubt_after_the_restart_and_made_again()
    {
        var port = ServerProcess.FreePort();
        using var tarpit = new Tarpit(port);
        using var installation = await Installation.Start(null, ("AkkaMail__Delivery__Relay", $"127.0.0.2:{port}"));
        var ids = await installation.Api.Send(Mails.To("ann@d1.test", "bob@d2.test", "eve@d3.test"));
        foreach (var id in ids) await installation.Api.Story(id, s => s.Types == "accepted attempt");
        await Wait.Until(() => tarpit.Connections == ids.Length);

        await installation.Server.Stop();
        Assert.Equal(0, installation.Server.ExitCode);
        Assert.Equal(0, tarpit.Taken);
        installation.Kill();
        await installation.Up();
        tarpit.LetOff();

        foreach (var id in ids)
        {
            var story = await installation.Api.Ended(id);
            Assert.Equal("accepted attempt deferred attempt delivered", story.Types);
            var (first, doubt) = (story.Events![1], story.Events[2]);
            Assert.Equal((true, "in-doubt/send-again", 1, 0),
                (doubt.InDoubt, doubt.Rule, doubt.Attempt, doubt.Reply!.Code));
            Assert.StartsWith("the server stopped during this attempt", doubt.Reply.Text, StringComparison.Ordinal);
            Assert.NotEqual(first.Node, story.Events[3].Node);   // Another life's attempt.
        }
        Assert.Equal(ids.Length, tarpit.Taken);
    }
}
