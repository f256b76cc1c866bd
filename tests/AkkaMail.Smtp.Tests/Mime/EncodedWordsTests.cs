using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Tests.Composing;
using CsCheck;
using MimeKit;
using MimeKit.Utils;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Mime;

/// <summary>Text arrives as it was given, also text that somebody else would have decoded (RFC 2047).</summary>
public sealed class EncodedWordsTests
{
    private static StoredMail Saying(string name, string subject) => Mail(subject: subject) with
    {
        Envelope = new(new(name, "shop@example.com"), [new(name, "re@example.com")], [new("X-Word", name)],
            [new([new(name, "ann@example.org"), new("Bob", "bob@example.org")], [], [], null, [], [], [])]),
    };

    [Theory]
    [InlineData("=?utf-8?q?Pay_now=0D=0ABcc=3A_x@y.test?=")]
    [InlineData("=?utf-8?b?UGF5UGFs?=")]
    [InlineData("a =? b ?= c")]
    [InlineData("Grüße, \"Jörg\" <x@y.test>")]
    [InlineData("日本語日本語日本語")]
    public async Task It_is_read_as_it_was_given(string text)
    {
        var mail = await ParsedMail.ReadAsync(Composed(Saying(text, $"Hello {text}")).ToBytes());

        Assert.Equal(($"Hello {text}", text), (mail.Header("Subject"), mail.Header("X-Word")));
        Assert.Equal([text, "ann@example.org"], mail.To[0]);
        Assert.Equal(["Bob", "bob@example.org"], mail.To[1]);
    }

    [Fact]
    public void A_word_has_75_characters_and_its_line_76()
    {
        var text = Gen.String[Gen.OneOf(Gen.Char["=?_ utf-8qb<>\"@,ab"], Gen.Char["äß日本Ж"]), 1, 300];

        Gen.Select(text, text).Sample((subject, name) =>
        {
            var head = Encoding.ASCII.GetString(Composed(Saying(name, subject)).ToBytes())
                .Split("\r\n\r\n")[0].Split("\r\n");

            foreach (var line in head.Where(l => l.Contains("=?utf-8?", StringComparison.Ordinal)))
            {
                Assert.InRange(line.Length, 1, 76);
                Assert.All(line.Split(' ').Where(w => w.StartsWith("=?", StringComparison.Ordinal)),
                    word => Assert.InRange(word.Length, 1, 75));
            }
            Assert.Equal(subject.Trim(), Rfc2047.DecodeText(Written(head, "Subject")).Trim());
            var from = InternetAddressList.Parse(Written(head, "From"));
            Assert.Equal(name.Trim(), from.Single().Name!.Trim());
        }, iter: 2_000);
    }

    [Fact]
    public void ASCII_without_a_blank_to_fold_at_has_no_longer_lines()
    {
        var head = Encoding.ASCII.GetString(Composed(Saying("Ann", new('x', 500))).ToBytes())
            .Split("\r\n\r\n")[0].Split("\r\n");

        Assert.All(head.Where(l => l.Contains("=?", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 1, 76));
        Assert.Equal(new string('x', 500), Rfc2047.DecodeText(Written(head, "Subject")).Trim());
    }

    [Theory]
    [InlineData("=?utf-8?q?x.exe?=")]
    [InlineData("=?utf-8?b?UGF5UGFs?= \"1\" 100%.pdf")]
    [InlineData("a =? Grüße 🎉 and a name that is as long as one that has to go on more than one line.pdf")]
    public async Task The_name_of_a_file_is_read_as_it_was_given(string name)
    {
        var mail = Composed(Mail(attachments: [new(name, "text/csv; charset=utf-8", null, [1, 2])]));

        var file = (await ParsedMail.ReadAsync(mail.ToBytes())).Body.Parts[1];
        Assert.Equal((name, "text/csv", "attachment"), (file.Filename, file.Type, file.Disposition));
        var type = MimeMessage.Load(new MemoryStream(mail.ToBytes())).Attachments.Single().ContentType;
        Assert.Equal((name, "utf-8"), (type.Name, type.Charset));
        var head = Encoding.ASCII.GetString(mail.ToBytes());
        Assert.DoesNotContain("=?", head, StringComparison.Ordinal);
        Assert.All(head.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    private static byte[] Written(string[] head, string name) => Encoding.ASCII.GetBytes(string.Join("\r\n",
        head.SkipWhile(l => !l.StartsWith(name + ":", StringComparison.Ordinal))
            .TakeWhile((l, i) => i == 0 || l[0] is ' ' or '\t'))[(name.Length + 1)..]);
}
