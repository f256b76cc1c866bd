using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Requests, the simplest that will do.</summary>
internal static class Mails
{
    public static object To(params string[] recipients) =>
        new { from = "Shop <shop@sender.test>", to = recipients, subject = "Receipt", text = "Thank you!\n" };

    public static object Tagged(string tag, params string[] recipients) =>
        new { from = "shop@sender.test", to = recipients, subject = "Receipt", text = "Thanks!", tags = new[] { tag } };

    /// <summary>A word that no other test uses.</summary>
    public static string Unique(string prefix) => prefix + Guid.NewGuid().ToString("N")[..10];

    /// <param name="alias">Another name of the host, which those who trust it believe as well.</param>
    public static X509Certificate2 Certificate(string host = "sink.test", string? alias = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (alias is not null) names.AddDnsName(alias);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
