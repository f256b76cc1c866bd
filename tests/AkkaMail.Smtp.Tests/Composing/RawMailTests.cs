using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Composing;

public sealed class RawMailTests
{
    private const string Path = "b+x@bounce.sender.test";
    private static readonly OutgoingIdentity Identity = new()
    {
        SignFor = (_, _) => throw new InvalidOperationException("Nothing of ours is signed over another's From."),
        ReturnPathAt = (_, host) => host == "bounce.sender.test" ? Path : null,
    };

    public static TheoryData<string> Octets => new()
    {
        "\tby b\r\nFrom: a@far.test\r\n\r\nHello\r\n",
        "Subject: \tfolded \r\n  twice\t \r\nX-Odd:no space\r\nx-odd  : \r\n\r\nx\r\n",
        "A: b\r\n\r\n.dot\r\n..two\r\n.\r\n \t\r\nspaces  \r\n\r\n\r\n",
        "Subject: x\r\nthis is no header\r\n\r\nbody\r\n",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\n\r\nnever ended\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b  \r\nContent-Transfer-Encoding: base64\r\n"
            + "\r\nAA=\r\n--b--\r\nafter\r\n",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=zz broken=\r\n",
        "From: a@far.test\r\n\r\n",
    };

    private static StoredMail Raw(byte[] octets, string at = "abuse@bounce.sender.test") =>
        Mail("ops@example.org", at) with { Content = new("x", null, null, []) { Raw = Core.Mail.Octets.Of(octets) } };

    private static Composition Compose(StoredMail mail) =>
        Composer.Compose(mail, new(new(Id, 0), "", "", Noon), Identity);

    private static SmtpDelivery To(int port, StoredMail mail) =>
        Deliveries.To(port, mail, o => o with { Identity = Identity });

    private static ComposedMail Composed(StoredMail mail) => Assert.IsType<ComposedMail>(Compose(mail));

    [Theory]
    [MemberData(nameof(Octets))]
    public async Task A_mail_that_is_passed_on_arrives_octet_for_octet_from_our_return_path(string text)
    {
        foreach (var top in (string[])["Received: from a\r\n", "ARC-Seal: i=1; cv=none;b=x \r\n", "ARC-Seal:\r\n"])
            await Arrives(Encoding.Latin1.GetBytes(top + text));
    }

    private static async Task Arrives(byte[] octets)
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = To(sink.Port, Raw(octets));

        var attempt = await delivery.Once();

        Assert.True(attempt.Reply.IsAccepted, attempt.Reply.Text);
        var mail = sink.Mails.Single();
        Assert.Equal(octets, mail.Bytes);
        Assert.Equal((Path, "ops@example.org", false), (mail.MailFrom, mail.Recipients.Single(), mail.IsSmtpUtf8));
        var composed = Composed(Raw(octets));
        Assert.Equal((octets.Length, octets.Length), (composed.Size, composed.ToBytes().Length));
    }

    [Theory]
    [InlineData("Received: b\r\n\r\nno line end", "Received: b\r\n\r\nno line end\r\n")]
    [InlineData("Received: b\r\nC: d\r\n", "Received: b\r\nC: d\r\n\r\n")]
    [InlineData("Received: b", "Received: b\r\n\r\n")]
    public void Only_line_ends_are_added_where_no_dot_can_be_without(string text, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(Composed(Raw(Encoding.ASCII.GetBytes(text))).ToBytes()));

    [Theory]
    [InlineData("Received: b\r\n\r\nbare\nline")]
    [InlineData("Received: b\r\n\r\nbare\rline")]
    [InlineData("Received: b\r\n\r\nnul\0\r\n")]
    [InlineData("Received: b\r\n\r\nlast\r")]
    [InlineData("\r\nno header\r\n")]
    [InlineData("Subject: no trace\r\n\r\n")]
    [InlineData("no header at all\r\n")]
    public void What_is_no_mail_to_every_server_is_not_passed_on(string text) =>
        Assert.IsType<Uncomposable>(Compose(Raw(Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Without_a_return_path_of_ours_it_is_not_passed_on() =>
        Assert.Equal(new Uncomposable("There is no return path for a mail that is passed on."),
            Compose(Raw("Received: b\r\n\r\n"u8.ToArray(), at: "abuse@elsewhere.test")));

    [Fact]
    public async Task Eight_bit_octets_go_by_8BITMIME_or_not_at_all()
    {
        var eight = Raw(Encoding.Latin1.GetBytes("Received: b\r\nA: b\r\n\r\nGr\u00fc\u00dfe\r\n"));
        var said = "";
        await using var able = new ScriptedServer((peer, _) => peer.Serve(line =>
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal)) said = line;
            return Task.FromResult(false);
        }, "8BITMIME"));
        await using var old = new ScriptedServer((peer, _) => peer.Serve(_ => Task.FromResult(false)));
        await using var good = To(able.Port, eight);
        await using var bad = To(old.Port, eight);
        await using var seven = To(old.Port, Raw("Received: b\r\n\r\nc\r\n"u8.ToArray()));

        Assert.True((await good.Once()).Reply.IsAccepted);
        Assert.Contains("BODY=8BITMIME", said, StringComparison.Ordinal);
        Assert.Equal((554, "5.6.3"), await bad.Once() is var a ? (a.Reply.Code, a.Reply.Enhanced.ToString()) : default);
        Assert.True((await seven.Once()).Reply.IsAccepted);
    }

    [Fact]
    public async Task Headers_in_UTF8_go_by_SMTPUTF8_or_not_at_all()
    {
        var mail = Raw(Encoding.UTF8.GetBytes("Received: b\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nx\r\n"));
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var old = new ScriptedServer((peer, _) => peer.Serve(_ => Task.FromResult(false), "8BITMIME"));
        await using var good = To(sink.Port, mail);
        await using var bad = To(old.Port, mail);

        Assert.True((await good.Once()).Reply.IsAccepted);
        Assert.True(sink.Mails.Single().IsSmtpUtf8);
        Assert.Equal(mail.Content.Raw!.InMemory!.Value.ToArray(), sink.Mails.Single().Bytes);
        Assert.Equal(553, (await bad.Once()).Reply.Code);
    }
}
