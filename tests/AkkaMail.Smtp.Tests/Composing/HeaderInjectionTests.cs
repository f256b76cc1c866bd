using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using CsCheck;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Composing;

public sealed class HeaderInjectionTests
{
    private static readonly Gen<string> Nasty = Gen.OneOf(
        Gen.String[Gen.Char["\r\n\0\t :;<>@ab.=?ü\u2028\u0085"], 0, 40], Gen.String,
        Gen.Const("x\r\nBcc: evil@example.net\r\n\r\nbody"));

    [Fact]
    public void No_value_makes_a_header_of_its_own() =>
        Gen.Select(Nasty, Nasty, Nasty, Nasty).Sample((name, value, subject, filename) =>
        {
            var stored = Mail(subject: subject, headers: [new(name, value)], variables: [new("v", value)],
                attachments: [new(filename, value, null, [1, 2, 3])]);
            var composition = Composer.Compose(stored, new(Id, 0), Noon);
            if (composition is not ComposedMail mail)
            {
                Assert.True(HeaderRules.Problem(name, value) is not null, $"{composition}");
                return;
            }

            var text = Encoding.UTF8.GetString(mail.ToBytes());
            var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
            var names = head.Split("\r\n").Where(l => l[0] is not (' ' or '\t'))
                .Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)]);
            Assert.Equal(["From", "To", "Subject", "Date", "Message-Id", name, "MIME-Version", "Content-Type"], names);
            Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        }, iter: 2000);

    [Theory]
    [InlineData("From", "a@b.c")]
    [InlineData("content-type", "text/html")]
    [InlineData("DKIM-Signature", "v=1")]
    [InlineData("X Y", "space")]
    [InlineData("X:Y", "colon")]
    [InlineData("", "empty")]
    [InlineData("X-A", "line\r\nBcc: a@b.c")]
    [InlineData("X-A", "nul\0")]
    public void A_header_that_is_ours_or_not_one_is_unsendable(string name, string value)
    {
        var composition = Composer.Compose(Mail(headers: [new(name, value)]), new(Id, 0), Noon);

        Assert.IsType<Uncomposable>(composition);
    }

    [Fact]
    public void Content_ids_cannot_end_their_line()
    {
        var mail = Mail(html: "x", attachments: [new("a", "image/png", "x>\r\nBcc: a@b.c", [1])]);

        Assert.IsType<Uncomposable>(Composer.Compose(mail, new(Id, 0), Noon));
    }
}
