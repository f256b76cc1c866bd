using AkkaMail.Smtp.Tests.Sending;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>
/// SMTP smuggling: octets that one server takes for a mail's text and the next for its end, so that a second mail with
/// a sender of the attacker's choice stands behind the first (CVE-2023-51764, -51765, -51766 and their kin), and other
/// ways to have somebody's text run as commands. Each is refused or is text; none makes two mails.
/// </summary>
public sealed class SmugglingTests
{
    private const string Envelope = "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n";
    private const string Evil = "MAIL FROM:<evil@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nevil\r\n.\r\nNOOP\r\n";

    /// <summary>False ends of a mail, by what stands around the dot.</summary>
    public static TheoryData<string> FalseEnds =>
    [
        "\n.\n", "\n.\r\n", "\r\n.\n", "\n.\r", "\r.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\r\n.\r\n", "\r\r.\r\r",
        "\r\n.\r\r\n", "\n\n.\r\n", "\r\n\n.\r\n", "\n\r.\r\n", "\n\r\n.\r\n", "\n\r.\n\r", "\r\n\r.\r\n",
        "\r\n.\n\r\n",
        "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n\0.\0\r\n", "\r\0\n.\r\n", "\r\n.\r\0\n", "\0\r\n.\r\n",
        "\n\0.\r\n", "\0\n.\n",
        "\n..\r\n", "\r..\r\n", "\n..\n", "\r\n..\n", "\r\n..\r", "\r\n.\r.\r\n", "\n.\r\n.\n", "\r\n. \n.\r\n",
    ];

    [Theory, MemberData(nameof(FalseEnds))]
    public async Task A_false_end_refuses_the_whole_mail_and_ends_the_session(string end)
    {
        await using var server = await ListeningReceiver.StartAsync();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope + "first" + end + Evil);

        Assert.Equal("250 250 354 550 closed", await client.Codes(5));
        Assert.Empty(server.Mails);
    }

    [Theory, MemberData(nameof(FalseEnds))]
    public async Task However_the_octets_come(string end)
    {
        await using var server = await ListeningReceiver.StartAsync();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope);
        Assert.Equal("250 250 354", await client.Codes(3));
        foreach (var octet in "first" + end) await client.Send(octet.ToString());
        await client.Send(Evil);

        Assert.Equal("550 closed", await client.Codes(2));
        Assert.Empty(server.Mails);
    }

    /// <summary>What looks like an end and is none: text, undone of its dot where a line begins with one.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { "\r\n..\r\n", "\r\n.\r\n" },
        { "\r\n. \r\n", "\r\n \r\n" },
        { "\r\n.\t\r\n", "\r\n\t\r\n" },
        { "\r\n .\r\n", "\r\n .\r\n" },
        { "\r\n...\r\n", "\r\n..\r\n" },
        { ".\r\n", ".\r\n" },   // Behind "first": not at the start of a line.
        { "\r\n.\u0085\r\n", "\r\n\u0085\r\n" },   // NEL of ISO 8859-1.
        { "\r\n.\u008d\u008a\r\n", "\r\n\u008d\u008a\r\n" },   // CR and LF, when a server cuts the eighth bit off.
        { "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8" },   // U+2028.
        { "\r\n.\u000b\u000c\r\n", "\r\n\u000b\u000c\r\n" },
        { "\r\n=0D=0A.=0D=0A\r\n", "\r\n=0D=0A.=0D=0A\r\n" },
        { "\r\n.\u001a\r\n", "\r\n\u001a\r\n" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task What_only_looks_like_an_end_is_text_of_the_one_mail(string sent, string meant)
    {
        await using var server = await ListeningReceiver.StartAsync();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(Envelope + "first" + sent + "MAIL FROM:<evil@b.test>\r\n.\r\nQUIT\r\n");

        Assert.Equal("250 250 354 250 221 closed", await client.Codes(6));
        var mail = System.Text.Encoding.Latin1.GetString(Assert.Single(server.Mails));
        Assert.Equal("first" + meant + "MAIL FROM:<evil@b.test>\r\n", mail);
    }

    /// <summary>Text that reaches the server where it expects commands.</summary>
    public static TheoryData<string, string> AmongCommands => new()
    {
        { "BDAT 86 LAST\r\n" + Evil, "500 closed" },   // Not offered: its text would be run.
        { "DATA\r\nReceived: x\r\n" + Evil, "503 500 closed" },   // Sent without waiting for 354.
        { "MAIL FROM:<a@b.test>\r\nDATA\r\nSubject: x\r\n" + Evil, "250 503 500 closed" },
        { "DATA now\r\nSubject: x\r\n" + Evil, "501 500 closed" },
        { "MAIL FROM:<a@b.test>\rRCPT TO:<c@d.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n", "500 503 503" },
        { "MAIL FROM:<a@b.test>\nRCPT TO:<c@d.test>\nDATA\n" + Evil, "500 closed" },
        { "MAIL FROM:<a@b.test\n>\r\n" + Evil, "500 closed" },
        { "MAIL FROM:<a@b.test>\r\0\nRCPT TO:<c@d.test>\r\n" + Evil, "500 closed" },
        { "EHLO x\nMAIL FROM:<a@b.test>\r\n" + Evil, "500 closed" },
        { "GET / HTTP/1.1\r\nHost: x\r\n\r\n" + Evil, "421 closed" },   // A browser, made to talk to us.
        { "POST / HTTP/1.1\r\nHost: x\r\n\r\n" + Evil, "421 closed" },
    };

    [Theory, MemberData(nameof(AmongCommands))]
    public async Task Text_among_commands_ends_the_session_before_it_is_run(string sent, string codes)
    {
        await using var server = await ListeningReceiver.StartAsync();
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(sent);

        Assert.Equal(codes, await client.Codes(codes.Split(' ').Length));
        Assert.InRange(server.Mails.Count, 0, codes.Contains("354", StringComparison.Ordinal) ? 1 : 0);
    }

    [Theory]
    [InlineData("STARTTLS\r\n" + Evil, "220 501 closed")]
    [InlineData("STARTTLS\r\n\n", "220 501 closed")]
    [InlineData(Envelope + "x\r\n.\r\nSTARTTLS\r\n" + Evil, "250 250 354 250 220 501 closed")]
    public async Task What_follows_STARTTLS_in_the_clear_is_never_run(string sent, string codes)
    {
        using var certificate = TlsTests.Certificate();
        await using var server = await ListeningReceiver.StartAsync(o => o with { Certificate = certificate });
        using var client = await RawClient.GreetedAsync(server.Port);

        await client.Send(sent);

        Assert.Equal(codes, await client.Codes(codes.Split(' ').Length));
        Assert.DoesNotContain(server.Mails, mail => mail.AsSpan().StartsWith("evil"u8));
    }
}
