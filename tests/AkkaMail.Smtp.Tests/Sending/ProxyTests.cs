using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class ProxyTests
{
    private static Route Through(string proxy) =>
        Way with { Source = new() { Name = "out1", Proxy = new(proxy), EhloName = "out1.test" } };

    [Theory]
    [InlineData("socks5")]
    [InlineData("http")]
    public async Task Mail_goes_through_the_sources_proxy(string scheme)
    {
        await using var proxy = new TestProxy();
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail());
        var way = Through($"{scheme}://me:s3cret%3Ax@127.0.0.1:{proxy.Port}");

        var attempts = new[] { await delivery.Once(way), await delivery.Once(way) };

        Assert.All(attempts, a => Assert.Equal((250, $"127.0.0.1[127.0.0.1]:{sink.Port}"), (a.Reply.Code, a.Mx)));
        Assert.Equal((1, 2), (proxy.Tunnels, sink.Mails.Count));
    }

    [Theory]
    [InlineData("socks5", "me:wrong", 25, "does not take our password")]
    [InlineData("http", "me:wrong", 25, "does not take our password")]
    [InlineData("socks5", "me:s3cret%3Ax", 1, "did not connect to 127.0.0.1:1: connection refused")]
    [InlineData("http", "me:s3cret%3Ax", 1, "did not connect to 127.0.0.1:1: HTTP 502")]
    public async Task A_proxy_that_refuses_is_quoted_without_our_password(
        string scheme, string user, int port, string words)
    {
        await using var proxy = new TestProxy();
        await using var delivery = Deliveries.To(port, Mail());

        var attempt = await delivery.Once(Through($"{scheme}://{user}@127.0.0.1:{proxy.Port}"));

        Assert.Equal(SmtpReply.None($"The proxy 127.0.0.1:{proxy.Port} {words}"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.Connect, "out1"), (attempt.End, attempt.Step, attempt.Source));
    }

    [Fact]
    public async Task A_proxy_that_is_away_or_silent_did_not_answer()
    {
        await using var silent = new ScriptedServer((peer, _) => Task.Delay(-1));
        await using var closing = new ScriptedServer((peer, _) => Task.CompletedTask);
        await using var delivery = Deliveries.To(25, Mail(),
            o => o with { Timeouts = new() { Connect = TimeSpan.FromMilliseconds(200) } });

        var away = await delivery.Once(Through("socks5://me:s3cret@127.0.0.1:1"));
        var timedOut = await delivery.Once(Through($"socks5://127.0.0.1:{silent.Port}"));
        var closed = await delivery.Once(Through($"http://127.0.0.1:{closing.Port}"));

        Assert.Equal("The proxy 127.0.0.1:1 did not answer: Connection refused", away.Reply.Text);
        Assert.Equal($"The proxy 127.0.0.1:{silent.Port} did not answer: Timed out after 0.2s in connecting",
            timedOut.Reply.Text);
        Assert.StartsWith($"The proxy 127.0.0.1:{closing.Port} did not answer", closed.Reply.Text,
            StringComparison.Ordinal);
        Assert.All([away, timedOut, closed], a => Assert.Equal((0, SmtpStep.Connect), (a.Reply.Code, a.Step)));
    }
}
