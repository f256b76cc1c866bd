using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Load;

/// <summary>
/// CPU milliseconds of a message: composed and measured without a signature, then with each. What a signature costs is
/// the difference.
/// </summary>
internal static class Sign
{
    private const string Domain = "sender.test";
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static int Run(Arguments args)
    {
        var (messages, size) = (args.Number("messages", 5000), args.Number("size", 4096));
        var text = string.Concat(
            Enumerable.Repeat("A line of a newsletter as people write them, some words long.\n", size / 62));
        var envelope = new MailEnvelope([Box("Ada <ada@example.org>")], [], [], null, [], [], []);
        var mail = new StoredMail(new("News of the week", text, $"<p>{text}</p>", []),
            new(Box($"Shop <shop@{Domain}>"), [], [], [envelope]));
        var (rsa, ed25519) = (Key(DkimAlgorithm.RsaSha256), Key(DkimAlgorithm.Ed25519Sha256));
        (string Name, ImmutableArray<SigningKey> Keys)[] ways =
            [("none", []), ("rsa", [rsa]), ("ed25519", [ed25519]), ("both", [rsa, ed25519])];
        foreach (var way in ways) Measure(way.Keys, mail, messages / 5 + 1);   // Until the code is compiled.

        var none = 0.0;
        foreach (var (name, keys) in ways)
        {
            var cost = Measure(keys, mail, messages);
            if (keys.IsEmpty) none = cost;
            Print($"{name}_cpu_ms", cost);
            if (!keys.IsEmpty) Print($"{name}_signing_cpu_ms", cost - none);
        }
        return 0;
    }

    private static double Measure(ImmutableArray<SigningKey> keys, StoredMail mail, int messages)
    {
        var identity = new OutgoingIdentity { SignFor = (_, _) => keys };
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var n = 0; n < messages; n++)
        {
            var facts = new MessageFacts(new(SubmissionId.Create(0, At, (ulong)n), 0), "acme", "broadcast", At);
            var composed = (ComposedMail)Composer.Compose(mail, facts, identity);
            _ = composed.Size;   // Asked for by every delivery.
            composed.Message.Dispose();
        }
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / messages;
    }

    private static SigningKey Key(DkimAlgorithm algorithm) =>
        new(Domain, "bench", algorithm, NewKey.Generate(algorithm).Pkcs8);

    private static Mailbox Box(string text) =>
        Mailbox.TryParse(text, out var box, out var problem) ? box : throw new ArgumentException(problem);

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.000}"));
}
