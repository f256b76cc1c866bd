using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Sending;

namespace AkkaMail.Fuzz;

/// <summary>SMTP in both roles: a client's octets for our listener, a receiver's replies for our sending.</summary>
internal static class SmtpReaders
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Reader Server { get; } = new("smtp_server",
        [
            Text("EHLO x\r\nMAIL FROM:<a@b.test> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<c@d.test>\r\nDATA\r\nFrom: a@b.test\r\n\r\n..text\r\n.\r\nQUIT\r\n"),
            Text("EHLO x\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<\"a b\"@b.test> SMTPUTF8\r\nRCPT TO:<@x,@y:c@[IPv6:::1]>\r\nRSET\r\nNOOP\r\n"),
        ],
        [
            "\r\n", "\r", "\n", ".\r\n", "\r\n.\r\n", "\0", "DATA\r\n", "RCPT TO:<c@d.test>\r\n", "MAIL FROM:<>\r\n", "EHLO x\r\n",
            "AUTH LOGIN\r\n", "YQ==\r\n", "BDAT 3 LAST\r\nabc", "<", ">", "@", " ", "SIZE=99999999999999999999", "é",
        ], Listen);

    public static Reader Client { get; } = new("smtp_client",
        [
            Text("220 mx.test ESMTP\r\n250-mx.test\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
                + "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n250 2.0.0 queued\r\n221 bye\r\n"),
            Text("220 mx.test\r\n250 mx.test\r\n250 ok\r\n550-5.1.1 No such\r\n550 5.1.1 user\r\n250 ok\r\n221 bye\r\n"),
            Text("421 4.3.2 closing\r\n"),
        ],
        ["\r\n", "\n", "\r", "250-", "250 ", "220 ", "354 ", "421 4.7.0 ", "550 5.7.1 ", "999 ", "\0", "é", " ", "-", "SIZE ", "250-AUTH PLAIN\r\n"],
        Send);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task Listen(byte[] octets)
    {
        using var dialogue = new ReceiverDialogue(
            new() { HostName = "mx.test", SizeMax = 100_000, RecipientsMax = 3, Authenticate = (_, _, _) => new(ReceiverReply.Ok) },
            new("1", new IPEndPoint(IPAddress.Loopback, 1)),
            (_, _, _) => new(ReceiverReply.Ok), (_, _) => new(ReceiverReply.Ok), new(long.MaxValue), _ => { });
        // As a pipe gives them: what is not taken comes again, with more behind it.
        for (var (rest, size) = (octets.AsMemory(), 4096); rest.Length > 0 && dialogue.State is DialogueState.Open;)
        {
            var given = rest[..Math.Min(size, rest.Length)];
            var taken = given.Length - (int)(await dialogue.ReadAsync(new ReadOnlySequence<byte>(given))).Length;
            if (taken == 0 && given.Length == rest.Length) break;
            (rest, size) = (rest[taken..], taken == 0 ? size * 2 : 4096);
        }
    }

    /// <summary>Each run has a receiver that says all it has to say at once, and hangs up.</summary>
    private static async Task Send(byte[] replies)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        var said = Say(server, replies);
        await using (var delivery = new SmtpDelivery(
            new() { EhloName = "me.test", Relay = new DnsEndPoint("127.0.0.1", port) },
            (_, _, _) => new(Mail), null, TimeProvider.System))
            await delivery.DeliverAsync(
                new(new(SubmissionId.Create(3, Noon, 42), 0), 1, new("example.org", "default", Streams.Transactional), 1, Noon, Noon.AddDays(3)),
                new(new() { Name = Source.DefaultName }, "site", LaneLimits.Of(new("made") { Defaults = Limits.None }, Source.DefaultName, "site")),
                CancellationToken.None);
        server.Stop();
        await said;
    }

    private static async Task Say(TcpListener server, byte[] replies)
    {
        try
        {
            using var client = await server.AcceptSocketAsync();
            await client.SendAsync(replies);
            client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await client.ReceiveAsync(buffer) > 0) { }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException) { }
    }

    private static StoredMail Mail
    {
        get
        {
            Mailbox.TryParse("shop@example.com", out var from, out _);
            Mailbox.TryParse("ann@example.org", out var to, out _);
            return new(new("Hello", "Hi\n", null, []), new(from!, [], [], [new([to!], [], [], null, [], [], [])]));
        }
    }
}
