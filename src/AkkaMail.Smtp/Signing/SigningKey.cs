using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Org.BouncyCastle.Security;

namespace AkkaMail.Smtp.Signing;

/// <summary>
/// A private key, parsed once: keep it, parsing costs more than signing. Any number of threads may sign with it.
/// </summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>Octets of the digest that is signed (SHA-256).</summary>
    internal const int DigestSize = 32;

    private readonly RSA? _rsa;
    private readonly Ed25519PrivateKeyParameters? _ed25519;

    /// <param name="domain">In A-labels.</param>
    /// <param name="pkcs8">DER, not encrypted (RFC 5208; Ed25519 by RFC 8410).</param>
    public SigningKey(string domain, string selector, DkimAlgorithm algorithm, ReadOnlySpan<byte> pkcs8)
    {
        (Domain, Selector, Algorithm) = (domain, selector, algorithm);
        if (algorithm == DkimAlgorithm.Ed25519Sha256)
        {
            _ed25519 = PrivateKeyFactory.CreateKey(pkcs8.ToArray()) as Ed25519PrivateKeyParameters
                ?? throw new CryptographicException("This is no Ed25519 key.");
            return;
        }
        // On Unix this is OpenSSL: 25 times as fast as BouncyCastle's RSA, which MimeKit's signer would take.
        _rsa = RSA.Create();
        _rsa.ImportPkcs8PrivateKey(pkcs8, out _);
    }

    /// <summary>d= of RFC 6376 §3.5.</summary>
    public string Domain { get; }

    /// <summary>s= of RFC 6376 §3.5.</summary>
    public string Selector { get; }

    public DkimAlgorithm Algorithm { get; }

    internal string AlgorithmTag => Algorithm == DkimAlgorithm.RsaSha256 ? "rsa-sha256" : "ed25519-sha256";

    /// <summary>The same signature for the same digest, always: neither scheme draws a number.</summary>
    internal byte[] Sign(byte[] digest)
    {
        if (_rsa is not null) return _rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var signature = new byte[Ed25519.SignatureSize];
        // RFC 8463 §3: PureEdDSA over the SHA-256 of the header data.
        _ed25519!.Sign(Ed25519.Algorithm.Ed25519, null, digest, 0, digest.Length, signature, 0);
        return signature;
    }

    public void Dispose() => _rsa?.Dispose();
}
