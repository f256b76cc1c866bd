using System.Net;
using System.Text;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>AUTH (RFC 4954) as clients say it, rightly and wrongly.</summary>
public sealed class AuthenticationTests
{
    private static Task<ListeningReceiver> Start(Func<ReceiverOptions, ReceiverOptions>? change = null) =>
        ListeningReceiver.StartAsync(options =>
        {
            options = options with
            {
                Authenticate = (session, user, password) =>
                {
                    if (password != "s\u00e9same") return new(new ReceiverReply(535, "5.7.8 No"));
                    session.Client = user;
                    return new(new ReceiverReply(235, "2.7.0 Welcome"));
                },
                RecipientsMax = 1,
                ClientRecipientsMax = 2,
            };
            return change?.Invoke(options) ?? options;
        });

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static readonly string Right = Base64("\0ann\0s\u00e9same"), Wrong = Base64("\0ann\0guess");

    public static TheoryData<string, string> Dialogues => new()
    {
        { $"AUTH PLAIN {Right}\r\n", "235" },
        { $"auth plain\r\n{Right}\r\n", "334 235" },
        { $"AUTH PLAIN {Base64("ann\0ann\0s\u00e9same")}\r\n", "235" },
        { $"AUTH LOGIN\r\n{Base64("ann")}\r\n{Base64("s\u00e9same")}\r\n", "334 334 235" },
        { $"AUTH LOGIN {Base64("ann")}\r\n{Base64("s\u00e9same")}\r\n", "334 235" },
        { $"AUTH LOGIN =\r\n{Base64("s\u00e9same")}\r\n", "334 235" },                    // A name that is empty.
        { $"AUTH PLAIN {Wrong}\r\nAUTH PLAIN {Right}\r\n", "535 235" },
        { $"AUTH PLAIN {Wrong}\r\nAUTH PLAIN {Wrong}\r\nAUTH PLAIN {Wrong}\r\n", "535 535 535 421 closed" },
        { "AUTH LOGIN\r\n*\r\nNOOP\r\n", "334 501 250" },
        { "AUTH LOGIN\r\nMAIL FROM:<a@b.test>\r\nNOOP\r\n", "334 501 250" },            // Its answer, not a command.
        { $"AUTH LOGIN\r\n{new string('A', 5_000)}\r\nQUIT\r\n", "334 500 221 closed" },   // A line that is none ends it.
        { "AUTH PLAIN\r\n\u0001\r\nNOOP\r\n", "334 500 250" },
        { $"AUTH PLAIN {Base64("boss\0ann\0s\u00e9same")}\r\n", "535" },
        { $"AUTH PLAIN {Base64("no parts")}\r\n", "501" },
        { $"AUTH PLAIN {Convert.ToBase64String([0, 0xC3, 0, 0x28])}\r\n", "501" },        // No UTF-8.
        { "AUTH PLAIN not base64\r\n", "501" },
        { "AUTH\r\n", "501" },
        { "AUTH CRAM-MD5\r\n", "504" },
        { $"AUTH PLAIN {Right}\r\nAUTH PLAIN {Right}\r\n", "235 503" },
        { $"MAIL FROM:<a@b.test>\r\nAUTH PLAIN {Right}\r\n", "250 503" },
        { $"AUTH PLAIN {Right}\r\nMAIL FROM:<a@b.test> AUTH=<>\r\n", "235 250" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task It_is_answered_as_RFC_4954_has_it(string said, string codes)
    {
        await using var server = await Start();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(said);

        Assert.Equal(codes, await client.Codes(codes.Split(' ').Length));
    }

    [Fact]
    public async Task Before_a_name_was_said_and_where_it_is_not_offered_there_is_none()
    {
        await using var server = await Start();
        using var nameless = await RawClient.ConnectAsync(server.Port);
        await nameless.Send($"AUTH PLAIN {Right}\r\n");
        Assert.Equal("220 503", await nameless.Codes(2));

        await using var other = await Start(o => o with { Authenticate = null });
        using var client = await RawClient.GreetedAsync(other.Port);
        await client.Send($"AUTH PLAIN {Right}\r\nMAIL FROM:<a@b.test> AUTH=<>\r\n");
        Assert.Equal("500 555", await client.Codes(2));
    }

    [Fact]
    public async Task A_known_client_may_name_more_recipients()
    {
        await using var server = await Start();
        const string mail = "MAIL FROM:<a@b.test>\r\nRCPT TO:<1@x>\r\nRCPT TO:<2@x>\r\nRCPT TO:<3@x>\r\n";
        using var stranger = await RawClient.GreetedAsync(server.Port);
        using var known = await RawClient.GreetedAsync(server.Port);

        await stranger.Send(mail);
        await known.Send($"AUTH PLAIN {Right}\r\n{mail}");

        Assert.Equal("250 250 452 452", await stranger.Codes(4));
        Assert.Equal("235 250 250 250 452", await known.Codes(5));
    }

    [Theory]
    [InlineData("192.0.2.1", false, false)]
    [InlineData("192.0.2.1", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("::ffff:192.0.2.1", false, false)]
    public void A_password_is_asked_for_inside_TLS_or_on_the_machine_itself(string address, bool isEncrypted, bool isPrivate)
    {
        var session = new SmtpSession("1", new IPEndPoint(IPAddress.Parse(address), 1)) { IsEncrypted = isEncrypted };
        Assert.Equal(isPrivate, session.IsPrivate);
    }

    [Fact]
    public async Task In_the_clear_from_elsewhere_it_is_neither_offered_nor_taken()
    {
        var replies = new List<ReceiverReply>();
        using var dialogue = new ReceiverDialogue(
            new() { HostName = "mx.test", Authenticate = (_, _, _) => throw new InvalidOperationException("asked") },
            new("1", new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1)), (_, _, _) => new(ReceiverReply.Ok),
            (_, _) => new(ReceiverReply.Ok), new(1_000_000), replies.Add);

        await dialogue.ReadAsync(new(Encoding.ASCII.GetBytes($"EHLO me.test\r\nAUTH PLAIN {Right}\r\n")));

        Assert.DoesNotContain(replies, r => r.Text.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Equal(538, replies[^1].Code);
    }
}
