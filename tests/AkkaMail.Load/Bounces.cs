using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Inbound;

namespace AkkaMail.Load;

/// <summary>
/// How fast replies and bounce mails are classified on one core, and how long the worst input takes, hostile ones too.
/// </summary>
internal static class Bounces
{
    private const int HostileBytes = 1_000_000;

    public static int Run(Arguments arguments)
    {
        var rounds = arguments.Number("rounds", 20);
        var rules = BounceRulesReader.Shipped;
        string[] replies = [.. File.ReadLines(Beside("replies.tsv")).Skip(1).Select(line => line.Split('\t')[0])];
        byte[][] mails = [.. Directory.GetFiles(Beside("mail")).Select(File.ReadAllBytes)];

        Measure("replies", replies, rounds, reply => rules.Classify(reply));
        Measure("mails", mails, rounds, mail => BounceMails.Parse(BounceMailReader.Read(mail), rules));
        foreach (var (name, text) in HostileTexts(replies))
            Worst($"hostile_reply_{name}", () => rules.Classify(text));
        foreach (var (name, bytes) in HostileMails(replies))
            Worst($"hostile_mail_{name}", () => BounceMails.Parse(BounceMailReader.Read(bytes), rules));
        return 0;
    }

    private static void Measure<T>(string name, T[] inputs, int rounds, Action<T> classify)
    {
        for (var i = 0; i < 3; i++)
            foreach (var input in inputs) classify(input);   // Compiled by now.
        var all = Stopwatch.StartNew();
        for (var i = 0; i < rounds; i++)
            foreach (var input in inputs) classify(input);
        Say($"{name}_per_second", rounds * inputs.Length / all.Elapsed.TotalSeconds);
        Say($"{name}_slowest_ms", inputs.Max(input => Median(() => classify(input))));
    }

    private static void Worst(string name, Action classify)
    {
        for (var i = 0; i < 3; i++) classify();
        Say($"{name}_ms", Median(classify));
    }

    /// <summary>Of some, in milliseconds: the machine has other things to do too.</summary>
    private static double Median(Action classify) => Enumerable.Range(0, 21).Select(_ =>
    {
        var one = Stopwatch.GetTimestamp();
        classify();
        return Stopwatch.GetElapsedTime(one).TotalMilliseconds;
    }).Order().ElementAt(10);

    private static void Say(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.###}"));

    private static IEnumerable<(string, string)> HostileTexts(string[] replies)
    {
        yield return ("one_letter", new('a', HostileBytes));
        yield return ("spaces", new(' ', HostileBytes));
        yield return ("digits", Repeat("5.5.5.5.", HostileBytes));
        yield return ("prefixes", Repeat("550 user mailbox account recipient ", HostileBytes));
        yield return ("all_at_once", string.Join(' ', replies));
        yield return ("addresses", Repeat("a@b ", HostileBytes));
    }

    private static IEnumerable<(string, byte[])> HostileMails(string[] replies)
    {
        const string Head = "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.test\r\nSubject: Undelivered Mail\r\n";
        foreach (var (name, text) in HostileTexts(replies))
            yield return (name, Bytes($"{Head}\r\n{text}"));
        yield return ("header_lines", Bytes(Head + Repeat("X: y\r\n", HostileBytes)));
        yield return ("folded_header", Bytes(Head + "To: " + Repeat("a@b.test,\r\n ", HostileBytes)));
        yield return ("at_signs", Bytes($"{Head}\r\n{Repeat("@@@@", HostileBytes)}"));
        yield return ("short_lines", Bytes($"{Head}\r\n{Repeat("<a@b.test>:\n", HostileBytes)}"));
        yield return ("open_tags", Bytes($"{Head}Content-Type: text/html\r\n\r\n{Repeat("<style>", HostileBytes)}"));
        const string Multipart = "Content-Type: multipart/mixed; boundary=x\r\n\r\n";
        yield return ("parts", Bytes(Head + Multipart + Repeat("--x\r\n\r\n", HostileBytes)));
        yield return ("nesting", Bytes(Head + Repeat($"{Multipart}--x\r\n", HostileBytes)));
        yield return ("mails_in_mails", Bytes(Head + Repeat("Content-Type: message/rfc822\r\n\r\n", HostileBytes)));
        yield return ("statuses", Bytes($"{Head}Content-Type: message/delivery-status\r\n\r\n"
            + Repeat("Final-Recipient: rfc822;a@b.test\r\nAction: failed\r\n\r\n", HostileBytes)));
        yield return ("recipients", Bytes($"{Head}Content-Type: message/delivery-status\r\n\r\n" + string.Concat(
            Enumerable.Range(0, 10_000).Select(i => $"Final-Recipient: rfc822;a{i}@b.test\r\nStatus: 5.0.0\r\n\r\n"))));
        yield return ("told_recipients", Bytes($"{Head}Content-Type: message/delivery-status\r\n\r\n" + string.Concat(
            replies.Select((r, i) => $"Final-Recipient: rfc822;a{i}@b.test\r\nDiagnostic-Code: smtp;{r}\r\n\r\n"))));
        yield return ("noise", [.. Enumerable.Range(0, HostileBytes).Select(i => (byte)(i * 2_654_435_761L >> 13))]);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Repeat(string text, int length) =>
        string.Concat(Enumerable.Repeat(text, length / text.Length));

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, "bounces", name);
}
