using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace AkkaMail.Smtp.Signing;

/// <summary>
/// A fresh key: <paramref name="Pkcs8"/> is secret, <paramref name="PublicPart"/> is the <c>p=</c> of its DNS record.
/// </summary>
public sealed record NewKey(DkimAlgorithm Algorithm, byte[] Pkcs8, string PublicPart)
{
    /// <summary>RFC 8301 §3.2: at least 1024, should be 2048; more does not fit one UDP answer.</summary>
    private const int RsaBits = 2048;

    /// <summary>RFC 8410 §7: what stands before the 32 octets of an Ed25519 key in PKCS#8.</summary>
    private static ReadOnlySpan<byte> Ed25519Prefix =>
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65,
        0x70, 0x04, 0x22, 0x04, 0x20];

    public static NewKey Generate(DkimAlgorithm algorithm) =>
        algorithm == DkimAlgorithm.RsaSha256 ? GenerateRsa() : GenerateEd25519();

    private static NewKey GenerateRsa()
    {
        using var rsa = RSA.Create(RsaBits);
        // SubjectPublicKeyInfo, as every verifier expects it (RFC 6376 erratum 3017).
        return new(DkimAlgorithm.RsaSha256, rsa.ExportPkcs8PrivateKey(),
            Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
    }

    private static NewKey GenerateEd25519()
    {
        var secret = RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize);
        var shown = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(secret, 0, shown, 0);
        // RFC 8463 §4: the 32 octets as they are.
        return new(DkimAlgorithm.Ed25519Sha256, [.. Ed25519Prefix, .. secret], Convert.ToBase64String(shown));
    }

    /// <summary>Never the secret, wherever a record is printed.</summary>
    public override string ToString() => $"NewKey {Algorithm} p={PublicPart}";
}
