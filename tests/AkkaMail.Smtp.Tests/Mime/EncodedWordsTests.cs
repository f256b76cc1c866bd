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

    private static byte[] Written(string[] head, string name) => Encoding.ASCII.GetBytes(string.Join("\r\n",
        head.SkipWhile(l => !l.StartsWith(name + ":", StringComparison.Ordinal))
            .TakeWhile((l, i) => i == 0 || l[0] is ' ' or '\t'))[(name.Length + 1)..]);
}
