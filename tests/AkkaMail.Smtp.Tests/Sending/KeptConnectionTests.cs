using System.Collections.Concurrent;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class KeptConnectionTests
{
    [Fact]
    public async Task One_connection_carries_mail_after_mail_up_to_its_bound()
    {
        await using var server = new ScriptedServer((peer, _) => peer.Serve(_ => Task.FromResult(false)));
        await using var delivery = Deliveries.To(server.Port, Mail());
        var way = Way with { Limits = Allowing(new() { MessagesPerConnection = 3 }) };

        for (var i = 0; i < 7; i++) Assert.True((await delivery.Once(way)).Reply.IsAccepted);

        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task An_attempt_tells_its_connection_and_the_octets_that_went_over_it()
    {
        var refused = false;
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (!refused || !line.StartsWith("RCPT", StringComparison.Ordinal)) return false;
            await peer.Say("451 4.7.1 later");
            return true;
        }));
        await using var delivery = Deliveries.To(server.Port, Mail());

        var (first, second) = (await delivery.Once(), await delivery.Once());
        refused = true;
        var third = await delivery.Once();

        Assert.Equal([1, 2, 3], new[] { first, second, third }.Select(a => a.Nth));
        Assert.True(first.Bytes > 100);
        Assert.Equal((first.Bytes, 0), (second.Bytes, third.Bytes));   // DATA was not reached.
        Assert.All([first, second, third], a => Assert.Equal("127.0.0.1", a.LocalAddress));
    }

    [Fact]
    public async Task Beyond_the_connections_of_the_process_an_attempt_is_not_started_until_one_is_free()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (!line.StartsWith("MAIL", StringComparison.Ordinal)) return false;
            begun.TrySetResult();
            await go.Task;
            return false;
        }));
        await using var delivery = Deliveries.To(server.Port, Mail(), o => o with { ConnectionsMax = 1 });

        var first = delivery.Once();
        await begun.Task;
        var second = await delivery.Once();
        go.SetResult();

        Assert.Equal((AttemptEnd.NotStarted, SmtpStep.Connect), (second.End, second.Step));
        Assert.Contains("1", second.Reply.Text, StringComparison.Ordinal);
        Assert.True((await first).Reply.IsAccepted);
        Assert.True((await delivery.Once()).Reply.IsAccepted);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_the_receiver_closed_is_replaced_at_once()
    {
        var closed = new TaskCompletionSource();
        await using var server = new ScriptedServer(async (peer, n) =>
        {
            try
            {
                await peer.Serve(async line =>
                {
                    if (line != ".") return false;
                    await peer.Say("250 taken");
                    throw new IOException("enough");
                });
            }
            finally { closed.TrySetResult(); }
        });
        await using var delivery = Deliveries.To(server.Port, Mail());

        Assert.True((await delivery.Once()).Reply.IsAccepted);
        await closed.Task;
        Assert.True((await delivery.Once()).Reply.IsAccepted);

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kept_connection_that_ends_at_MAIL_is_replaced_at_once(bool says421)
    {
        await using var server = new ScriptedServer((peer, n) =>
        {
            var mails = 0;
            return peer.Serve(async line =>
            {
                if (n > 1 || !line.StartsWith("MAIL", StringComparison.Ordinal) || ++mails == 1) return false;
                if (says421) await peer.Say("421 4.4.2 idle for too long");
                throw new IOException("closing");
            });
        });
        await using var delivery = Deliveries.To(server.Port, Mail());

        Assert.True((await delivery.Once()).Reply.IsAccepted);
        var second = await delivery.Once();

        Assert.True(second.Reply.IsAccepted, second.Reply.Text);
        Assert.Equal(2, server.Connections);
    }

    /// <summary>Replaced in silence, it would be asked again at once, and its lane would never hear of the limit.</summary>
    [Theory]
    [InlineData("421 4.7.0 Too many messages from 192.0.2.1, try again later", true)]
    [InlineData("421 4.7.0 Error: too many connections from 192.0.2.1", true)]
    [InlineData("421 4.7.0 Too many messages per session", false)]
    [InlineData("421 4.4.2 Timeout while waiting for a command", false)]
    public async Task A_421_at_MAIL_on_a_kept_connection_is_an_answer_when_it_says_too_many(string said, bool isAnswer)
    {
        await using var server = new ScriptedServer((peer, n) =>
        {
            var mails = 0;
            return peer.Serve(async line =>
            {
                if (n > 1 || !line.StartsWith("MAIL", StringComparison.Ordinal) || ++mails == 1) return false;
                await peer.Say(said);
                throw new IOException("closing");
            });
        });
        await using var delivery = Deliveries.To(server.Port, Mail());

        Assert.True((await delivery.Once()).Reply.IsAccepted);
        var second = await delivery.Once();

        Assert.Equal((!isAnswer, isAnswer ? 1 : 2), (second.Reply.IsAccepted, server.Connections));
    }

    /// <summary>Said in words, once is enough; without a reason, when two connections have ended at the same number.</summary>
    [Theory]
    [InlineData("421 4.7.0 Too many messages on this connection", "2 2 2 2")]
    [InlineData("452 4.3.2 too many messages in one session", "2 2 2 2")]
    [InlineData("421 4.3.2 closing", "2 2 2 2")]
    public async Task A_receiver_that_takes_so_many_messages_on_a_connection_refuses_none(string said, string carried)
    {
        const int most = 2;
        var (refused, taken) = (0, new ConcurrentDictionary<int, int>());
        await using var server = new ScriptedServer((peer, n) => peer.Serve(async line =>
        {
            if (!line.StartsWith("MAIL", StringComparison.Ordinal)) return false;
            if (taken.AddOrUpdate(n, 1, (_, count) => count + 1) <= most) return false;
            taken[n]--;
            refused++;
            await peer.Say(said);
            throw new IOException("closing");
        }));
        await using var delivery = Deliveries.To(server.Port, Mail());

        var ends = new List<bool>();
        for (var i = 0; i < 8; i++) ends.Add((await delivery.Once()).Reply.IsAccepted);

        Assert.All(ends, Assert.True);
        Assert.Equal(carried, string.Join(' ', taken.OrderBy(t => t.Key).Select(t => t.Value)));
        Assert.InRange(refused, 1, 2);
    }

    [Fact]
    public async Task Closing_and_idling_say_QUIT()
    {
        var quits = new SemaphoreSlim(0);
        await using var server = new ScriptedServer((peer, _) =>
            peer.Serve(line => { if (line == "QUIT") quits.Release(); return Task.FromResult(false); }));
        var closing = Deliveries.To(server.Port, Mail());
        await using var idling = Deliveries.To(server.Port, Mail(),
            o => o with { Idle = TimeSpan.FromMilliseconds(200) });
        await closing.Once();
        await idling.Once();

        Assert.True(await quits.WaitAsync(TimeSpan.FromSeconds(10)));   // The idle one.
        await closing.DisposeAsync();
        Assert.True(await quits.WaitAsync(TimeSpan.FromSeconds(10)));
    }
}
