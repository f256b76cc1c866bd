using System.Text;
using AkkaMail.Core.Mail;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Signing;

/// <summary>Mails of many kinds; what people, programs and other mail systems write.</summary>
internal static class Variety
{
    private const string From = "Shop <shop@sender.test>";

    public static IEnumerable<(string Name, StoredMail Mail)> All() => Hard().Concat(Generated()).Concat(Corpus());

    /// <summary>The cases canonical forms are known to break on.</summary>
    public static IEnumerable<(string Name, StoredMail Mail)> Hard() =>
    [
        ("plain", Mail(from: From)),
        ("empty body", Mail(from: From, text: "")),
        ("no body", Mail(from: From, text: null)),
        ("only line ends", Mail(from: From, text: "\n\n\n\n")),
        ("only spaces", Mail(from: From, text: "   \n\t\n  ")),
        ("line ends after", Mail(from: From, text: "text\n\n\n\n\n")),
        ("line ends before", Mail(from: From, text: "\n\n\ntext")),
        ("no line end", Mail(from: From, text: "text")),
        ("spaces at line ends", Mail(from: From, text: "a \nb\t \nc  \t  \n")),
        ("spaces inside", Mail(from: From, text: "a  b\t\tc \t d\n")),
        ("space before", Mail(from: From, text: " a\n\tb\n")),
        ("dot lines", Mail(from: From, text: ".\n..\n...\n.a\n.\n")),
        ("dot in last line", Mail(from: From, text: "a\n.")),
        ("from lines", Mail(from: From, text: "From here\n>From there\n")),
        ("998", Mail(from: From, text: new string('x', 998) + "\n")),
        ("999", Mail(from: From, text: new string('x', 999) + "\n")),
        ("997 and a dot", Mail(from: From, text: "." + new string('x', 997) + "\n")),
        ("998 of words", Mail(from: From, text: string.Concat(Enumerable.Repeat("word ", 199)) + "end\n")),
        ("5000", Mail(from: From, text: new string('x', 5000))),
        ("8 bit", Mail(from: From, text: "Grüße aus Köln, žluťoučký kůň\n")),
        ("8 bit and spaces", Mail(from: From, text: "Grüße  \n\n aus \t Köln \n")),
        ("base64 body", Mail(from: From, text: "日本語の本文です。\n\n終わり\n")),
        ("emoji", Mail(from: From, subject: "🎉🎉", text: "🎉\n")),
        ("equals", Mail(from: From, text: "a=b=c=\n=\n=3D\n")),
        ("control", Mail(from: From, text: "bell \u0007 and form \f feed\n")),
        ("bare cr", Mail(from: From, text: "a\rb\r\rc\n")),
        ("unicode subject",
            Mail(from: From, subject: "Ваш заказ № 42 — " + string.Concat(Enumerable.Repeat("длинный ", 30)))),
        ("long subject", Mail(from: From, subject: string.Concat(Enumerable.Repeat("a long subject ", 40)))),
        ("subject of one word", Mail(from: From, subject: new string('s', 300))),
        ("empty subject", Mail(from: From, subject: "")),
        ("spaces in subject", Mail(from: From, subject: "  two  spaces\t and a tab  ")),
        ("unicode names", Mail(from: "Käufer & Söhne <shop@sender.test>", to: "Ünal, A. <u@example.org>")),
        ("quoted names", Mail(from: "\"Shop; \\\"the\\\" (one)\" <shop@sender.test>")),
        ("many recipients", Mail(from: From,
            cc: [.. Enumerable.Range(0, 60).Select(i => $"Number {i} of many <c{i}@example.org>")])),
        ("long header", Mail(from: From, headers: [new("X-Long", string.Concat(Enumerable.Repeat("words ", 600)))])),
        ("unicode header", Mail(from: From, headers: [new("X-Town", "Köln und " + new string('ü', 200))])),
        ("headers twice", Mail(from: From, headers: [new("References", "<a@b>"), new("References", "<c@d>")])),
        ("threaded", Mail(from: From, headers: [new("In-Reply-To", "<a@b>"), new("References", "<a@b> <c@d>")])),
        ("own unsubscribe", Mail(from: From, headers: [new("List-Unsubscribe", "<https://sender.test/u>")])),
        ("list id", Mail(from: From, headers: [new("List-ID", "News <news.sender.test>"), new("Precedence", "bulk")])),
        ("html", Mail(from: From, text: null, html: "<p>Grüße</p>\n")),
        ("alternative", Mail(from: From, text: "a\n", html: "<p>a</p>")),
        ("minified html", Mail(from: From, html: string.Concat(Enumerable.Repeat("<td>cell</td>", 500)))),
        ("picture", Mail(
            from: From, html: "<img src='cid:a@b'>", attachments: [new("a.png", "image/png", "a@b", Bytes(1, 3000))])),
        ("file", Mail(
            from: From, attachments: [new("Größe  und  Maß.pdf", "application/pdf", null, Bytes(2, 70_000))])),
        ("empty file", Mail(from: From, attachments: [new("empty", "text/plain", null, [])])),
        ("many files", Mail(from: From, html: "<b>x</b>", attachments:
            [.. Enumerable.Range(0, 8).Select(i =>
                new Attachment($"f{i}.bin", "application/x-f", null, Bytes(i, i * 100)))])),
        ("utf-8 recipient", Mail(from: From, to: "Jörg <jörg@example.org>", subject: "Grüße", text: "Grüße\n")),
        ("variables", Mail(from: From, subject: "Hi {{n}}", text: "{{n}} ", variables: [new("n", "  Ada  ")])),
    ];

    /// <summary>Random, but the same each time.</summary>
    private static IEnumerable<(string, StoredMail)> Generated()
    {
        string[] words =
            ["a", "the", "Größe", " ", "  ", "\t", "\n", "\n\n", "\r\n", ".", "\n.", "=", "日本", "🎉", "From ",
            "\nFrom ", "<b>", "&amp;", "x@y.z", "http://sender.test/a?b=c", "--", "=_mixed", new('w', 90)];
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            string Text(int max) =>
                string.Concat(Enumerable.Range(0, random.Next(max)).Select(_ => words[random.Next(words.Length)]));
            string Line(int max) => string.Concat(Text(max).Where(c => !char.IsControl(c)));
            yield return (
                $"generated {seed}", Mail(from: From, subject: Line(12), text: random.Next(4) == 0 ? null : Text(300),
                html: random.Next(2) == 0 ? null : Text(300),
                headers: random.Next(3) == 0 ? [new("X-Own", Line(30))] : [],
                attachments: random.Next(3) > 0 ? []
                    : [new(Line(4), "application/octet-stream", null, Bytes(seed, random.Next(5000)))]));
        }
    }

    private static IEnumerable<(string, StoredMail)> Corpus()
    {
        foreach (var file in Directory.GetFiles(
            Path.Combine(AppContext.BaseDirectory, "Signing", "Corpus"), "*.eml").Order())
        {
            var bytes = File.ReadAllBytes(file);
            var name = Path.GetFileNameWithoutExtension(file);
            // What is no UTF-8 becomes a replacement character, as in any JSON a caller would have sent.
            yield return ($"{name} as text", Mail(from: From, text: Encoding.UTF8.GetString(bytes)));
            yield return (
                $"{name} as file", Mail(from: From, attachments: [new($"{name}.eml", "message/rfc822", null, bytes)]));
        }
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
