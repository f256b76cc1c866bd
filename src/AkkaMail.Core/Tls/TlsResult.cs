using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tls;

/// <summary>How the encryption of a session went; the failures are RFC 8460 §4.3's result types.</summary>
public enum TlsResult : byte
{
    [Word("successful")] Successful,
    [Word("starttls-not-supported")] StartTlsNotSupported,
    [Word("certificate-host-mismatch")] CertificateHostMismatch,
    [Word("certificate-expired")] CertificateExpired,
    [Word("certificate-not-trusted")] CertificateNotTrusted,

    /// <summary>Another failure, as of the handshake; also an MX host that is not in the domain's policy.</summary>
    [Word("validation-failure")] ValidationFailure,

    [Word("sts-policy-fetch-error")] StsPolicyFetchError,
    [Word("sts-policy-invalid")] StsPolicyInvalid,

    /// <summary>The policy's web server has no valid certificate.</summary>
    [Word("sts-webpki-invalid")] StsWebPkiInvalid,
}

public static class TlsResults
{
    /// <summary>Whether it is the certificate that is at fault: the session is encrypted all the same.</summary>
    public static bool IsCertificate(this TlsResult result) =>
        result is TlsResult.CertificateHostMismatch or TlsResult.CertificateExpired or TlsResult.CertificateNotTrusted;
}
