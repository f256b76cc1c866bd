using System.Collections.Concurrent;
using System.Text;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Tests.Sending;
using AkkaMail.TestSink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AkkaMail.Smtp.Tests.Receiving;

public sealed class ReceiverTests
{
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";

    /// <summary>A receiver with limits of its own; the sink has wide ones.</summary>
    private sealed class Bound(WebApplication app) : IAsyncDisposable
    {
        public int Port { get; } = new Uri(app.Urls.First()).Port;
        public ConcurrentQueue<byte[]> Mails { get; } = new();

        public static async Task<Bound> StartAsync(ReceiverOptions options)
        {
            Bound? bound = null;
            var receiver = new SmtpReceiver(options, (_, _, _) => new(ReceiverReply.Ok),
                (_, mail) => { bound!.Mails.Enqueue(mail.Bytes.ToArray()); return new(ReceiverReply.Ok); },
                TimeProvider.System);
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenLocalhostAny(receiver));
            var app = builder.Build();
            await app.StartAsync();
            return bound = new(app);
        }

        public async ValueTask DisposeAsync()
        {
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    private static Task<Bound> Start(Func<ReceiverOptions, ReceiverOptions>? change = null) =>
        Bound.StartAsync((change ?? (o => o))(new() { HostName = "mx.test" }));

    [Fact]
    public async Task Pipelined_commands_are_answered_in_order_and_dots_undone()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope);
        Assert.Equal("250 250 354", await client.Codes(3));
        await client.Send("A: b\r\n\r\n..x\r\n...\r\nend\r\n.\r\nNOOP\r\nQUIT\r\n");

        Assert.Equal("250 250 221 closed", await client.Codes(4));
        Assert.Equal("A: b\r\n\r\n.x\r\n..\r\nend\r\n", Encoding.Latin1.GetString(server.Mails.Single()));
    }

    [Fact]
    public async Task A_mail_that_comes_octet_by_octet_is_the_same_mail()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        foreach (var c in Envelope) await client.Send(c.ToString());
        foreach (var c in "A: b\r\n\r\n..\r\n.\r\n") await client.Send(c.ToString());

        Assert.Equal("250 250 354 250", await client.Codes(4));
        Assert.Equal("A: b\r\n\r\n.\r\n", Encoding.Latin1.GetString(server.Mails.Single()));
    }

    [Theory]
    [InlineData("x\n.\r\nMAIL FROM:<evil@b.test>\r\n")]
    [InlineData("x\r\n.\nMAIL FROM:<evil@b.test>\r\n")]
    [InlineData("x\n.\nMAIL FROM:<evil@b.test>\r\n")]
    [InlineData("x\r.\r\nMAIL FROM:<evil@b.test>\r\n")]
    [InlineData("x\r\r\n.\rMAIL FROM:<evil@b.test>\r\n")]
    public async Task A_bare_CR_or_LF_refuses_the_whole_mail_and_ends_the_session(string smuggled)
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope + smuggled + "\r\n.\r\nNOOP\r\n");

        Assert.Equal("250 250 354 550 closed", await client.Codes(5));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b.test> SIZE=2000\r\n", "552")]
    [InlineData("MAIL FROM:<a@b.test> FOO=1\r\n", "555")]
    [InlineData("MAIL FROM:a@b.test\r\n", "501")]
    [InlineData("MAIL FROM:<>\r\n", "250")]
    [InlineData("mail from: <\"a>b\"@b.test> size=20 body=8bitmime\r\n", "250")]
    [InlineData("RCPT TO:<a@b.test>\r\n", "503")]
    [InlineData("DATA\r\n", "503")]
    [InlineData("MAIL FROM:<a@b.test>\r\nMAIL FROM:<a@b.test>\r\n", "250 503")]
    [InlineData("MAIL FROM:<a@b.test>\r\nRCPT TO:<>\r\n", "250 501")]
    [InlineData("MAIL FROM:<a@b.test>\r\nRCPT TO:<1@x>\r\nRCPT TO:<2@x>\r\nRCPT TO:<3@x>\r\n", "250 250 250 452")]
    [InlineData("MAIL FROM:<a@b.test>\r\nRSET\r\nDATA\r\n", "250 250 503")]
    [InlineData("MAIL FROM:<j\u00f6rg@b.test>\r\n", "553")]
    [InlineData("STARTTLS\r\nHELP\r\nVRFY a\r\nFOO\r\n", "500 500 252 500 421 closed")]
    [InlineData("NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n", "250 250 250 250 421 closed")]
    public async Task Every_command_and_limit_has_its_code(string commands, string codes)
    {
        await using var server = await Start(
            o => o with { SizeMax = 1000, RecipientsMax = 2, ErrorsMax = 3, CommandsMax = 5 });
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(commands);

        Assert.Equal(codes, await client.Codes(codes.Split(' ').Length));
    }

    [Fact]
    public async Task Large_mails_long_lines_and_long_commands_are_refused_and_the_session_goes_on()
    {
        await using var server = await Start(o => o with { SizeMax = 5000 });
        using var client = await RawClient.GreetedAsync(server.Port);
        var line = new string('x', 900) + "\r\n";

        await client.Send(Envelope + string.Concat(Enumerable.Repeat(line, 8)) + ".\r\n");
        Assert.Equal("250 250 354 552", await client.Codes(4));
        await client.Send(Envelope + new string('y', 3000) + "\r\n.\r\n");
        Assert.Equal("250 250 354 550", await client.Codes(4));
        await client.Send(new string('z', 9000) + "\r\nNOOP\r\n");
        Assert.Equal("500 250", await client.Codes(2));
        await client.Send(Envelope + "small\r\n.\r\n");
        Assert.Equal("250 250 354 250", await client.Codes(4));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_silent_client_gets_421()
    {
        await using var server = await Start(o => o with { Idle = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.GreetedAsync(server.Port);

        Assert.Equal("421 closed", await client.Codes(2));
    }

    [Fact]
    public async Task One_connection_too_many_gets_421_for_a_banner()
    {
        await using var server = await Start(o => o with { ConnectionsMax = 1 });
        using var first = await RawClient.GreetedAsync(server.Port);
        using var second = await RawClient.ConnectAsync(server.Port);

        Assert.Equal("421 closed", await second.Codes(2));
    }

    [Fact]
    public async Task What_follows_STARTTLS_in_the_clear_is_never_run()
    {
        using var certificate = TlsTests.Certificate();
        await using var server = await Start(o => o with { Certificate = certificate });
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send("STARTTLS\r\n" + Envelope);

        Assert.Equal("220 501 closed", await client.Codes(3));
    }
}

internal static class Kestrel
{
    public static void ListenLocalhostAny(this KestrelServerOptions kestrel, SmtpReceiver receiver) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Run(receiver.OnConnectedAsync));
}
