using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Core.Tls;

namespace AkkaMail.Smtp.Tls;

/// <summary>What is wrong with a receiver's certificate, in the words of RFC 8460 §4.3.</summary>
internal static class Certificates
{
    /// <summary>RFC 5280 §4.2.1.12: id-kp-serverAuth.</summary>
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>
    /// Null: valid for the host, in time, from an authority known to the system or <paramref name="roots"/>.
    /// </summary>
    public static TlsResult? Problem(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is null || chain is null) return TlsResult.ValidationFailure;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return TlsResult.CertificateHostMismatch;
        if (roots.Count == 0) return Of(chain);
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        foreach (var element in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build((X509Certificate2)certificate) ? null : Of(own);
    }

    private static TlsResult Of(X509Chain chain)
    {
        var status = X509ChainStatusFlags.NoError;
        foreach (var one in chain.ChainStatus) status |= one.Status;
        return (status & X509ChainStatusFlags.NotTimeValid) != 0 ? TlsResult.CertificateExpired
            : (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
                ? TlsResult.CertificateNotTrusted
            : TlsResult.ValidationFailure;
    }
}
