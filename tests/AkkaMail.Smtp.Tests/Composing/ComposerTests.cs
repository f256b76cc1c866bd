using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Mime;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Composing;

public sealed class ComposerTests
{
    private static Task<ParsedMail> Read(StoredMail mail, int index = 0) =>
        ParsedMail.ReadAsync(Composed(mail, index).ToBytes());

    [Fact]
    public async Task A_text_mail_is_one_part_with_the_headers_it_needs_once()
    {
        var mail = await Read(Mail(to: "\"Ünal, A.\" <u@example.org>", cc: ["c@example.org"], subject: "Hello"));

        Assert.Equal(
            ["From", "To", "Cc", "Subject", "Date", "Message-Id", "MIME-Version", "Content-Type",
             "Content-Transfer-Encoding"],
            mail.Headers.Select(h => h[0]));
        Assert.Equal(["Ünal, A.", "u@example.org"], mail.To.Single());
        Assert.Equal($"<{Id}-0@example.com>", mail.Header("Message-ID"));
        Assert.Equal("Sun, 01 Mar 2026 12:00:00 +0000", mail.Header("Date"));
        Assert.Equal(("text/plain", "7bit", "Hi\n"),
            (mail.Body.Type, mail.Body.Encoding, mail.Body.Text!.ReplaceLineEndings("\n")));
        Assert.Empty(mail.Body.AllDefects);
    }

    [Fact]
    public async Task Text_html_pictures_and_files_nest_as_alternative_related_mixed()
    {
        byte[] picture = [0, 1, 2, 255], file = Encoding.UTF8.GetBytes("%PDF\r\n");
        var mail = await Read(Mail(text: "Hi", html: "<img src=\"cid:logo@x\">", attachments:
            [new("Größe.pdf", "application/pdf", null, file), new("logo.png", "image/png", "logo@x", picture)]));

        Assert.Equal("multipart/mixed", mail.Body.Type);
        Assert.Equal(["multipart/alternative", "application/pdf"], mail.Body.Parts.Select(p => p.Type));
        var related = mail.Body.Parts[0].Parts[1];
        Assert.Equal(["text/html", "image/png"], related.Parts.Select(p => p.Type));
        Assert.Equal(("<logo@x>", "inline"), (related.Parts[1].Cid, related.Parts[1].Disposition));
        Assert.Equal(picture, related.Parts[1].Bytes);
        Assert.Equal(("Größe.pdf", "attachment"), (mail.Body.Parts[1].Filename, mail.Body.Parts[1].Disposition));
        Assert.Equal(file, mail.Body.Parts[1].Bytes);
        Assert.Empty(mail.Body.AllDefects);
    }

    [Fact]
    public void An_answer_may_go_to_several()
    {
        var mail = Composed(Mail(replyTo: [new("Bj\u00f6rn", "b@example.com"), new("", "c@example.com")]));

        Assert.Equal("\"Bj\u00f6rn\" <b@example.com>, c@example.com",
            MimeKit.MimeMessage.Load(new MemoryStream(mail.ToBytes())).ReplyTo.ToString());
    }

    [Theory]
    [InlineData("text/calendar; method=REQUEST", "text/calendar")]
    [InlineData("Text/Calendar; charset=utf-8; method=\"CANCEL\"", "text/calendar")]
    public async Task An_invitation_stands_beside_text_and_HTML_and_is_no_file(string type, string shown)
    {
        var octets = Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\r\nSUMMARY:Gr\u00fc\u00dfe\r\nEND:VCALENDAR\r\n");
        var mail = await Read(Mail(text: "Hi", html: "<p>Hi</p>", attachments:
            [new("invite.ics", type, null, octets), new("plan.ics", "text/calendar", null, octets)]));

        Assert.Equal(["multipart/alternative", "text/calendar"], mail.Body.Parts.Select(p => p.Type));
        Assert.Equal(["text/plain", "text/html", shown], mail.Body.Parts[0].Parts.Select(p => p.Type));
        Assert.Equal(octets, mail.Body.Parts[0].Parts[2].Bytes);
        Assert.Equal(("plan.ics", "attachment"), (mail.Body.Parts[1].Filename, mail.Body.Parts[1].Disposition));
        Assert.Empty(mail.Body.AllDefects);
    }

    public static TheoryData<string, string> Files => new()
    {
        { "name,mail\r\nann,a@b.test\r\n", "7bit" },
        { "name,mail\nann,a@b.test\n", "quoted-printable" },          // A bare LF is no line end in mail.
        { "old\rmac\r", "quoted-printable" },
        { "no end", "quoted-printable" },
        { "ends in a blank \r\n\tand a tab\t\r\n", "quoted-printable" },
        { "From here\r\n.\r\n..two\r\n", "quoted-printable" },
        { "a=b \u0001\u007f\r\n\r\n\r\n", "quoted-printable" },
        { "Gr\u00fc\u00dfe\r\n", "base64" },
        { "nul\0\r\n", "base64" },
        { "", "quoted-printable" },
        { new string('x', 76) + "\r\n", "7bit" },
        { new string('x', 77) + "\r\n", "quoted-printable" },
        { new string('=', 5_000), "quoted-printable" },
    };

