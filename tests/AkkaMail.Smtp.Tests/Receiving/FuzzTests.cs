using System.Buffers;
using System.Net;
using System.Text;
using AkkaMail.Smtp.Receiving;
using Xunit.Abstractions;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Whatever comes, the next client is served. The seed is fixed: what fails once fails again.</summary>
[Collection(Alone.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 5321;
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";

    [Fact]
    public async Task After_each_of_200_soups_a_good_client_is_served_and_nothing_is_left()
    {
        output.WriteLine($"Seed {Seed}");
        await using var server = await ListeningReceiver.StartAsync(o => o with { Authenticate = LetIn });
        await server.ServesAGoodClientAsync();
        var soup = new Soup(Seed);
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        for (var round = 0; round < 200; round++)
        {
            using var client = await RawClient.ConnectAsync(server.Port);
            var replies = client.ReadAll();
            foreach (var piece in soup.Cut(soup.Next())) await client.TrySend(piece);
            if (soup.Coin()) client.HalfClose();
            else if (soup.Coin()) client.Reset();
            else client.Dispose();
            foreach (var line in await replies) Assert.Matches("^[2345][0-9]{2}[ -]", line);

            await server.HasNoConnectionsAsync();
            await server.ServesAGoodClientAsync();
        }

        await server.HasNoConnectionsAsync();
        Assert.All(server.Mails, IsWellFormed);
        server.Mails.Clear();
        Assert.Equal(0, server.Receiver.MemoryUsed);
        await ListeningReceiver.Until(() => GC.GetTotalMemory(forceFullCollection: true) < memory + 32 * 1024 * 1024);
    }

    [Fact]
    public async Task A_soup_is_the_same_soup_however_it_is_cut()
    {
        output.WriteLine($"Seed {Seed}");
        var soup = new Soup(Seed);
        var mails = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var octets = soup.Next();

            var whole = await Transcript([octets]);
            var cut = await Transcript(soup.Cut(octets));

            Assert.True(whole == cut, $"Round {round}, whole:\n{whole}\ncut:\n{cut}");
            mails += whole.Split("354").Length - 1;
        }
        Assert.InRange(mails, 1_000, int.MaxValue);   // Else it tests only refusals.
    }

    [Fact]
    public async Task A_mail_with_a_long_line_is_the_same_wherever_it_is_cut_once()
    {
        var octets = Encoding.Latin1.GetBytes(
            $"EHLO x\r\n{Envelope}short\r\n{new string('x', 2_500)}\r\n..\r\n.\r\nNOOP\r\n");
        var whole = await Transcript([octets]);

        for (var at = 1; at < octets.Length; at++)
            Assert.Equal(whole, await Transcript([octets.AsMemory(0, at), octets.AsMemory(at)]));
    }

    [Fact]
    public async Task Lines_of_ten_megabytes_are_refused_and_cost_no_memory()
    {
        await using var server = await ListeningReceiver.StartAsync();
        using var client = await RawClient.GreetedAsync(server.Port);
        var megabyte = new string('x', 1024 * 1024);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 10; i++) await client.Send(megabyte);
        await client.Send("\r\n" + Envelope);
        Assert.Equal("500 250 250 354", await client.Codes(4));
        for (var i = 0; i < 10; i++) await client.Send(megabyte);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 * 1024 * 1024);
        await client.Send("\r\n.\r\nNOOP\r\n");
        Assert.Equal("550 250", await client.Codes(2));
        await client.Send(Envelope);
        Assert.Equal("250 250 354", await client.Codes(3));
        for (var i = 0; i < 60; i++) await client.TrySend(megabyte);   // More than twice a mail: reading on is no use.

        Assert.Equal("552 closed", await client.Codes(2));
        await server.ServesAGoodClientAsync();
    }

    /// <summary>All replies and mails of a dialogue that hears these pieces.</summary>
    private static async Task<string> Transcript(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var transcript = new StringBuilder();
        using var dialogue = new ReceiverDialogue(
            new() { HostName = "mx.test", SizeMax = 3_000, RecipientsMax = 3, Authenticate = LetIn },
            new("1", new IPEndPoint(IPAddress.Loopback, 1)),
            (_, _, _) => new(ReceiverReply.Ok),
            (_, mail) =>
            {
                transcript.AppendLine(Convert.ToHexString(mail.Bytes.Span));
                return new(ReceiverReply.Ok);
            },
            new(long.MaxValue), reply => transcript.Append(Encoding.UTF8.GetString(reply.Line)));
        var rest = Array.Empty<byte>();
        foreach (var piece in pieces)
        {
            rest = (await dialogue.ReadAsync(new ReadOnlySequence<byte>([.. rest, .. piece.Span]))).ToArray();
            if (dialogue.State is not DialogueState.Open) break;
        }
        return transcript.ToString();
    }

    private static ValueTask<ReceiverReply> LetIn(SmtpSession session, string user, string password)
    {
        if (password.Length == 0) return new(new ReceiverReply(535, "5.7.8 No"));
        session.Client = user;
        return new(new ReceiverReply(235, "2.7.0 Welcome"));
    }

    private static void IsWellFormed(byte[] mail)
    {
        var text = Encoding.Latin1.GetString(mail);
        Assert.DoesNotContain('\0', text);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', text.Replace("\r\n", "", StringComparison.Ordinal));
    }
}
