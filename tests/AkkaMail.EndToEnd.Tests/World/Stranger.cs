using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Somebody's domain that has nothing to do with us, and signs its mail.</summary>
internal static class Stranger
{
    public const string Domain = "far.test";

    private static readonly NewKey Key = NewKey.Generate(DkimAlgorithm.RsaSha256);

    public static readonly string[] Zone =
    [
        $"{Domain}. 300 IN TXT \"v=spf1 ip4:127.0.0.1 -all\"",
        $"_dmarc.{Domain}. 300 IN TXT \"v=DMARC1; p=reject\"",
        .. DnsRecords.For(
            SendingDomain.Of(Domain) with { Keys = [new("s1", Key.Algorithm, Key.PublicPart)] },
            new(["ip4:127.0.0.1"], "mx.far.test", "link.far.test", null))
            .Where(r => r.Purpose == RecordPurpose.Dkim).Select(r => r.ZoneLine),
    ];

    /// <summary>As another mail server would have signed it.</summary>
    public static byte[] Signed(string text, string to, string domain = Domain)
    {
        var key = new SigningKey(domain, "s1", Key.Algorithm, Key.Pkcs8);
        var at = TimeProvider.System.GetUtcNow();
        return Assert.IsType<ComposedMail>(Composer.Compose(
            new(new("A complaint", text, null, []),
                new(new("", $"ann@{domain}"), [], [], [new([new("", to)], [], [], null, [], [], [])])),
            new MessageFacts(new(SubmissionId.Create(0, at, 1), 0), "", "", at),
            new OutgoingIdentity { SignFor = (_, _) => [key] })).ToBytes();
    }
}
