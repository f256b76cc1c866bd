using System.Text;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Smtp.Tests.Receiving;

public sealed class ReceiverTests
{
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";

    private static ValueTask<ReceiverReply> LetIn(SmtpSession session, string user, string password)
    {
        session.Client = user;
        return new(new ReceiverReply(235, "2.7.0 Welcome"));
    }

    private static Task<ListeningReceiver> Start(Func<ReceiverOptions, ReceiverOptions>? change = null) =>
        ListeningReceiver.StartAsync(change);

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
    public async Task A_thousand_commands_at_once_are_all_answered_those_in_a_mail_not()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);
        var noops = string.Concat(Enumerable.Repeat("NOOP\r\n", 500));

        await client.Send(noops + Envelope + noops + ".\r\n" + noops + "QUIT\r\n");

        var codes = (await client.Codes(1_006)).Split(' ');
        Assert.Equal(["250", "250", "354", "250", "250"], codes[500..505]);
        Assert.Equal(["221", "closed"], codes[^2..]);
        Assert.Equal(noops, Encoding.Latin1.GetString(server.Mails.Single()));
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
    [InlineData("MAIL FROM:<j\u00c3\u00b6rg@b.test>\r\n", "553")]   // The octets of UTF-8.
    [InlineData("MAIL FROM:<j\u00f6rg@b.test> SMTPUTF8\r\n", "500")]
    [InlineData("NO\u0000OP\r\nNOOP\r\n", "500 250")]
    [InlineData("MAIL FROM:<a\u0001@b.test>\r\n", "500")]
    [InlineData("MAIL FROM:<a@b.test>\u007f\r\n", "500")]
    [InlineData("NOOP\n", "500 closed")]
    [InlineData("NOOP\r\r\n", "500")]
    [InlineData("NOOP  \r\n", "250")]
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
    public async Task A_NUL_refuses_a_mail_and_eight_bits_do_not()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope + "\u00ff\u0080\u0001\r\n.\r\n");
        Assert.Equal("250 250 354 250", await client.Codes(4));
        await client.Send(Envelope + "a\u0000b\r\n.\r\n");
        Assert.Equal("250 250 354 550 closed", await client.Codes(5));
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Mails_that_together_take_too_much_memory_are_for_later()
    {
        // Half of it is for strangers.
        await using var server = await Start(o => o with { MemoryMax = 200_000, Authenticate = LetIn });
        using var first = await RawClient.GreetedAsync(server.Port);
        using var second = await RawClient.GreetedAsync(server.Port);
        var text = string.Concat(Enumerable.Repeat(new string('x', 98) + "\r\n", 500));   // 64 KB of buffer.

        await first.Send(Envelope + text);
        Assert.Equal("250 250 354", await first.Codes(3));
        await ListeningReceiver.Until(() => server.Receiver.MemoryUsed >= 50_000);
        await second.Send(Envelope + text + ".\r\n");
        Assert.Equal("250 250 354 452", await second.Codes(4));
        using var known = await RawClient.GreetedAsync(server.Port);
        await known.Send("AUTH PLAIN AGEAYg==\r\n" + Envelope + text + ".\r\nQUIT\r\n");
        Assert.Equal("235 250 250 354 250 221 closed", await known.Codes(7));
        await first.Send(".\r\n");
        Assert.Equal("250", await first.Codes(1));
        first.Dispose();
        await ListeningReceiver.Until(() => server.Receiver.Connections == 1);

        await second.Send(Envelope + text + ".\r\nQUIT\r\n");
        Assert.Equal("250 250 354 250 221", await second.Codes(5));
        await ListeningReceiver.Until(() => server.Receiver.MemoryUsed == 0);
    }

    [Fact]
    public async Task One_connection_too_many_gets_421_for_a_banner()
    {
        await using var server = await Start(o => o with { ConnectionsMax = 1 });
        using var first = await RawClient.GreetedAsync(server.Port);
        using var second = await RawClient.ConnectAsync(server.Port);

        Assert.Equal("421 closed", await second.Codes(2));
    }
}
