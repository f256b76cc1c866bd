using AkkaMail.Core.Mail;
using CsCheck;

namespace AkkaMail.Core.Tests.Mail;

public class MailboxTests
{
    [Theory]
    [InlineData("a@b.c", "", "a@b.c")]
    [InlineData("Ann Lee <a@b.example>", "Ann Lee", "a@b.example")]
    [InlineData("\"Lee, Ann\" <a@b.example>", "Lee, Ann", "a@b.example")]
    [InlineData(" <a@b.example> ", "", "a@b.example")]
    [InlineData("\"a b\"@b.example", "", "\"a b\"@b.example")]
    [InlineData("Łukasz <l.u-k+tag@b.example>", "Łukasz", "l.u-k+tag@b.example")]
    public void A_mailbox_is_a_name_and_an_address(string text, string name, string address)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out _));
        Assert.Equal((name, address), (mailbox.Name, mailbox.Address));
    }

    [Theory]
    [InlineData("a@bücher.example", "a@xn--bcher-kva.example", false)]
    [InlineData("A.B@EXAMPLE.COM", "A.B@example.com", false)]
    [InlineData("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", true)]
    public void The_envelope_has_a_labels_and_only_the_local_part_asks_for_smtputf8(
        string text, string envelope, bool utf8)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox, out _));
        Assert.Equal(envelope, mailbox.EnvelopeAddress);
        Assert.Equal(utf8, mailbox.NeedsSmtpUtf8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@b.example")]
    [InlineData("a@")]
    [InlineData("a@localhost")]
    [InlineData("a@b..example")]
    [InlineData("a@-b.example")]
    [InlineData("a@192.0.2.1")]
    [InlineData("a@[192.0.2.1]")]
    [InlineData("a..b@b.example")]
    [InlineData(".a@b.example")]
    [InlineData("a b@b.example")]
    [InlineData("a@b.example\r\nRCPT TO:<x@y.example>")]
    [InlineData("a\r\n@b.example")]
    [InlineData("Ann\nBcc: x@y.example <a@b.example>")]
    [InlineData("Ann <a@b.example")]
    [InlineData("a\u200b@b.example")]
    [InlineData("\"a\"b\"@b.example")]
    public void What_is_no_mailbox_is_refused_with_a_reason(string text)
    {
        Assert.False(Mailbox.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.True(Mailbox.TryParse(new string('a', 64) + "@b.example", out _, out _));
        Assert.False(Mailbox.TryParse(new string('a', 65) + "@b.example", out _, out _));
        Assert.False(Mailbox.TryParse(
            "a@" + string.Join('.', Enumerable.Repeat(new string('b', 60), 5)) + ".example", out _, out _));
    }

    [Fact]
    public void Whatever_is_taken_has_no_line_break_and_an_ascii_domain() =>
        Gen.String.Sample(text =>
        {
            if (!Mailbox.TryParse(text + "@b.example", out var mailbox, out _)) return;
            Assert.DoesNotContain('\r', mailbox.Name + mailbox.Address);
            Assert.DoesNotContain('\n', mailbox.Name + mailbox.Address);
            Assert.True(System.Text.Ascii.IsValid(mailbox.AsciiDomain));
        });
}
