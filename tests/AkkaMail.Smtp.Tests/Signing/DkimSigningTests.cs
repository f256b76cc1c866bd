using System.Text;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using AkkaMail.Smtp.Tests.Peers;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Signing;

public sealed class DkimSigningTests
{
    [Fact]
    public async Task Every_mail_of_any_kind_verifies_by_both_algorithms_elsewhere()
    {
        var mails = Variety.All().ToList();
        Assert.True(mails.Count >= 200);
        using var directory = new MailDirectory();
        foreach (var (_, mail) in mails)
        {
            var composed = Signed.Mail(mail);
            directory.Add(composed.ToBytes(), new("127.0.0.1", "engine.test", composed.MailFrom));
        }
        await using var zone = await Signed.ZoneAsync();

        var verdicts = await directory.MailauthAsync(zone);

        Assert.Equal(mails.Count, verdicts.Count);
        foreach (var ((name, _), verdict) in mails.Zip(verdicts))
        {
            Assert.Equal([(name, "rsa-sha256", "pass"), (name, "ed25519-sha256", "pass")],
                verdict.Dkim.Select(d => (name, d.Algorithm, d.Result)));
            Assert.All(verdict.Dkim, d => Assert.True(d.Aligned));
            Assert.Equal((name, "pass", "pass"), (name, verdict.Spf, verdict.Dmarc));
        }
    }

    [MountFact]
    public async Task OpenDkim_takes_them_by_the_rsa_signature()
    {
        using var directory = new MailDirectory();
        // It refuses a mail with two References before it looks at a signature (RFC 5322 §3.6).
        var mails = Variety.Hard().Where(m => m.Name != "headers twice").ToList();
        foreach (var (_, mail) in mails) directory.Add(Signed.Mail(mail).ToBytes());
        await using var zone = await Signed.ZoneAsync();

        var taken = await directory.OpenDkimAsync(zone);

        Assert.Equal(mails.Select(m => (m.Name, true)), mails.Zip(taken, (m, t) => (m.Name, t)));
    }

    [Fact]
    public async Task A_mail_altered_in_one_byte_fails_by_both()
    {
        using var directory = AlteredMails();
        await using var zone = await Signed.ZoneAsync();

        var verdicts = await directory.MailauthAsync(zone);

        Assert.All(verdicts[0].Dkim, d => Assert.Equal("pass", d.Result));
        Assert.All(verdicts.Skip(1).SelectMany(v => v.Dkim), d => Assert.NotEqual("pass", d.Result));
    }

    [Fact]
    public void A_retry_is_signed_with_the_same_bytes_and_its_size_is_known()
    {
        foreach (var (_, mail) in Variety.Hard())
        {
            var bytes = Signed.Mail(mail).ToBytes();

            Assert.Equal(bytes, Signed.Mail(mail).ToBytes());
            Assert.Equal(bytes.Length, Signed.Mail(mail).Size);
        }
    }

    [Fact]
    public void Signatures_stand_first_in_short_lines_and_name_each_header_once_more_than_it_is_there()
    {
        var text = Encoding.ASCII.GetString(Signed.Mail(Mail(from: "shop@sender.test")).ToBytes());
        var head = text[..text.IndexOf("\r\nFrom:", StringComparison.Ordinal)];

        Assert.All(head.Split("\r\n"), line => Assert.InRange(line.Length, 1, 78));
        Assert.StartsWith(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=sender.test; s=akkamail-r1; t=1772366400;",
            head,
            StringComparison.Ordinal);
        var names = head.Replace("\r\n ", "", StringComparison.Ordinal).Split(";h=")[1].Split(';')[0]
            .Replace(" ", "", StringComparison.Ordinal).Split(':');
        Assert.Equal(
            ["from", "from", "subject", "subject", "to", "to", "cc", "reply-to", "date", "date", "message-id",
             "message-id", "mime-version", "mime-version", "content-type", "content-type",
             "content-transfer-encoding", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe",
             "list-unsubscribe-post", "list-unsubscribe-post", "feedback-id", "cfbl-address", "cfbl-feedback-id"], names);
    }

    [Fact]
    public void A_domain_without_keys_is_sent_unsigned_and_as_before()
    {
        var mail = Mail(from: "shop@other.test");

        Assert.DoesNotContain("DKIM", Encoding.ASCII.GetString(Signed.Mail(mail).ToBytes()), StringComparison.Ordinal);
        Assert.Equal(Composed(mail).ToBytes(), Assert.IsType<ComposedMail>(
            Composer.Compose(mail, Signed.Message(), OutgoingIdentity.None)).ToBytes());
    }

    [Fact]
    public void A_key_signs_in_many_threads_at_once()
    {
        var mail = Mail(from: "shop@sender.test");
        var expected = Signed.Mail(mail).ToBytes();

        Parallel.For(0, 500, _ => Assert.Equal(expected, Signed.Mail(mail).ToBytes()));
    }

    [Fact]
    public void A_new_key_shows_its_public_part_only() =>
        Assert.All(Enum.GetValues<Core.Domains.DkimAlgorithm>(), algorithm =>
        {
            var key = NewKey.Generate(algorithm);

            Assert.DoesNotContain(Convert.ToBase64String(key.Pkcs8)[20..], key.ToString(), StringComparison.Ordinal);
            Assert.Contains(key.PublicPart, key.ToString(), StringComparison.Ordinal);
        });

    [MountFact]
    public async Task OpenDkim_takes_no_altered_mail()
    {
        using var directory = AlteredMails();
        await using var zone = await Signed.ZoneAsync();

        var taken = await directory.OpenDkimAsync(zone);

        Assert.Equal([true, .. Enumerable.Repeat(false, taken.Count - 1)], taken);
    }

    /// <summary>One as it was signed, then what could be done to it.</summary>
    private static MailDirectory AlteredMails()
    {
        var mail = Signed.Mail(
            Mail(from: "Shop <shop@sender.test>", subject: "Pay 100", text: "Pay 100 now\n")).ToBytes();
        var directory = new MailDirectory();
        directory.Add(mail);
        directory.Add(Altered(mail, "Subject: Pay 1", '9'));
        directory.Add(Altered(mail, "\r\n\r\nPay 1", '9'));
        directory.Add(Altered(mail, "From: Shop <s", 'S'));
        directory.Add(Altered(mail, "List-Unsubscribe: <https://l", 'x'));
        directory.Add(Altered(mail, "Feedback-ID: b", 'x'));
        directory.Add([.. "Reply-To: thief@example.net\r\n"u8, .. mail]);
        directory.Add([.. "Subject: Another one\r\n"u8, .. mail]);
        directory.Add([.. "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"u8, .. mail]);
        directory.Add([.. mail, .. "more\r\n"u8]);
        return directory;
    }

    private static byte[] Altered(byte[] mail, string until, char to)
    {
        var altered = mail.ToArray();
        altered[mail.AsSpan().IndexOf(Encoding.ASCII.GetBytes(until)) + until.Length - 1] = (byte)to;
        Assert.NotEqual(mail, altered);
        return altered;
    }
}
