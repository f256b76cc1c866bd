using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Seals;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.Smtp.Tests.Signing;

/// <summary>A domain with keys, and mails signed for it.</summary>
internal static class Signed
{
    public const string Domain = "sender.test";
    public static readonly byte[] VerpKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly ImmutableArray<(string Selector, NewKey Key)> Made =
    [
        ("akkamail-r1", NewKey.Generate(DkimAlgorithm.RsaSha256)),
        ("akkamail-e1", NewKey.Generate(DkimAlgorithm.Ed25519Sha256)),
    ];

    public static ImmutableArray<SigningKey> Keys { get; } =
        [.. Made.Select(m => new SigningKey(Domain, m.Selector, m.Key.Algorithm, m.Key.Pkcs8))];

    public static SendingDomain Sending { get; } = SendingDomain.Of(Domain) with
    {
        Keys = [.. Made.Select(m => new DomainKey(m.Selector, m.Key.Algorithm, m.Key.PublicPart))],
    };

    public static InstallationFacts Facts { get; } =
        new(["ip4:127.0.0.1"], "mx.engine.test", "link.engine.test", "dmarc@engine.test")
        { TlsReports = "tls@engine.test", MtaSts = ("20260301", "sts.engine.test") };

    public static OutgoingIdentity Identity { get; } = new()
    {
        SignFor = (_, domain) => domain == Domain ? Keys : [],
        Unsubscribe = (message, at) => new(new($"{at}/u/{message}"), "u@bounce.sender.test"),
        Feedback = message => FeedbackToken.Of(message, VerpKey),
        ReturnPath = (m, domain) => VerpAddress.Of(m.Id, $"bounce.{domain}", VerpKey),
    };

    public static MessageFacts Message(int index = 0) =>
        new(new(Mails.Id, index), "acme", Streams.Broadcast, Mails.Noon);

    public static Dressing Dressing { get; } = new(
        "https://link.sender.test", "feedback@bounce.sender.test", FeedbackId.Of(Streams.Broadcast, "acme"));

    public static ComposedMail Mail(StoredMail mail, int index = 0) => Assert.IsType<ComposedMail>(
        Composer.Compose(mail with { Envelope = mail.Envelope with { Dressing = Dressing } }, Message(index), Identity));

    public static Task<Zone> ZoneAsync() => Zone.StartAsync(DnsRecords.For(Sending, Facts));
}
