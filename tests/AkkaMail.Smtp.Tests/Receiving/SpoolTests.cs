using System.Text;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>A client's large mail goes to a file while it comes in; a stranger has no such place.</summary>
public sealed class SpoolTests
{
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n",
        LogIn = "AUTH PLAIN AGEAYg==\r\n";

    private readonly List<MemoryStream> _files = [];

    private Task<ListeningReceiver> Start(Func<Stream>? spool = null) => ListeningReceiver.StartAsync(o => o with
    {
        Authenticate = (session, _, _) =>
        {
            session.Client = "somebody";
            return new(new ReceiverReply(235, "2.7.0 Welcome"));
        },
        SizeMax = 200_000,
        ClientSizeMax = 3_000_000,
        SpoolFrom = 10_000,
        Spool = spool ?? (() => { _files.Add(new()); return _files[^1]; }),
    });

    /// <summary>Lines of a letter and digits, one of them beginning with a dot.</summary>
    private static string Mail(int lines) => "Subject: large\r\n\r\n.dot\r\n"
        + string.Concat(Enumerable.Range(0, lines).Select(n => $"{n:00000} {new string('x', 90)}\r\n"));

    private static string OnTheWire(string mail) => mail.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n";

    [Theory]
    [InlineData(10, 0)]
    [InlineData(90, 0)]
    [InlineData(150, 1)]
    [InlineData(20_000, 1)]
    public async Task It_comes_whole_whether_in_memory_or_in_a_file(int lines, int files)
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(LogIn + Envelope + OnTheWire(Mail(lines)) + Envelope + OnTheWire("Subject: next\r\n\r\nx\r\n"));

        Assert.Equal("235 250 250 354 250 250 250 354 250", await client.Codes(9));
        Assert.Equal([Mail(lines), "Subject: next\r\n\r\nx\r\n"], server.Mails.Select(Encoding.ASCII.GetString));
        Assert.Equal(files, _files.Count);
        Assert.All(_files, file => Assert.False(file.CanRead));   // It has been closed.
        Assert.InRange(server.Receiver.MemoryUsed, 0, 65_536);
    }

    [Fact]
    public async Task A_stranger_has_a_smaller_bound_and_no_file()
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope + OnTheWire(Mail(500)) + Envelope + OnTheWire(Mail(3_000)));
        Assert.Equal("250 250 354 250 250 250 354 552", await client.Codes(8));
        await client.Send(LogIn + Envelope + OnTheWire(Mail(40_000)) + "MAIL FROM:<a@b.test> SIZE=3000001\r\n");
        Assert.Equal("235 250 250 354 552 552", await client.Codes(6));

        Assert.Single(server.Mails);
        Assert.Single(_files);
    }

    [Fact]
    public async Task On_a_full_disk_it_is_not_now_and_the_session_goes_on()
    {
        await using var server = await Start(() => throw new IOException("No space left on device"));
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(LogIn + Envelope + OnTheWire(Mail(1_000)) + Envelope + OnTheWire(Mail(10)));

        Assert.Equal("235 250 250 354 452 250 250 354 250", await client.Codes(9));
    }
}
