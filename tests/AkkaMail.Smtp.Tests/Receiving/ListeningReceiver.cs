using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Smtp.Receiving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>A receiver with limits of its own on a port of loopback; the sink has wide ones.</summary>
internal sealed class ListeningReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ListeningReceiver(ReceiverOptions options, TimeProvider time, Action<ConnectionContext>? onConnected)
    {
        Receiver = new(options, (_, _, _) => new(ReceiverReply.Ok), Take, time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(connection =>
            {
                onConnected?.Invoke(connection);
                return Receiver.OnConnectedAsync(connection);
            })));
        _app = builder.Build();
    }

    public static async Task<ListeningReceiver> StartAsync(
        Func<ReceiverOptions, ReceiverOptions>? change = null, TimeProvider? time = null,
        Action<ConnectionContext>? onConnected = null)
    {
        var options = new ReceiverOptions { HostName = "mx.test" };
        var server = new ListeningReceiver(
            change?.Invoke(options) ?? options, time ?? TimeProvider.System, onConnected);
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.First()).Port;
        return server;
    }

    public SmtpReceiver Receiver { get; }
    public int Port { get; private set; }
    public ConcurrentQueue<byte[]> Mails { get; } = new();

    /// <summary>Sends a mail as a client does that knows how, and sees it taken.</summary>
    public async Task ServesAGoodClientAsync()
    {
        using var client = await RawClient.GreetedAsync(Port);
        foreach (var command in (string[])["MAIL FROM:<good@b.test>", "RCPT TO:<c@d.test>"])
        {
            await client.Send(command + "\r\n");
            Assert.Equal("250", await client.Codes(1));
        }
        await client.Send("DATA\r\n");
        Assert.Equal("354", await client.Codes(1));
        await client.Send("Subject: good\r\n\r\nmail\r\n.\r\nQUIT\r\n");
        Assert.Equal("250 221 closed", await client.Codes(3));
    }

    public Task HasNoConnectionsAsync() => Until(() => Receiver.Connections == 0);

    public static async Task Until(Func<bool> isSo)
    {
        using var tooLate = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo()) await Task.Delay(5, tooLate.Token);
    }

    private ValueTask<ReceiverReply> Take(SmtpSession session, ReceivedMail mail)
    {
        Mails.Enqueue(Whole(mail));
        return new(ReceiverReply.Ok);
    }

    private static byte[] Whole(ReceivedMail mail)
    {
        if (mail.Spooled is not { } spooled) return mail.Bytes.ToArray();
        using var whole = new MemoryStream();
        spooled.Position = 0;
        spooled.CopyTo(whole);
        return whole.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
