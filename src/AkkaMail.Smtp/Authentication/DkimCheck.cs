using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Domains;
using MimeKit;
using MimeKit.Cryptography;

namespace AkkaMail.Smtp.Authentication;

/// <summary>Verifies the signatures of a mail (RFC 6376 §6).</summary>
internal sealed class DkimCheck(DnsKeyLocator keys)
{
    /// <summary>Each costs its sender nothing and us a DNS query; real mail has up to four.</summary>
    private const int SignaturesMax = 10;

    /// <summary>RFC 8301 §3.2.</summary>
    private const int RsaBitsMin = 1024;

    private readonly DkimVerifier _verifier = new(keys) { MinimumRsaKeyLength = RsaBitsMin };

    public async Task<ImmutableArray<DkimVerdict>> RunAsync(
        MimeMessage mail, DateTimeOffset now, CancellationToken cancel)
    {
        var verdicts = ImmutableArray.CreateBuilder<DkimVerdict>();
        foreach (var header in mail.Headers.Where(h => h.Id == HeaderId.DkimSignature).Take(SignaturesMax))
            verdicts.Add(await RunAsync(mail, header, now, cancel));
        return verdicts.ToImmutable();
    }

    private async Task<DkimVerdict> RunAsync(
        MimeMessage mail, Header header, DateTimeOffset now, CancellationToken cancel)
    {
        var tags = TagList.Parse(TagList.WithoutSpace(header.Value));
        var verdict = new DkimVerdict(DkimResult.PermError, tags?["d"] ?? "", tags?["s"] ?? "", tags?["a"] ?? "")
        {
            IsPartial = tags?["l"] is not null
                || tags?["h"]?.Split(':').Contains("subject", StringComparer.OrdinalIgnoreCase) is not true,
        };
        if (tags is null) return verdict with { Reason = "unreadable signature" };
        // §3.5, x=: MimeKit leaves it to its caller.
        if (long.TryParse(tags["x"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && expires < now.ToUnixTimeSeconds())
            return verdict with { Result = DkimResult.Fail, Reason = "expired" };
        // RFC 8301 §3.1: rsa-sha1 must not count.
        if (verdict.Algorithm is not ("rsa-sha256" or "ed25519-sha256"))
            return verdict with { Result = DkimResult.Policy, Reason = "unacceptable algorithm" };
        try
        {
            return await _verifier.VerifyAsync(mail, header, cancel)
                ? verdict with { Result = DkimResult.Pass }
                : verdict with { Result = DkimResult.Fail, Reason = "signature or body hash does not match" };
        }
        catch (KeyLookupException e)
        {
            var result = e.IsTemporary ? DkimResult.TempError : DkimResult.PermError;
            return verdict with { Result = result, Reason = e.Message };
        }
        catch (Exception e) when (e is FormatException or ParseException or ArgumentException or InvalidCastException
            or Org.BouncyCastle.Crypto.CryptoException or Org.BouncyCastle.Security.GeneralSecurityException)
        {
            return verdict with { Reason = "unusable signature or key" };
        }
    }
}
