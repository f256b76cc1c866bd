using AkkaMail.Smtp.Resolving;
using MimeKit;
using MimeKit.Cryptography;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// Asks SPF, DKIM, DMARC and ARC about a mail that came in. Nothing here refuses: every outcome is a value.
/// </summary>
public sealed class InboundAuthentication
{
    private readonly DnsQueries _dns;
    private readonly DkimCheck _dkim;
    private readonly DmarcCheck _dmarc;
    private readonly ArcVerifier _arc;
    private readonly TimeProvider _time;

    public InboundAuthentication(ResolverOptions options, TimeProvider time)
    {
        (_dns, _time) = (new(options), time);
        var keys = new DnsKeyLocator(_dns);
        (_dkim, _dmarc, _arc) = (new(keys), new(_dns), new(keys) { MinimumRsaKeyLength = 1024 });
    }

    /// <param name="octets">
    /// As they came; not to be changed, since look-ups that nobody waits for any more still read them. What is no MIME
    /// at all is a <see cref="FormatException"/>: nobody can have signed it.
    /// </param>
    public async Task<InboundVerdict> EvaluateAsync(byte[] octets, Arrival arrival, CancellationToken cancel)
    {
        var mail = await new MimeParser(ParserOptions.Default, new MemoryStream(octets, writable: false))
            .ParseMessageAsync(cancel);
        return await EvaluateAsync(mail, arrival, cancel);
    }

    /// <param name="mail">Parsed from the octets as they came: a mail made anew has other bytes.</param>
    public async Task<InboundVerdict> EvaluateAsync(MimeMessage mail, Arrival arrival, CancellationToken cancel)
    {
        var spf = await SpfAsync(arrival);
        var dkim = await _dkim.RunAsync(mail, _time.GetUtcNow(), cancel);
        return new(arrival, spf, dkim, await _dmarc.RunAsync(mail, spf, dkim), await ArcAsync(mail, cancel));
    }

    /// <summary>SPF alone, which needs no mail.</summary>
    public Task<SpfVerdict> SpfAsync(Arrival arrival) => SpfCheck.RunAsync(_dns, arrival);

    private async Task<ArcResult> ArcAsync(MimeMessage mail, CancellationToken cancel)
    {
        try
        {
            return (await _arc.VerifyAsync(mail, cancel)).Chain switch
            {
                ArcSignatureValidationResult.Pass => ArcResult.Pass,
                ArcSignatureValidationResult.None => ArcResult.None,
                _ => ArcResult.Fail,
            };
        }
        catch (KeyLookupException e) when (e.IsTemporary) { return ArcResult.TempError; }
        catch (Exception e) when (e is KeyLookupException or FormatException or ParseException or ArgumentException
            or InvalidCastException or Org.BouncyCastle.Crypto.CryptoException
            or Org.BouncyCastle.Security.GeneralSecurityException)
        {
            return ArcResult.Fail;   // RFC 8617 §5.2: what cannot be checked has not held.
        }
    }
}
