using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using Microsoft.Extensions.Time.Testing;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class ConnectionRateTests
{
    private readonly FakeTimeProvider _time = new(Noon);

    private static ScriptedServer Server() => new((peer, _) => peer.Serve(_ => Task.FromResult(false)));

    private static Route At(Rate rate, string site = "site", int messages = 1) =>
        Way with
        {
            Site = site,
            Limits = Allowing(new() { ConnectionRate = rate, MessagesPerConnection = messages }),
        };

    private static Rate Each(double seconds, int burst = 1) => new(1, TimeSpan.FromSeconds(seconds), burst);

    /// <summary>Moves the clock step by step, as it goes, until the attempt ends.</summary>
    private async Task<Attempt> Pass(Task<Attempt> attempt)
    {
        while (!attempt.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(attempt, Task.Delay(20));
        }
        return await attempt;
    }

    [Fact]
    public async Task A_burst_opens_at_once_and_then_each_waits_for_its_turn()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail(), time: _time);
        var way = At(Each(10, burst: 2));

        await delivery.Once(way);
        await delivery.Once(way);
        Assert.Equal(Noon, _time.GetUtcNow());
        await Pass(delivery.Once(way));

        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(12));
        Assert.Equal(3, server.Connections);
    }

    [Fact]
    public async Task A_turn_that_does_not_come_within_half_a_minute_sends_the_mail_back()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail(), time: _time);
        var way = At(Each(60));

        await delivery.Once(way);
        var attempt = await Pass(delivery.Once(way));
        var sibling = await delivery.Once(At(Each(60), "other"));

        Assert.Equal((AttemptEnd.NotStarted, SmtpStep.Connect), (attempt.End, attempt.Step));
        Assert.Equal(
            "The lane default@site may open 1/min,burst=1 connections: no turn came within 30s", attempt.Reply.Text);
        Assert.True(sibling.Reply.IsAccepted);
    }

    [Fact]
    public async Task A_connection_that_comes_free_serves_one_who_waits()
    {
        var release = new TaskCompletionSource();
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (line == ".") await release.Task;
            return false;
        }));
        await using var delivery = Deliveries.To(server.Port, Mail(), time: _time);
        var way = At(Each(60), messages: 10);

        var first = delivery.Once(way);
        var second = delivery.Once(way);
        release.SetResult();
        await first;

        Assert.True((await Pass(second)).Reply.IsAccepted);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_rate_that_is_raised_counts_at_once()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail(), time: _time);

        await delivery.Once(At(Each(3600)));
        await Pass(delivery.Once(At(Each(1))));

        Assert.InRange(_time.GetUtcNow() - Noon, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }
}
