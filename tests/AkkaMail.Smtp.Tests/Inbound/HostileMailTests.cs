using System.Text;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Inbound;
using CsCheck;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>Whatever comes to the return path, there is an answer, and it is bounded.</summary>
public sealed class HostileMailTests
{
    private const string Head = "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.test\r\nSubject: Undelivered Mail\r\n";

    private static readonly List<byte[]> Mails =
        [.. Corpus.All.Select(e => e.File).Distinct().Order().Where((_, i) => i % 8 == 0).Select(Corpus.Mail)];

    [Fact]
    public void Random_bytes() => Gen.Byte.Array[0, 2_000].Sample(Holds);

    [Fact]
    public void A_mail_that_ends_anywhere() => Gen.Select(Gen.Int[0, Mails.Count - 1], Gen.Double[0, 1])
        .Sample((mail, share) => Holds(Mails[mail][..(int)(Mails[mail].Length * share)]));

    [Fact]
    public void A_mail_with_bytes_changed() =>
        Gen.Select(Gen.Int[0, Mails.Count - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 50])
            .Sample((mail, changes) =>
            {
                var bytes = Mails[mail].ToArray();
                foreach (var (at, value) in changes) bytes[(int)(at * (bytes.Length - 1))] = value;
                Holds(bytes);
            }, iter: 300);

    [Fact]
    public void Lines_of_two_mails_mixed() =>
        Gen.Select(Gen.Int[0, Mails.Count - 1], Gen.Int[0, Mails.Count - 1], Gen.Int[1, 7]).Sample((one, other, every)
        =>
        {
            var (a, b) = (Lines(Mails[one]), Lines(Mails[other]));
            Holds(Encoding.Latin1.GetBytes(string.Join('\n', a.Select((line, i) =>
                i % every == 0 && i < b.Length ? b[i] : line))));
        }, iter: 200);

    public static TheoryData<string, string> Shapes => new()
    {
        { "one huge line", new string('a', 1_000_000) },
        { "a huge header line", $"To: {new string('a', 1_000_000)}\r\n\r\nx" },
        { "many header lines", Many("X: y\r\n") },
        { "a folded header", "To: " + Many("a@b.test,\r\n ") },
        { "many parts", "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + Many("--x\r\n\r\n") },
        { "deep parts", Many("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n") },
        { "mails in mails", Many("Content-Type: message/rfc822\r\n\r\n") },
        { "reports in reports", Many("Content-Type: message/rfc822\r\n\r\n" + Head) },
        { "NULs", "\0\0Subject\0: \0\r\n\r\n\0<a@b.test>\0:\0" },
        { "bare CR", "X: y\rZ: a\r\r<a@b.test>:\r550 no\r" },
        { "an unknown charset", "Content-Type: text/plain; charset=\"no-such-\0\"\r\n\r\n<a@b.test>: 550 \xff\xfe" },
        { "UTF-7", "Content-Type: text/plain; charset=utf-7\r\n\r\n<a@b.test>: 550 +AGE-" },
        { "broken base64", "Content-Transfer-Encoding: base64\r\n\r\n====!!!!" + Many("A=") },
        { "broken encoded words", "Subject: =?utf-8?B?////?= =?x?Q?=zz?=\r\n\r\nx" },
        { "no boundary", "Content-Type: multipart/report\r\n\r\n<a@b.test>: 550 no" },
        { "statuses", "Content-Type: message/delivery-status\r\n\r\n" + Many("Final-Recipient: rfc822;a@b.test\r\n\r\n") },
        { "recipients", "\r\n" + Many("<a@b.test>:\n") },
        { "at signs", "\r\n" + Many("@") },
        { "tags", "Content-Type: text/html\r\n\r\n" + Many("<style><") },
        { "JSON", "\r\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[1,{\"emailAddress\":2}]}}" },
        { "deep JSON", "\r\n{\"notificationType\":" + Many("[") },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_hostile_shape(string name, string mail)
    {
        Assert.NotEmpty(name);
        Holds(Encoding.Latin1.GetBytes(mail.StartsWith('\r') || name.StartsWith('m') ? Head + mail : mail));
        Holds(Encoding.Latin1.GetBytes(Head + mail));
    }

    /// <summary>Work is bounded because what is behind the bound is not looked at.</summary>
    [Fact]
    public void What_is_behind_the_bound_changes_nothing()
    {
        var mail = Encoding.Latin1.GetBytes(
            $"{Head}\r\n<ann@a.test>:\n550 5.1.1 User unknown\n\n{new string('x', BounceMailReader.BytesMax)}");

        Assert.Equal(Corpus.Parse(mail), Corpus.Parse([.. mail, .. "\n<bob@a.test>:\n550 User unknown\n"u8]));
    }

    private static void Holds(byte[] mail)
    {
        var read = BounceMailReader.Read(mail);
        var results = BounceMails.Parse(read, BounceRulesReader.Shipped);

        Assert.InRange(read.Parts.Length, 0, ParsedMail.PartsMax);
        Assert.InRange(results.Length, 0, BounceResult.Max);
        Assert.All(results, r => Assert.InRange(r.Reply.Length, 0, SmtpReply.TextMax));
        Assert.All(results, r => Assert.InRange(r.Recipient.Length, 0, 320));
    }

    private static string[] Lines(byte[] mail) => Encoding.Latin1.GetString(mail).Split('\n');

    private static string Many(string text) => string.Concat(Enumerable.Repeat(text, 300_000 / text.Length));
}
