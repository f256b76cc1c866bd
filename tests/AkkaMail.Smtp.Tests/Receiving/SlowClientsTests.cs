using System.Net;
using System.Net.Sockets;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Tests.Sending;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Clients that hold on to a connection by saying almost nothing. Time is moved, not waited for.</summary>
public sealed class SlowClientsTests
{
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";

    private readonly FakeTimeProvider _time = new();

    private Task<ListeningReceiver> Start(Func<ReceiverOptions, ReceiverOptions>? change = null) =>
        ListeningReceiver.StartAsync(change, _time);

    [Fact]
    public async Task A_silent_client_gets_421_after_five_minutes()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await client.Send("NOOP\r\n");
        Assert.Equal("250", await client.Codes(1));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.StartsWith("421 4.4.2", await client.Read());
        Assert.Equal("closed", await client.Read());
        Assert.Equal(1, server.Receiver.Counts.TimedOut);
    }

    [Fact]
    public async Task Hundreds_that_send_an_octet_a_minute_are_ended_while_a_good_client_is_served()
    {
        // An octet may still be on its way when time is moved: silence, which has a test of its own, must not end them.
        await using var server = await Start(o => o with { Idle = TimeSpan.FromHours(1) });
        var commands = new List<RawClient>();
        var texts = new List<RawClient>();
        for (var i = 0; i < 300; i++)
        {
            var client = await RawClient.GreetedAsync(server.Port, IPAddress.Parse($"127.0.1.{1 + i / 20}"));
            (i % 2 == 0 ? commands : texts).Add(client);
        }
        foreach (var client in texts) await client.Send(Envelope);
        foreach (var client in texts) Assert.Equal("250 250 354", await client.Codes(3));

        await Drip(minutes: 4);
        Assert.Equal(300, server.Receiver.Connections);
        await server.ServesAGoodClientAsync();
        await Drip(minutes: 1);
        await Nudge(commands);
        await ListeningReceiver.Until(() => server.Receiver.Connections == 150);
        foreach (var client in commands) Assert.Equal("421 closed", await client.Codes(2));
        await server.ServesAGoodClientAsync();
        await Drip(minutes: 5);
        await Nudge(texts);

        foreach (var client in texts) Assert.Equal("421 closed", await client.Codes(2));
        await server.ServesAGoodClientAsync();
        await server.HasNoConnectionsAsync();
        Assert.Equal(3, server.Mails.Count);   // The good client's only.
        Assert.Equal((300, 0L), (server.Receiver.Counts.TimedOut, server.Receiver.MemoryUsed));
        foreach (var client in commands.Concat(texts)) client.Dispose();

        // A session that was about to set its timer while time moved has set it from then on: one more octet, and it looks.
        static async Task Nudge(List<RawClient> clients)
        {
            foreach (var client in clients) await client.TrySend("x");
        }

        async Task Drip(int minutes)
        {
            for (var minute = 0; minute < minutes; minute++)
            {
                foreach (var client in commands.Concat(texts)) await client.TrySend("x");
                _time.Advance(TimeSpan.FromMinutes(1));
            }
        }
    }

    [Fact]
    public async Task Silence_within_a_mail_ends_it_before_its_time()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope);
        Assert.Equal("250 250 354", await client.Codes(3));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("421 closed", await client.Codes(2));
    }

    [Fact]
    public async Task A_session_ends_after_an_hour_however_busy_and_not_within_a_mail()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        for (var minutes = 0; minutes < 56; minutes += 4)
        {
            await client.Send("NOOP\r\n");
            Assert.Equal("250", await client.Codes(1));
            _time.Advance(TimeSpan.FromMinutes(4));
        }
        await client.Send(Envelope);
        Assert.Equal("250 250 354", await client.Codes(3));
        _time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromSeconds(50));
        await client.Send("x\r\n.\r\n");

        Assert.Equal("250 421 closed", await client.Codes(3));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_TLS_handshake_that_does_not_come_ends_too()
    {
        using var certificate = TlsTests.Certificate();
        await using var server = await Start(o => o with { Certificate = certificate });
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send("STARTTLS\r\n");
        Assert.Equal("220", await client.Codes(1));
        await client.Send("\u0016");
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("closed", await client.Read());
        await server.HasNoConnectionsAsync();
    }

    [Theory]
    [InlineData(10_000, false)]   // More than Kestrel takes: the receiver waits in its flush.
    [InlineData(2_000, false)]    // Kestrel has taken all and waits for the client.
    [InlineData(2_000, true)]
    public async Task A_client_that_reads_no_replies_is_dropped(int commands, bool halfCloses)
    {
        Socket? socket = null;
        await using var server = await ListeningReceiver.StartAsync(null, _time, connection =>
        {
            socket = connection.Features.Get<IConnectionSocketFeature>()!.Socket;
            socket.SendBufferSize = 4096;
        });
        using var client = await RawClient.ConnectAsync(server.Port, receiveBuffer: 4096);
        Assert.Equal("220", await client.Codes(1));

        await client.Send(string.Concat(Enumerable.Repeat("NOOP\r\n", commands)) + "QUIT\r\n");
        if (halfCloses) client.HalfClose();
        await ListeningReceiver.Until(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return server.Receiver.Connections == 0;
        });

        await ListeningReceiver.Until(() => socket!.SafeHandle.IsClosed);
    }
}
