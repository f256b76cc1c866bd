using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>A mail that can never be made is not tried for 72 hours: it ends, and its story says why.</summary>
public sealed class UncomposableMail
{
    [Fact]
    public async Task Content_that_no_mail_can_be_made_of_ends_as_failed_with_its_rule()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Relaying(sink.Port);
        var id = (await installation.Api.Send(new
        {
            from = "a@sender.test",
            to = "ann@d1.test",
            text = "t",
            send_at = TimeProvider.System.GetUtcNow().AddSeconds(10),
        }))[0];

        await installation.WhileStopped(() => LoseSender(installation));
        var story = await installation.Api.Ended(id);

        Assert.Equal(("failed", "scheduled attempt failed"), (story.Status, story.Types));
        var end = story.Events![^1];
        Assert.Equal(("content/composition", "compose"), (end.Rule, end.Step));
        Assert.Equal(new Reply(0, "5.6.0", "This content cannot be composed (ArgumentOutOfRangeException)."), end.Reply);
        Assert.Single(installation.Server.Output.Split('\n'),
            line => line.Contains($"Message {id} has failed: its content cannot be composed", StringComparison.Ordinal));
        Assert.Empty(sink.Mails);
    }

    /// <summary>Its sender is no address, and all else as it was: acceptance writes no such envelope.</summary>
    private static async Task LoseSender(Installation installation) => Assert.Equal(1, await installation.Change("content",
        "UPDATE envelopes SET body = @value", [1, 10, 3, 18, 1, (byte)'x', 50, 15, 10, 13, 18, 11, .. "ann@d1.test"u8]));
}
