using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Sending;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>Against Postfix's smtp-sink: our sender and our receiver could share a misreading of the RFC.</summary>
public sealed class ForeignSinkTests
{
    [Fact]
    public async Task Postfix_takes_many_mails_over_few_connections()
    {
        var port = FreePort();
        string[] arguments = ["-u", "nobody", $"127.0.0.1:{port}", "100"];
        using var sink = Process.Start(new ProcessStartInfo("/usr/sbin/smtp-sink", arguments))!;
        try
        {
            await Listening(port);
            await using var delivery = Deliveries.To(port, Mail(text: ".\n..\nGrüße\n", html: "<p>x</p>"));
            var attempts = new List<Attempt>();
            for (var i = 0; i < 50; i++) attempts.AddRange(await Task.WhenAll(delivery.Once(), delivery.Once()));

            Assert.All(attempts, a => Assert.Equal((250, SmtpStep.Dot), (a.Reply.Code, a.Step)));
        }
        finally { sink.Kill(); }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Listening(int port)
    {
        for (var tries = 0; ; tries++)
        {
            using var client = new TcpClient();
            try { await client.ConnectAsync(IPAddress.Loopback, port); return; }
            catch (SocketException) when (tries < 200) { await Task.Delay(25); }
        }
    }
}
