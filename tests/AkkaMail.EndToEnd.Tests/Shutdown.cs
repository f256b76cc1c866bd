using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>SIGTERM does not wait for a receiver that hangs, and what it hung over is not forgotten.</summary>
public sealed class Shutdown
{
    /// <summary>
    /// The doors close before the engine stops: nothing waits for a ledger that is not there any more, which took 10 s.
    /// </summary>
    [Fact]
    public async Task Clients_that_go_on_sending_at_SIGTERM_hold_up_nothing_and_lose_nothing()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Relaying(sink.Port);
        var promised = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 16).Select(c => Task.Run(async () =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                try { foreach (var id in await installation.Api.Send(Mails.To($"c{c}.{i}@d1.test"))) promised.Add(id); }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException or Xunit.Sdk.XunitException)
                {
                    await Task.Delay(10);   // It is going down, or gone.
                }
            }
        })).ToList();
        await Wait.Until(() => promised.Count > 200);

        await installation.Server.Stop();
        await over.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Equal(0, installation.Server.ExitCode);
        Assert.DoesNotContain("Graceful shutdown of shard region timed out", installation.Server.Output, StringComparison.Ordinal);
        installation.Kill();
        await installation.Up();
        var status = await installation.Api.Status(s => s is { Alive: 0, Complete: true });
        Assert.True(status.Accepted >= promised.Count, $"{status.Accepted} of {promised.Count}");
    }

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
