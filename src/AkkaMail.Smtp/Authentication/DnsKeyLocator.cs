using AkkaMail.Smtp.Resolving;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace AkkaMail.Smtp.Authentication;

/// <summary>Gives MimeKit's verifiers the keys DNS has.</summary>
internal sealed class DnsKeyLocator(DnsQueries dns) : DkimPublicKeyLocatorBase
{
    public override async Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
        string methods, string domain, string selector, CancellationToken cancellationToken = default)
    {
        var reply = await dns.Txt($"{selector}._domainkey.{domain}");
        if (reply.Outcome == DnsOutcome.Fault) throw new KeyLookupException(reply.Problem!, isTemporary: true);
        // RFC 6376 §3.6.2.2: with several the result is undefined; the first is what most take.
        if (reply.Records.Count == 0) throw new KeyLookupException("no key in DNS", isTemporary: false);
        return GetPublicKey(string.Concat(reply.Records[0].Text));
    }

    public override AsymmetricKeyParameter LocatePublicKey(
        string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("DNS is asked without holding a thread.");
}

/// <summary>There is no key to verify with, now or at all.</summary>
internal sealed class KeyLookupException(string reason, bool isTemporary) : Exception(reason)
{
    public bool IsTemporary => isTemporary;
}