    [Theory, MemberData(nameof(Files))]
    public async Task A_text_file_that_is_ASCII_can_be_read_as_it_goes_and_arrives_octet_for_octet(
        string text, string encoding)
    {
        var mail = await Read(Mail(attachments: [new("a.csv", "text/csv", null, Encoding.UTF8.GetBytes(text))]));

        var file = mail.Body.Parts[1];
        Assert.Equal((encoding, text), (file.Encoding, Encoding.UTF8.GetString(file.Bytes!)));
        Assert.All(Encoding.ASCII.GetString(Composed(Mail(attachments:
            [new("a.csv", "text/csv", null, Encoding.UTF8.GetBytes(text))])).ToBytes()).Split("\r\n"),
            line => Assert.InRange(line.Length, 0, 100));
    }

    public static TheoryData<string, string> Texts => new()
    {
        { "Grüße\r\naus Köln am Rhein, und von allen, die hier arbeiten\n", "quoted-printable" },
        { "日本語の本文です\n", "base64" },
        { new string('x', 3000) + "\n", "quoted-printable" },   // No line can hold it as it is.
        { "one\rtwo\r\nthree\n.dot\n\n", "7bit" },
        { "tab\tand \u0007 bell = \n", "quoted-printable" },
    };

    [Theory, MemberData(nameof(Texts))]
    public async Task Any_text_arrives_whole_over_seven_bits(string text, string encoding)
    {
        var mail = await Read(Mail(text: text));

        Assert.Equal(encoding, mail.Body.Encoding);
        Assert.Equal(text.Replace("\r\n", "\n").Replace('\r', '\n'), mail.Body.Text!.Replace("\r\n", "\n"));
        Assert.True(mail.IsAscii);
        Assert.Equal(0, mail.BareLines);
        Assert.InRange(mail.Longest, 1, 998);
    }

    [Fact]
    public async Task Names_and_subjects_outside_ascii_are_encoded_words()
    {
        var subject = "Ваш заказ № 42 — " + string.Concat(Enumerable.Repeat("длинный ", 20)) + "🎉";
        var mail = await Read(Mail(from: "Käufer & Söhne <a@bücher.example>", subject: subject,
            headers: [new("X-Town", "Köln")]));

        Assert.Equal(subject, mail.Header("Subject"));
        Assert.Equal("Köln", mail.Header("X-Town"));
        Assert.Contains("Käufer & Söhne", mail.Header("From"), StringComparison.Ordinal);
        Assert.Contains("a@xn--bcher-kva.example", mail.Header("From"), StringComparison.Ordinal);
        Assert.True(mail.IsAscii);
    }

    [Fact]
    public void A_local_part_outside_ascii_makes_utf8_headers()
    {
        var composed = Composed(Mail(to: "Jörg <jörg@example.org>", subject: "Grüße"));
        var text = Encoding.UTF8.GetString(composed.ToBytes());

        Assert.True(composed.NeedsSmtpUtf8);
        Assert.Equal("jörg@example.org", composed.RcptTo);
        Assert.Contains("\r\nTo: Jörg <jörg@example.org>\r\nSubject: Grüße\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_recipients_stand_nowhere_and_get_the_same_bytes()
    {
        var stored = Mail(cc: ["c@example.org"], bcc: ["hidden@example.net", "jörg@example.net"]);
        var mail = await Read(stored, 2);

        Assert.Null(mail.Header("Bcc"));
        var text = Encoding.UTF8.GetString(Composed(stored, 2).ToBytes());
        Assert.DoesNotContain("example.net", text, StringComparison.Ordinal);
        Assert.Equal("hidden@example.net", Composed(stored, 2).RcptTo);
        Assert.All([1, 2, 3], i => Assert.Equal(Composed(stored, 0).ToBytes(), Composed(stored, i).ToBytes()));
        Assert.Equal([false, false, false, true],
            Enumerable.Range(0, 4).Select(i => Composed(stored, i).NeedsSmtpUtf8));
    }

    [Fact]
    public void The_same_message_has_the_same_bytes_every_time_and_knows_their_number()
    {
        StoredMail Make() =>
            Mail(html: "<b>Grüße</b>", attachments: [new("a.bin", "application/x-a", null, new byte[999])]);

        Assert.Equal(Composed(Make()).ToBytes(), Composed(Make()).ToBytes());
        Assert.Equal(Composed(Make()).ToBytes().Length, Composed(Make()).Size);
    }

    [Fact]
    public async Task Declared_variables_are_filled_and_others_stay()
    {
        var mail = await Read(Mail(subject: "Hi {{name}}", ownSubject: "Dear {{name}}",
            text: "{{name}} {{ name }} {{other}} {{", html: "<p>{{name}}</p>", variables: [new("name", "<A&\r\nB>")]));

        Assert.Equal("Dear <A& B>", mail.Header("Subject"));
        Assert.Equal("<A&\nB> <A&\nB> {{other}} {{", mail.Body.Parts[0].Text!.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.Equal("<p>&lt;A&amp;\nB&gt;</p>", mail.Body.Parts[1].Text!.ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    [Fact]
    public async Task A_mails_own_header_takes_the_place_of_the_submissions()
    {
        var mail = await Read(Mail(headers: [new("X-A", "1"), new("X-B", "2")], ownHeaders: [new("x-a", "3")]));

        Assert.Equal(("3", "2"), (mail.Header("X-A"), mail.Header("X-B")));
    }
}
