using System.Diagnostics;

namespace AkkaMail.Smtp.Tls;

/// <summary>How the encryption of a session went; the failures are RFC 8460 §4.3's result types.</summary>
public enum TlsResult : byte
{
    Successful,
    StartTlsNotSupported,
    CertificateHostMismatch,
    CertificateExpired,
    CertificateNotTrusted,

    /// <summary>Another failure, as of the handshake; also an MX host that is not in the domain's policy.</summary>
    ValidationFailure,

    StsPolicyFetchError,
    StsPolicyInvalid,

    /// <summary>The policy's web server has no valid certificate.</summary>
    StsWebPkiInvalid,
}

public static class TlsResults
{
    /// <summary>As RFC 8460 §4.3 spells it.</summary>
    public static string ToWord(this TlsResult result) => result switch
    {
        TlsResult.Successful => "successful",
        TlsResult.StartTlsNotSupported => "starttls-not-supported",
        TlsResult.CertificateHostMismatch => "certificate-host-mismatch",
        TlsResult.CertificateExpired => "certificate-expired",
        TlsResult.CertificateNotTrusted => "certificate-not-trusted",
        TlsResult.ValidationFailure => "validation-failure",
        TlsResult.StsPolicyFetchError => "sts-policy-fetch-error",
        TlsResult.StsPolicyInvalid => "sts-policy-invalid",
        TlsResult.StsWebPkiInvalid => "sts-webpki-invalid",
        _ => throw new UnreachableException($"{result}"),
    };

    /// <summary>Whether it is the certificate that is at fault: the session is encrypted all the same.</summary>
    public static bool IsCertificate(this TlsResult result) =>
        result is TlsResult.CertificateHostMismatch or TlsResult.CertificateExpired or TlsResult.CertificateNotTrusted;
}
