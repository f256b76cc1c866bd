using System.Text;
using AkkaMail.Core.Inbound;
using AkkaMail.Smtp.Inbound;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>MIME becomes the structure that Core decides upon; what it decides is tested there.</summary>
public sealed class BounceMailReaderTests
{
    [Fact]
    public void A_status_is_a_part_with_its_fields_as_they_stand()
    {
        var mail = Read("""
            From: MAILER-DAEMON@mx.test
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Empf=E4nger unbekannt
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.test

            Final-Recipient: rfc822; ann@a.test
            Diagnostic-Code: smtp; 550 5.1.1
              User unknown
            --b--
            """);

        Assert.Equal(("MAILER-DAEMON@mx.test", "Undelivered Mail Returned to Sender"),
            (mail.Header("from"), mail.Header("subject")));
        Assert.Equal(
        [
            new("text/plain", "Empfänger unbekannt"),
            new("message/delivery-status", """
                Reporting-MTA: dns; mx.test

                Final-Recipient: rfc822; ann@a.test
                Diagnostic-Code: smtp; 550 5.1.1
                  User unknown
                """),
        ], mail.Parts.Select(p => p with { Text = p.Text.ReplaceLineEndings("\n") }));
        Assert.Null(mail.Returned);
    }

    [Fact]
    public void The_mail_within_a_complaint_stands_beside_its_parts()
    {
        var mail = Read("""
            From: fbl@provider.test
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            Original-Rcpt-To: ann@a.test
            --b
            Content-Type: message/rfc822

            From: us@sender.test
            To: somebody@else.test

            Hello
            --b--
            """);

        Assert.Equal(["message/feedback-report"], mail.Parts.Select(p => p.Type));
        Assert.Equal(("us@sender.test", "somebody@else.test"),
            (mail.Returned!.Header("From"), mail.Returned.Header("To")));
        Assert.Equal(["Hello"], mail.Returned.Parts.Select(p => p.Text.Trim()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header at all")]
    public void What_is_no_mail_says_nothing(string mail) => Assert.Empty(Corpus.Parse(Encoding.UTF8.GetBytes(mail)));

    private static ParsedMail Read(string mail) => BounceMailReader.Read(Encoding.UTF8.GetBytes(mail));
}
